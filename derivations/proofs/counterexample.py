"""Where an equation fails: numbers at which the sides differ, or sizes at which their shapes do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

__all__ = ["Counterexample", "ShapeMismatch", "ValueMismatch", "finite"]


@dataclass(frozen=True)
class ValueMismatch:
    """Numbers at which two sides differ: the sizes, the place in the arrays, what was put in, and what comes out.

    `apart` is their difference where it was computed in more digits than floats have.

    >>> str(ValueMismatch({"m": 2}, {"i": 0}, {}, 1.0, 1.5))
    'at m = 2, i = 0 the left side is 1, the right side 1.5'
    >>> str(ValueMismatch({}, {}, {}, 2.0, 2.0, apart=1e-20))
    'both sides are 2, but in 100 digits the left one is larger by 1e-20'
    """

    sizes: dict[str, int]
    at: dict[str, int]
    values: dict[str, Any]
    left: float
    right: float
    apart: float | None = None

    def __str__(self) -> str:
        places = ", ".join(f"{name} = {value}" for name, value in (self.sizes | self.at).items())
        where = f"at {places} " if places else ""
        left, right = f"{self.left:.6g}", f"{self.right:.6g}"
        if left == right and self.apart:
            than = "larger" if self.apart > 0 else "smaller"
            return f"{where}both sides are {left}, but in 100 digits the left one is {than} by {abs(self.apart):.2g}"
        return f"{where}the left side is {left}, the right side {right}"

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
    """Sizes at which the two sides have different shapes."""

    sizes: dict[str, int]
    left: tuple[int, ...]
    right: tuple[int, ...]

    def __str__(self) -> str:
        sizes = ", ".join(f"{name} = {value}" for name, value in self.sizes.items())
        return f"at {sizes} the left side has the shape {self.left}, the right side {self.right}"

    def as_json(self) -> dict[str, Any]:
        """For the report."""
        return {"sizes": self.sizes, "left_shape": list(self.left), "right_shape": list(self.right), "what": str(self)}


Counterexample = ValueMismatch | ShapeMismatch
