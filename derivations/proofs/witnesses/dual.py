"""Dual numbers a + b e with e**2 = 0: the coefficient of e in f(x + e) is f'(x).

Each derivative that is taken brings an infinitesimal e of its own, told apart by a tag, so that derivatives of
derivatives come out right: a number may be a dual number whose parts are dual numbers of earlier tags. The numbers
underneath may be of any kind that adds and multiplies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

__all__ = ["Dual", "Number", "tag_of", "value_and_slope"]

Number: TypeAlias = Any
"""A dual number, or a plain one of the witness's kind: what adds and multiplies."""


@dataclass(frozen=True, slots=True, eq=False)
class Dual:
    """value + slope e.

    >>> x = Dual(1, 3, 1)
    >>> x * x + x
    Dual(tag=1, value=12, slope=7)
    """

    tag: int
    value: Number
    slope: Number

    def __add__(self, other: Number) -> Dual:
        if tag_of(other) > self.tag:
            return Dual(other.tag, self + other.value, other.slope)
        if tag_of(other) < self.tag:
            return Dual(self.tag, self.value + other, self.slope)
        return Dual(self.tag, self.value + other.value, self.slope + other.slope)

    def __mul__(self, other: Number) -> Dual:
        if tag_of(other) > self.tag:
            return Dual(other.tag, self * other.value, self * other.slope)
        if tag_of(other) < self.tag:
            return Dual(self.tag, self.value * other, self.slope * other)
        return Dual(self.tag, self.value * other.value, self.slope * other.value + self.value * other.slope)

    __radd__ = __add__
    __rmul__ = __mul__


def tag_of(number: Number) -> int:
    """Of the last infinitesimal that was added; 0 for a plain number."""
    return number.tag if isinstance(number, Dual) else 0


def value_and_slope(number: Number, tag: int) -> tuple[Number, Number | None]:
    """The value, and the coefficient of the infinitesimal with this tag if the number has it as its last."""
    return (number.value, number.slope) if isinstance(number, Dual) and number.tag == tag else (number, None)
