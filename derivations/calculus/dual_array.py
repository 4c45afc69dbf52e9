"""Named arrays with a derivative: dual numbers a + b e with e**2 = 0, all entries at once.

The slope of an array has the array's axes and, behind them, those of the array with respect to which it is taken.
Each derivative has an infinitesimal e of its own, told apart by a tag; the parts of a dual array may be dual arrays of
earlier tags, so that derivatives of derivatives come out right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from derivations.calculus import named_array
from derivations.calculus.grammar import Index
from derivations.calculus.named_array import NamedArray

__all__ = ["DualArray", "Number", "at", "product", "split", "tag_of", "total"]


@dataclass(frozen=True)
class DualArray:
    """value + slope e; a slope of None is 0."""

    tag: int
    value: Number
    slope: Number | None


Number: TypeAlias = "NamedArray | DualArray"


def tag_of(*numbers: Number) -> int:
    """Of the last derivative that is being taken; 0 if none is."""
    return max((number.tag for number in numbers if isinstance(number, DualArray)), default=0)


def split(number: Number, tag: int) -> tuple[Number, Number | None]:
    """The value and the slope in the derivative with this tag."""
    if isinstance(number, DualArray) and number.tag == tag:
        return number.value, number.slope
    return number, None


def total(terms: list[Number]) -> Number:
    """The sum of numbers."""
    plain = [term for term in terms if isinstance(term, NamedArray)]
    if len(plain) == len(terms):
        return named_array.total(plain)
    tag = tag_of(*terms)
    parts = [split(term, tag) for term in terms]
    slopes = [slope for _, slope in parts if slope is not None]
    return DualArray(tag, total([value for value, _ in parts]), total(slopes) if slopes else None)


def product(factors: list[Number], summed: Mapping[Index, int]) -> Number:
    """The product of numbers, summed over indices: d(a b) = da b + a db."""
    plain = [factor for factor in factors if isinstance(factor, NamedArray)]
    if len(plain) == len(factors):
        return named_array.product(plain, summed)
    tag = tag_of(*factors)
    parts = [split(factor, tag) for factor in factors]
    values = [value for value, _ in parts]
    slopes = [
        product([*values[:k], slope, *values[k + 1 :]], summed)
        for k, (_, slope) in enumerate(parts)
        if slope is not None
    ]
    return DualArray(tag, product(values, summed), total(slopes) if slopes else None)


def at(number: Number, places: Mapping[Index, NamedArray]) -> Number:
    """The entries at these places, see `NamedArray.at`."""
    if isinstance(number, NamedArray):
        return number.at({index: place for index, place in places.items() if index in number.axes})
    slope = None if number.slope is None else at(number.slope, places)
    return DualArray(number.tag, at(number.value, places), slope)
