"""A number read back as a formula: 7 where there are 7 examples is m, and 1/60000 is what somebody's file has."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

DIGITS = 1e-7
"""To which a number must be what its formula says, in proportion."""
SIMPLE = (1.0, -1.0, 2.0, -2.0, 0.5, -0.5)
POWERS: tuple[tuple[str, int, int], ...] = (
    ("", 0, 0), ("m", 1, 0), ("1/m", -1, 0), ("m/C", 1, -1), ("1/C", 0, -1), ("C", 0, 1), ("1/m**2", -2, 0),
    ("m**2", 2, 0), ("1/(m*C)", -1, -1),
)  # fmt: skip
"""Products of powers of m and C, in the order in which they are tried."""


class Factor(NamedTuple):
    """A factor that is a number times a formula in m and C."""

    number: float
    formula: str

    def at(self, sizes: Mapping[str, int]) -> float:
        """Its value where the sizes are these."""
        return self.number * next(_value(sizes, m, C) for formula, m, C in POWERS if formula == self.formula)

    def __str__(self) -> str:
        if not self.formula:
            return f"{self.number:.6g}"
        sign = {1.0: "", -1.0: "-"}.get(self.number)
        if sign is not None:
            return sign + self.formula
        if self.formula == "m" and abs(self.number) < 1:
            return f"m/{1 / self.number:.6g}"
        return f"{self.number:.6g} * {self.formula}"


def read_back(numbers: Sequence[float], sizes: Sequence[Mapping[str, int]]) -> Factor | None:
    """The factor that these numbers are at points of these sizes; None if they aren't one formula.

    Simple formulas come first; at several points any number may be before m or alone.
    """
    several = len({size["m"] for size in sizes}) > 1
    known = [(simple, power) for power in POWERS for simple in SIMPLE[: None if several else 2]]
    for simple, (formula, m, C) in sorted(known, key=lambda one: (one[0] not in (1.0, -1.0), POWERS.index(one[1]))):
        if _all_equal(numbers, [simple * _value(size, m, C) for size in sizes]):
            return Factor(simple, formula)
    free = POWERS[:3] if several else POWERS[:1]
    for formula, m, C in free:
        number = numbers[0] / _value(sizes[0], m, C)
        if np.isfinite(number) and _all_equal(numbers, [number * _value(size, m, C) for size in sizes]):
            return Factor(_rounded(number), formula)
    return None


def _value(size: Mapping[str, int], m: int, C: int) -> float:
    return float(size["m"]) ** m * float(size["C"]) ** C


def _all_equal(numbers: Sequence[float], expected: Sequence[float]) -> bool:
    return all(abs(number - one) <= DIGITS * abs(one) for number, one in itertools.zip_longest(numbers, expected))


def _rounded(number: float) -> float:
    """Without the digits that rounding has left."""
    return float(f"{number:.9g}")
