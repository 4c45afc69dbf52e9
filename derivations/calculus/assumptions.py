"""What a proof may assume about an array, beyond its shape and that its entries are real."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Assumption", "Positive", "SumsToOne"]


@dataclass(frozen=True)
class SumsToOne:
    """An array sums to 1 along an axis: the columns of one-hot (or soft) labels Y along axis 0."""

    array: str
    axis: int = 0

    def __str__(self) -> str:
        lines = {0: f"each column of {self.array} sums to 1", 1: f"each row of {self.array} sums to 1"}
        return lines.get(self.axis, f"{self.array} sums to 1 along axis {self.axis}")


@dataclass(frozen=True)
class Positive:
    """All entries of an array, or a scalar, are greater than 0."""

    array: str

    def __str__(self) -> str:
        return f"{self.array} > 0"


Assumption = SumsToOne | Positive
