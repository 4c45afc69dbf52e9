"""Is a gradient right? It is compared with derivatives computed from the loss alone, in two independent ways.

A kink of ReLU is what a naive check stumbles over: where a preactivation is 0, or so near to 0 that the step crosses
it, the slopes on the two sides differ, and a difference quotient is a mixture of both. At such an entry the quotient is
taken on the side where the point itself lies (a preactivation of exactly 0 counts as not active: ReLU'(0) = 0), by
holding the set of active units fixed. So no entry goes unchecked; the report tells how many were treated in this way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from netcode.network import Backward, Parameters, forward, loss
from netcode.shapes import Array, Bool, Float, Shaped

STEP = 1e-5  # for a score that changes by it, truncation and rounding errors are both near 1e-10 of the gradient
EPSILON = float(np.finfo(np.float64).eps)


class Gradients(NamedTuple):
    """A gradient to be checked, as anyone may have computed it: even the shapes may be wrong."""

    dW1: Array
    db1: Array
    dW2: Array
    db2: Array


class Entries(NamedTuple):
    """A number, or a truth value, for each entry of each parameter."""

    W1: Shaped[Array, "h n"]
    b1: Shaped[Array, "h 1"]
    W2: Shaped[Array, "C h"]
    b2: Shaped[Array, "C 1"]


class Derivatives(NamedTuple):
    """Numeric derivatives of the loss, how far from a right gradient they may be, and where a kink was in the way."""

    values: Entries
    tolerances: Entries
    kinks: Entries


Method = Callable[[Float[Array, "n m"], Float[Array, "C m"], Parameters, float], Derivatives]


class ParameterCheck(NamedTuple):
    """How the gradient of one parameter compares with the numeric one."""

    name: str
    error: float
    """The largest difference of an entry; infinite if shapes differ."""
    tolerance: float
    """What is allowed to the entry that is the worst in proportion to what it is allowed."""
    worst: tuple[int, ...]
    """The place of that entry, (row, column)."""
    normwise: float
    """The norm of the difference, divided by the norm of the numeric gradient."""
    kinks: int
    """The number of entries where the step meets a kink."""
    problem: str
    """Why the gradient is wrong, in a line; empty if it is right."""


class GradientCheck(NamedTuple):
    """The comparison for all four parameters."""

    method: str
    checks: tuple[ParameterCheck, ...]

    @property
    def ok(self) -> bool:
        """Whether every entry of every gradient is within its tolerance."""
        return not any(check.problem for check in self.checks)

    @property
    def kinks(self) -> int:
        """The number of entries where the step meets a kink."""
        return sum(check.kinks for check in self.checks)

    def __str__(self) -> str:
        lines = [
            f"{self.method}: the gradient is {'right' if self.ok else 'wrong'}",
            *(
                f"  {check.name}: {check.problem or 'right'}, normwise error {check.normwise:.1e}"
                for check in self.checks
            ),
        ]
        if self.kinks:
            lines.append(f"  {self.kinks} entries meet a kink of ReLU: differentiated with the active units held fixed")
        return "\n".join(lines)


def check_gradient(
    X: Float[Array, "n m"],
    Y: Float[Array, "C m"],
    parameters: Parameters,
    gradients: Backward | Gradients,
    lam: float,
    method: Method | None = None,
) -> GradientCheck:
    """Compare given gradients of the loss with those by a method: `central_differences` (default) or `complex_step`.

    All is computed in float64, whatever the dtype given. A gradient of another shape than its parameter's is wrong; it
    is never broadcast.
    """
    method = method or central_differences
    X, Y = np.asarray(X, np.float64), np.asarray(Y, np.float64)
    parameters = Parameters(*(np.asarray(parameter, np.float64) for parameter in parameters))
    derivatives = method(X, Y, parameters, lam)
    checks = (
        _compare(f"d{name}", np.asarray(getattr(gradients, f"d{name}")), *(getattr(part, name) for part in derivatives))
        for name in Parameters._fields
    )
    return GradientCheck(method.__name__.replace("_", " "), tuple(checks))


def central_differences(
    X: Float[Array, "n m"], Y: Float[Array, "C m"], parameters: Parameters, lam: float
) -> Derivatives:
    """(L(v + s) - L(v - s)) / 2s for each entry v of each parameter, L being the network's own loss.

    The step s is 1e-5, or less where the scores would change by more than 1e-5. What an entry may deviate by:
    the truncation error, which is of the order of 1e-10 of the sum of the magnitudes of the gradient's terms, and the
    rounding error of L divided by s.
    """
    Z1, A1, Z2, _ = forward(X, parameters)
    steps = _steps(X, A1, parameters)
    kinks = _kinks(X, Z1, parameters, steps)
    active = Z1 > 0

    def smooth_loss(moved: Parameters) -> float:
        return loss(_scores(X, Entries(*moved), active), Y, moved, lam)

    def whole_loss(moved: Parameters) -> float:
        return loss(forward(X, moved).Z2, Y, moved, lam)

    values = Entries(*(np.empty(parameter.shape) for parameter in parameters))
    for name, place in _entries(parameters):
        L = smooth_loss if getattr(kinks, name)[place] else whole_loss
        s = getattr(steps, name)[place]
        above, below = (_moved(getattr(parameters, name), place, step) for step in (s, -s))
        rise = L(parameters._replace(**{name: above})) - L(parameters._replace(**{name: below}))
        getattr(values, name)[place] = rise / (above - below)[place]  # 2s as it is after rounding

    size = rounding_scale_of_scores(X, parameters) + abs(loss(Z2, Y, parameters, lam))
    tolerances = (
        10 * STEP**2 * magnitude + 8 * EPSILON * size / step
        for magnitude, step in zip(rounding_scale(X, Y, parameters, lam), steps, strict=True)
    )
    return Derivatives(values, Entries(*tolerances), kinks)


def complex_step(X: Float[Array, "n m"], Y: Float[Array, "C m"], parameters: Parameters, lam: float) -> Derivatives:
    """Im L(v + i s) / s for each entry v of each parameter, at s = 1e-30: no difference is taken, so nothing cancels.

    (Squire and Trapp, "Using Complex Variables to Estimate Derivatives of Real Functions", 1998.) An entry may deviate
    by 16 epsilon of the sum of the magnitudes of the gradient's terms, 8 for each of the two gradients compared; where
    scores are large, their rounding errors, which are relative errors of the probabilities, come on top.
    """
    Z1 = forward(X, parameters).Z1
    active = Z1 > 0
    s = 1e-30
    values = Entries(*(np.empty(parameter.shape) for parameter in parameters))
    for name, place in _entries(parameters):
        moved = Entries(*parameters)._replace(**{name: _moved(getattr(parameters, name), place, 1j * s)})
        W1, _, W2, _ = moved
        L = _complex_cross_entropy(_scores(X, moved, active), Y) + lam / 2 * (np.sum(W1**2) + np.sum(W2**2))
        getattr(values, name)[place] = L.imag / s
    factor = 16 * EPSILON * (1 + rounding_scale_of_scores(X, parameters))
    underflow = np.finfo(np.float64).tiny / s
    tolerances = Entries(*(factor * magnitude + underflow for magnitude in rounding_scale(X, Y, parameters, lam)))
    no_steps = Entries(*(np.zeros(parameter.shape) for parameter in parameters))
    return Derivatives(values, tolerances, _kinks(X, Z1, parameters, no_steps))


def rounding_scale(X: Float[Array, "n m"], Y: Float[Array, "C m"], parameters: Parameters, lam: float) -> Entries:
    """For each entry of the gradient, its formula with every term's absolute value.

    It is the scale of the entry's rounding error, which the entry itself isn't: its terms may cancel.
    """
    _, m = X.shape
    W1, b1, W2, _ = (np.abs(parameter) for parameter in parameters)
    Z1, _, _, P = forward(X, parameters)
    active = Z1 > 0
    A1 = (W1 @ np.abs(X) + b1) * active
    dZ2 = (P + Y) / m
    dZ1 = (W2.T @ dZ2) * active
    return Entries(
        W1=dZ1 @ np.abs(X).T + lam * W1,
        b1=dZ1.sum(axis=1, keepdims=True),
        W2=dZ2 @ A1.T + lam * W2,
        b2=dZ2.sum(axis=1, keepdims=True),
    )


def rounding_scale_of_scores(X: Float[Array, "n m"], parameters: Parameters) -> float:
    """The largest score if all its terms had their absolute values: the scale of the scores' rounding errors."""
    W1, b1, W2, b2 = (np.abs(parameter) for parameter in parameters)
    return float((W2 @ (W1 @ np.abs(X) + b1) + b2).max())


