"""Where an equation fails: numbers at which the sides differ, or sizes at which their shapes do."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

__all__ = ["Counterexample", "ShapeMismatch", "ValueMismatch", "finite"]


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
