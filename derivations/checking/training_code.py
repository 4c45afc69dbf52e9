"""What no chapter derives of the training code is held against the definitions, in numbers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import netcode
from derivations.checking.against_netcode import EPS, TOLERANCE, problem
from derivations.proofs.claims import Claim, Outcome
from derivations.proofs.counterexample import ValueMismatch
from derivations.proofs.decision import Decision
from derivations.proofs.statement import Statement
from netcode import data, deep_network, network
from netcode.gradients import numeric, reference
from netcode.gradients.rounding import rounding_scale
from netcode.problem import Problem
from netcode.training.gradient_descent import GradientDescent
from netcode.training.training_step import TrainingStep

__all__ = ["CodeCheck", "code_checks"]

RATE = 0.5

Comparison = tuple[Any, Any, Any]
"""What is given, what is expected, and the scale of the error."""


class CodeCheck(Statement):
    """A statement about a function of netcode, checked by a comparison of numbers."""

    def __init__(
        self, name: str, title: str, formula: str, function: Callable[..., Any], decide: Callable[[], Decision]
    ):
        super().__init__(title)
        self.name, self.formula, self.function, self.decide = name, formula, function, decide

    @property
    def id(self) -> str:
        """`netcode.` and the name."""
        return f"netcode.{self.name}"

    def claims(self) -> list[Claim]:
        """The one claim, at the function's own line."""
        file = Path(inspect.getsourcefile(self.function) or "").relative_to(Path(netcode.__file__).parents[1])
        _, line = inspect.getsourcelines(self.function)
        return [Claim(self.id, self.formula, f"{file.as_posix()}:{line}", self.decide)]

    def latex(self) -> str:
        """The formula that the function follows."""
        return self.formula

    def text(self) -> str:
        """The title."""
        return f"{self.id}: {self.title}"

    def _confirmed(self, outcomes: list[Outcome]) -> str:
        return outcomes[0].decision.verdict


def _within(
    what: str,
    pairs: Iterable[Comparison],
    tolerance: float,
    sizes: dict[str, int],
) -> Decision:
    """Compare (given, expected, scale) triples: each entry's error is at most `tolerance` times its scale."""
    worst, compared = 0.0, 0
    for given, expected, scale in pairs:
        given, expected, scale = np.broadcast_arrays(given, expected, scale)
        error = np.abs(given - expected) / np.where(scale > 0, scale, np.finfo(np.float64).tiny)
        worst = float(np.max([worst, np.max(error)]))  # NaN if there is one
        compared += error.size
        if not worst <= tolerance:
            place = tuple(int(k) for k in np.unravel_index(int(np.argmax(error)), error.shape))
            at = {f"axis {axis}": k for axis, k in enumerate(place)}
            found = ValueMismatch(sizes, at, {"comparison": what}, float(given[place]), float(expected[place]))
            return Decision("refuted", sizes, worst, tolerance, found)
    return Decision("cross-checked", sizes, worst, tolerance, compared=compared)


def _sizes(case: Problem) -> dict[str, int]:
    n, m = case.X.shape
    C, h = case.parameters.W2.shape
    return {"C": C, "h": h, "m": m, "n": n}


def _update() -> Decision:
    case = problem("random")
    forward = netcode.forward(case.X, case.parameters)
    gradients = netcode.backward(case.X, case.Y, case.parameters, forward, case.lam)
    updated = netcode.update(case.parameters, gradients, RATE)
    moved = [
        (after, before - RATE * getattr(gradients, f"d{name}"), np.abs(before) + RATE)
        for name, before, after in zip(case.parameters._fields, case.parameters, updated, strict=True)
    ]
    return _within("update", moved, TOLERANCE, _sizes(case))


def _training_step(block: int) -> Decision:
    case = problem("random")
    Y = case.Y
    step = TrainingStep(case.parameters, RATE, case.lam, block=block)
    loss = step(case.X, Y, with_loss=True)
    forward = netcode.forward(case.X, case.parameters)
    gradients = netcode.backward(case.X, Y, case.parameters, forward, case.lam)
    updated = netcode.update(case.parameters, gradients, RATE)
    scales = rounding_scale(case.X, Y, case.parameters, case.lam)
    expected_loss = netcode.loss(forward.Z2, Y, case.parameters, case.lam)
    compared: list[Comparison] = [
        (fast, plain, np.abs(before) + RATE * scale)
        for fast, plain, before, scale in zip(step.parameters, updated, case.parameters, scales, strict=True)
    ]
    return _within("step", [*compared, (loss or 0.0, expected_loss, expected_loss)], TOLERANCE, _sizes(case))