def _compare(name: str, given: Array, numeric: Array, tolerances: Array, kinks: Array) -> ParameterCheck:
    if given.shape != numeric.shape:
        problem = f"shape {given.shape}; expected {numeric.shape}"
        return ParameterCheck(name, np.inf, 0.0, (), np.inf, int(kinks.sum()), problem)
    errors = np.abs(given - numeric)
    excess = np.where(np.isnan(errors), np.inf, errors) / tolerances
    worst = tuple(int(i) for i in np.unravel_index(excess.argmax(), excess.shape))
    tolerance = float(tolerances[worst])
    wrong = f"{given[worst]:.6g} at {worst}; expected {numeric[worst]:.6g} within {tolerance:.1e}"
    return ParameterCheck(
        name=name,
        error=float(errors.max()),
        tolerance=tolerance,
        worst=worst,
        normwise=float(np.linalg.norm(errors) / max(np.linalg.norm(numeric), np.finfo(np.float64).tiny)),
        kinks=int(kinks.sum()),
        problem="" if excess[worst] <= 1 else wrong,
    )


def _steps(X: Float[Array, "n m"], A1: Float[Array, "h m"], parameters: Parameters) -> Entries:
    """For each entry, the step that changes no score by more than STEP; at most STEP."""
    W1, b1, W2, b2 = parameters
    reach = np.abs(W2).max(axis=0)[:, np.newaxis]
    return Entries(
        W1=STEP / np.maximum(1, np.maximum(1, reach) * np.abs(X).max(axis=1) * np.ones(W1.shape)),
        b1=STEP / np.maximum(1, reach * np.ones(b1.shape)),
        W2=STEP / np.maximum(1, A1.max(axis=1) * np.ones(W2.shape)),
        b2=STEP * np.ones(b2.shape),
    )


