"""Is a gradient right? It is compared with derivatives that are computed from the loss alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from netcode import deep_network, network
from netcode.gradients.numeric import Method, central_differences
from netcode.parameters import Parameters
from netcode.shapes import Array, Float


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
    """The comparison for all parameters."""

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
    gradient: Parameters | network.Backward | deep_network.Backward,
    lam: float,
    method: Method | None = None,
) -> GradientCheck:
    """Compare a given gradient of the loss with that by a method: `central_differences` (default) or `complex_step`.

    The gradient is what a `backward` returned, or `Parameters(dW1, db1, ...)` as anyone may have computed them. All is
    computed in float64, whatever the dtype given. A gradient of another shape than its parameter's is wrong; it is
    never broadcast. Raises ValueError if it is that of another number of layers.
    """
    method = method or central_differences
    X, Y = np.asarray(X, np.float64), np.asarray(Y, np.float64)
    parameters = parameters.viewing(parameters.flat.astype(np.float64))
    given = gradient if isinstance(gradient, Parameters) else gradient.gradient
    derivatives = method(X, Y, parameters, lam)
    columns = zip(parameters._fields, given, *derivatives, strict=True)
    return GradientCheck(method.__name__.replace("_", " "), tuple(_compare(f"d{name}", *row) for name, *row in columns))


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
