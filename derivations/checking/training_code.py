"""What no chapter derives of the training code is held against the definitions, in numbers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import netcode
from derivations.calculus.decide import Decision
from derivations.calculus.equation import ValueMismatch
from derivations.checking.against_netcode import TOLERANCE, Problem, problem
from derivations.claim import Claim, Statement
from netcode import gradient_check, network, reference
from netcode.training_step import TrainingStep

__all__ = ["CodeCheck", "code_checks"]

RATE = 0.5


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
        file = Path(inspect.getsourcefile(self.function) or "").name
        _, line = inspect.getsourcelines(self.function)
        return [Claim(self.id, self.formula, f"netcode/{file}:{line}", self.decide)]

    def latex(self) -> str:
        """The formula that the function follows."""
        return self.formula

    def text(self) -> str:
        """The title and the verdict."""
        return f"{self.id}: {self.title}\n  {self.decide().verdict}"


def _targets(data: Problem) -> npt.NDArray[Any]:
    return netcode.one_hot(data.y, int(data.y.max()) + 1)


def _within(
    what: str,
    pairs: Iterable[tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike]],
    tolerance: float,
    sizes: dict[str, int],
) -> Decision:
    """Compare (given, expected, scale) triples: each entry's error is at most `tolerance` times its scale."""
    worst = 0.0
    for given, expected, scale in pairs:
        given, expected, scale = np.broadcast_arrays(given, expected, scale)
        error = np.abs(given - expected) / np.where(scale > 0, scale, np.finfo(np.float64).tiny)
        worst = max(worst, float(np.max(error)))
        if not worst <= tolerance:
            place = tuple(int(k) for k in np.unravel_index(int(np.argmax(error)), error.shape))
            at = {f"axis {axis}": k for axis, k in enumerate(place)}
            found = ValueMismatch(sizes, at, {"comparison": what}, float(given[place]), float(expected[place]))
            return Decision("refuted", sizes, worst, tolerance, found)
    return Decision("cross-checked", sizes, worst, tolerance)


def _sizes(data: Problem) -> dict[str, int]:
    n, m = data.X.shape
    C, h = data.parameters.W2.shape
    return {"C": C, "h": h, "m": m, "n": n}


def _update() -> Decision:
    data = problem("random")
    forward = netcode.forward(data.X, data.parameters)
    gradients = netcode.backward(data.X, _targets(data), data.parameters, forward, data.lam)
    updated = netcode.update(data.parameters, gradients, RATE)
    moved = [
        (after, before - RATE * getattr(gradients, f"d{name}"), np.abs(before) + RATE)
        for name, before, after in zip(data.parameters._fields, data.parameters, updated, strict=True)
    ]
    return _within("update", moved, TOLERANCE, _sizes(data))


def _training_step(block: int) -> Decision:
    data = problem("random")
    Y = _targets(data)
    step = TrainingStep(data.parameters, RATE, data.lam, block=block)
    loss = step(data.X, Y, with_loss=True)
    forward = netcode.forward(data.X, data.parameters)
    gradients = netcode.backward(data.X, Y, data.parameters, forward, data.lam)
    updated = netcode.update(data.parameters, gradients, RATE)
    scales = gradient_check.magnitudes(data.X, Y, data.parameters, data.lam)
    expected_loss = netcode.loss(forward.Z2, Y, data.parameters, data.lam)
    compared = [
        (fast, plain, np.abs(before) + RATE * scale)
        for fast, plain, before, scale in zip(step.parameters, updated, data.parameters, scales, strict=True)
    ]
    return _within("step", [*compared, (loss or 0.0, expected_loss, expected_loss)], TOLERANCE, _sizes(data))


def _loss() -> Decision:
    data = problem("random")
    Y = _targets(data)
    given = netcode.loss(netcode.forward(data.X, data.parameters).Z2, Y, data.parameters, data.lam)
    exact = float(reference.reference_loss(data.X, Y, data.parameters, data.lam))
    return _within("loss", [(given, exact, exact)], TOLERANCE, _sizes(data))


def _gradient() -> Decision:
    data = problem("random")
    Y = _targets(data)
    backward = netcode.backward(data.X, Y, data.parameters, netcode.forward(data.X, data.parameters), data.lam)
    exact = reference.reference_gradient(data.X, Y, data.parameters, data.lam)
    scales = gradient_check.magnitudes(data.X, Y, data.parameters, data.lam)._asdict()
    compared = [
        (reference.errors(getattr(backward, f"d{name}"), exact[f"d{name}"]), 0.0, scale)
        for name, scale in scales.items()
    ]
    return _within("gradient", compared, TOLERANCE, _sizes(data))


def _numeric_gradient(method: gradient_check.Method, data_name: str) -> Decision:
    data = problem(data_name)
    Y = _targets(data)
    backward = netcode.backward(data.X, Y, data.parameters, netcode.forward(data.X, data.parameters), data.lam)
    found = netcode.check_gradient(data.X, Y, data.parameters, backward, data.lam, method)
    normwise = max(check.normwise for check in found.checks)
    tolerance = max(check.tolerance for check in found.checks)
    if found.ok:
        return Decision("cross-checked", _sizes(data), normwise, tolerance)
    return Decision("refuted", _sizes(data), normwise, tolerance, reason=str(found).replace("\n", ";"))


def _initialize() -> Decision:
    """The sample variance of N normal numbers is farther than 6 sqrt(2 / N) from the true one once in 10**9 times."""
    n, h, C = 300, 200, 400
    W1, b1, W2, b2 = netcode.initialize(n, h, C, seed=0)
    compared = [
        (np.var(W1), 2 / n, 6 * np.sqrt(2 / W1.size) * 2 / n),
        (np.var(W2), 2 / h, 6 * np.sqrt(2 / W2.size) * 2 / h),
        (np.abs(b1).max() + np.abs(b2).max(), 0.0, 1.0),
    ]
    return _within("variance", compared, 1.0, {"n": n, "h": h, "C": C})


def code_checks() -> dict[str, Statement]:
    """The statements about netcode, by id."""
    rate = r"\theta \leftarrow \theta - \eta \, d\theta"
    central, stepwise = gradient_check.central_differences, gradient_check.complex_step
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