def _kinks(X: Float[Array, "n m"], Z1: Float[Array, "h m"], parameters: Parameters, steps: Entries) -> Entries:
    """For each entry, whether its step, up or down, takes a preactivation to 0 or past it, or away from 0."""
    W1 = [
        np.any((np.abs(z) <= step[:, np.newaxis] * np.abs(X)) & (X != 0), axis=1)
        for z, step in zip(Z1, steps.W1, strict=True)
    ]
    return Entries(
        W1=np.array(W1),
        b1=np.any(np.abs(Z1) <= steps.b1, axis=1, keepdims=True),
        W2=np.zeros(parameters.W2.shape, bool),  # W2 and b2 move no preactivation
        b2=np.zeros(parameters.b2.shape, bool),
    )


def _entries(parameters: Parameters) -> Iterator[tuple[str, tuple[int, ...]]]:
    for name, parameter in parameters._asdict().items():
        for place in np.ndindex(parameter.shape):
            yield name, place


def _moved(parameter: Array, place: tuple[int, ...], step: complex) -> Array:
    """A copy of the parameter, one entry of which is moved by the step."""
    moved = parameter.astype(np.result_type(parameter, type(step)))
    moved[place] += step
    return moved


def _scores(X: Float[Array, "n m"], parameters: Entries, active: Bool[Array, "h m"]) -> Shaped[Array, "C m"]:
    """The scores Z2 if the active units are these, whatever the signs of the preactivations."""
    W1, b1, W2, b2 = parameters
    return W2 @ ((W1 @ X + b1) * active) + b2


def _complex_cross_entropy(Z2: Shaped[Array, "C m"], Y: Float[Array, "C m"]) -> Any:
    """The mean cross-entropy, its complex continuation: the shift that prevents overflow is a real number."""
    Z2 = Z2 - Z2.real.max(axis=0)
    return np.mean(np.log(np.exp(Z2).sum(axis=0)) - (Y * Z2).sum(axis=0))