def _loss() -> Decision:
    case = problem("random")
    Y = case.Y
    given = netcode.loss(netcode.forward(case.X, case.parameters).Z2, Y, case.parameters, case.lam)
    exact = float(reference.reference_loss(case.X, Y, case.parameters, case.lam))
    return _within("loss", [(given, exact, exact)], TOLERANCE, _sizes(case))


def _gradient() -> Decision:
    case = problem("random")
    Y = case.Y
    backward = netcode.backward(case.X, Y, case.parameters, netcode.forward(case.X, case.parameters), case.lam)
    exact = reference.reference_gradient(case.X, Y, case.parameters, case.lam)
    scales = rounding_scale(case.X, Y, case.parameters, case.lam)._asdict()
    compared: list[Comparison] = [
        (reference.errors(getattr(backward, f"d{name}"), exact[f"d{name}"]), 0.0, scale)
        for name, scale in scales.items()
    ]
    return _within("gradient", compared, TOLERANCE, _sizes(case))


def _numeric_gradient(method: numeric.Method, data_name: str) -> Decision:
    case = problem(data_name)
    Y = case.Y
    backward = netcode.backward(case.X, Y, case.parameters, netcode.forward(case.X, case.parameters), case.lam)
    found = netcode.check_gradient(case.X, Y, case.parameters, backward, case.lam, method)
    normwise = max(check.normwise for check in found.checks)
    tolerance = max(check.tolerance for check in found.checks)
    if found.ok:
        compared = sum(np.size(getattr(backward, check.name)) for check in found.checks)
        return Decision("cross-checked", _sizes(case), normwise, tolerance, compared=compared)
    return Decision("refuted", _sizes(case), normwise, tolerance, reason=str(found).replace("\n", ";"))


def _deep_network() -> Decision:
    """Each array of the general network at L = 2, and its step, against the two-layer network's."""
    X, Y, parameters, lam = problem("random")
    plain, deep = network.forward(X, parameters), deep_network.forward(X, parameters)
    backward = network.backward(X, Y, parameters, plain, lam)
    general = deep_network.backward(X, Y, parameters, deep, lam)
    moved = network.update(parameters, backward, RATE)
    pairs = [
        (deep.Z[1], plain.Z1),
        (deep.A[1], plain.A1),
        (deep.Z[2], plain.Z2),
        (deep.P, plain.P),
        (general.dZ[2], backward.dZ2),
        (general.dA[1], backward.dA1),
        (general.dZ[1], backward.dZ1),
        *zip(general.gradient, backward.gradient, strict=True),
        (deep_network.loss(deep.Z[2], Y, parameters, lam), network.loss(plain.Z2, Y, parameters, lam)),
        *zip(deep_network.update(parameters, general.gradient, RATE), moved, strict=True),
        *zip(deep_network.initialize((3, 5, 4), seed=0), network.initialize(3, 5, 4, seed=0), strict=True),
    ]
    return _within("L = 2", [(one, other, 0.0) for one, other in pairs], 0.0, _sizes(problem("random")))


def _initialize() -> Decision:
    """The sample variance of N normal numbers is farther than 6 sqrt(2 / N) from the true one once in 10**9 times."""
    n, h, C = 300, 200, 400
    W1, b1, W2, b2 = netcode.initialize(n, h, C, seed=0)
    compared: list[Comparison] = [
        (np.var(W1), 2 / n, 6 * np.sqrt(2 / W1.size) * 2 / n),
        (np.var(W2), 2 / h, 6 * np.sqrt(2 / W2.size) * 2 / h),
        (np.abs(b1).max() + np.abs(b2).max(), 0.0, 1.0),
    ]
    return _within("variance", compared, 1.0, {"n": n, "h": h, "C": C})


def _gradient_descent() -> Decision:
    """Twenty updates as one would write them down, against the iteration; both round, and the difference grows."""
    case, updates = problem("random"), 20
    Y, parameters = case.Y, case.parameters
    losses = []
    for _ in range(updates):
        forward = netcode.forward(case.X, parameters)
        losses.append(netcode.loss(forward.Z2, Y, parameters, case.lam))
        gradients = netcode.backward(case.X, Y, parameters, forward, case.lam)
        parameters = netcode.update(parameters, gradients, RATE)
    descent = netcode.GradientDescent(case.X, Y, case.parameters, learning_rate=RATE, lam=case.lam, updates=updates)
    found = list(descent)
    compared: list[Comparison] = [
        (found, losses, np.abs(losses)) if len(found) == updates else (len(found), updates, 1.0)
    ]
    compared += [(a, b, 1 + np.abs(b)) for a, b in zip(descent.parameters, parameters, strict=True)]
    return _within("descent", compared, 1e-12, _sizes(case))


