"""An equation between arrays, and a place where one fails."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions, by_name
from derivations.calculus.grammar import Index, free_indices

__all__ = ["Counterexample", "Equation", "ShapeMismatch", "ValueMismatch", "finite"]


@dataclass(frozen=True)
class Equation:
    """left = right, as arrays with an axis for each index; if `right_axes` is None, both sides have the same."""

    left: Expr
    right: Expr
    axes: tuple[Index, ...] = ()
    right_axes: tuple[Index | int, ...] | None = None
    where: Definitions = field(default_factory=dict)
    assumptions: tuple[Assumption, ...] = ()

    def __post_init__(self) -> None:
        by_name(self.where)  # a name that is defined twice is an error, not something to be decided

    @property
    def indices(self) -> tuple[Index, ...]:
        """The indices of the axes, and any others that stand free: the equation speaks of all values of each."""
        return tuple(dict.fromkeys([*self.axes, *free_indices(self.left), *free_indices(self.right)]))


@dataclass(frozen=True)
class ValueMismatch:
    """Numbers at which two sides differ: the sizes, the place in the arrays, what was put in, and what comes out."""

    sizes: dict[str, int]
    at: dict[str, int]
    values: dict[str, Any]
    left: float
    right: float

    def __str__(self) -> str:
        places = ", ".join(f"{name} = {value}" for name, value in (self.sizes | self.at).items())
        return f"{f'at {places} ' if places else ''}the left side is {self.left:.6g}, the right side {self.right:.6g}"

    def as_json(self) -> dict[str, Any]:
        """For the report."""
        return {
            "sizes": self.sizes,
            "at": self.at,
            "values": self.values,
            "left": finite(self.left),
            "right": finite(self.right),
        }


def finite(number: float | None) -> float | None:
    """The number, or None for what JSON has no number for: NaN and infinity."""
    return number if number is not None and math.isfinite(number) else None


@dataclass(frozen=True)
class ShapeMismatch:
    """Sizes at which the two sides, or an index and its axis, are of different shape."""

    sizes: dict[str, int]
    left: tuple[int, ...]
    right: tuple[int, ...]
    what: str = "the left side has the shape {left}, the right side {right}"

    def __str__(self) -> str:
        sizes = ", ".join(f"{name} = {value}" for name, value in self.sizes.items())
        return f"at {sizes} {self.what.format(left=self.left, right=self.right)}"

    def as_json(self) -> dict[str, Any]:
        """For the report."""
        return {"sizes": self.sizes, "left_shape": list(self.left), "right_shape": list(self.right), "what": str(self)}


Counterexample = ValueMismatch | ShapeMismatch
