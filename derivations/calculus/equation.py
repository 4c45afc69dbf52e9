"""An equation between arrays, and a place where one fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sympy import Expr

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions
from derivations.calculus.grammar import Index

__all__ = ["Counterexample", "Equation", "ShapeMismatch", "ValueMismatch"]


@dataclass(frozen=True)
class Equation:
    """left = right, as arrays with an axis for each index; if `right_axes` is None, both sides have the same."""

    left: Expr
    right: Expr
    axes: tuple[Index, ...] = ()
    right_axes: tuple[Index | int, ...] | None = None
    where: Definitions = field(default_factory=dict)
    assuming: tuple[Assumption, ...] = ()


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
        return {"sizes": self.sizes, "at": self.at, "values": self.values, "left": self.left, "right": self.right}


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