def _classifier() -> Decision:
    """On the spiral, rows in and rows out: the probabilities are the network's, and nearly all labels are found."""
    rows, y = data.spiral()
    names = np.array(["c", "a", "b"])[y]
    model = netcode.Classifier(updates=2000).fit(rows, names)
    P = netcode.forward(rows.T, model.parameters_).P
    right = np.mean(model.classes_[P.argmax(axis=0)] == names)
    compared: list[Comparison] = [
        (model.predict_proba(rows), P.T, P.T),
        (model.score(rows, names), right, 1.0),
        (max(0.95 - right, 0.0), 0.0, 1.0),
    ]
    return _within("classifier", compared, TOLERANCE, {"m": len(y), "n": 2, "h": 25, "C": 3})


def _spiral() -> Decision:
    """Each point's radius is exact; its angle less the arm's is noise of the stated size, by the same 6 deviations."""
    rows, y = data.spiral(points_per_class=400, classes=3, noise=0.2)
    r = np.tile(np.linspace(0, 1, 400), 3)
    arm = np.linspace(4 * np.arange(3), 4 * np.arange(1, 4), 400, axis=1).ravel()
    moved = np.angle((rows[:, 1] + 1j * rows[:, 0]) * np.exp(-1j * arm))[r > 0]
    compared: list[Comparison] = [
        (np.hypot(*rows.T), r, 64 * EPS),
        (np.mean(moved), 0.0, 6 * 0.2 / np.sqrt(moved.size)),
        (np.var(moved), 0.2**2, 6 * np.sqrt(2 / moved.size) * 0.2**2),
        (y, np.repeat([0, 1, 2], 400), 1.0),
    ]
    return _within("spiral", compared, 1.0, {"m": len(y), "n": 2, "C": 3})


def code_checks() -> dict[str, Statement]:
    """The statements about netcode, by id."""
    rate = r"\theta \leftarrow \theta - \eta \, d\theta"
    central, stepwise = numeric.central_differences, numeric.complex_step
    limits = r"\left(J(\theta + s) - J(\theta - s)\right) / 2s", r"\operatorname{Im} J(\theta + i s) / s"
    checks = [
        CodeCheck(
            "initialize",
            "The weights' variance is 2 over the number of inputs, the biases are 0",
            r"\operatorname{Var} W^{[1]} = 2/n, \; \operatorname{Var} W^{[2]} = 2/h",
            network.initialize,
            _initialize,
        ),
        CodeCheck("loss", "The loss agrees with 50 digits", "J = L + R", network.loss, _loss),
        CodeCheck("gradient", "The gradient agrees with 50 digits", r"d\theta = \nabla J", network.backward, _gradient),
        CodeCheck(
            "deep_network",
            "The network of any depth is, at two layers, the one that the chapters derive",
            r"Z^{[l]} = W^{[l]} A^{[l-1]} + b^{[l]}",
            deep_network.backward,
            _deep_network,
        ),
        CodeCheck("update", "A step against the gradient", rate, network.update, _update),
        CodeCheck(
            "training_step", "The fast step is the plain one", rate, TrainingStep.__call__, partial(_training_step, 464)
        ),
        CodeCheck(
            "training_step_in_blocks",
            "The fast step is the plain one, in blocks of columns",
            rate,
            TrainingStep.__call__,
            partial(_training_step, 3),
        ),
        CodeCheck(
            "gradient_descent", "The iteration makes these steps", rate, GradientDescent.__iter__, _gradient_descent
        ),
        CodeCheck(
            "classifier",
            "The estimator's probabilities are the network's, and it learns the spiral",
            r"\operatorname{argmax}_c P_{ci}",
            netcode.Classifier.predict_proba,
            _classifier,
        ),
        CodeCheck(
            "spiral",
            "The spiral's points are on their arms",
            r"x = \left(r \sin t, \; r \cos t\right)",
            data.spiral,
            _spiral,
        ),
        *[
            CodeCheck(
                f"{method.__name__}_on_{data.partition(',')[0]}",
                f"The gradient agrees with {method.__name__.replace('_', ' ')} on the {data} data",
                rf"d\theta \approx {formula}",
                method,
                partial(_numeric_gradient, method, data),
            )
            for method, formula in zip((central, stepwise), limits, strict=True)
            for data in ("random", "spiral, initial")
        ],
    ]
    return {check.id: check for check in checks}
