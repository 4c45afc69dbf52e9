"""A factor that was measured at several places, read back as one formula in the sizes and scalars."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from sympy import Expr, Integer, Rational, Symbol, pi, sqrt

from derivations.reverse.diagnosis.places import Place

__all__ = ["as_formula"]

NEAR = 1e-7
CONSTANTS: tuple[Expr, ...] = tuple(
    sign * number**power
    for number in (Integer(1), Integer(2), Integer(3), Integer(4), sqrt(2), sqrt(pi), sqrt(2 * pi))
    for power in (1, -1)
    for sign in (1, -1)
)


def as_formula(measured: Sequence[float], places: Sequence[Place]) -> Expr | None:
    """The simplest formula that has these values at these places; None if none is simple."""
    if all(abs(number) < NEAR for number in measured):
        return Integer(0)
    return next((formula for formula, values in _formulas(places) if _near(values, measured)), None)


def _formulas(places: Sequence[Place]) -> Iterator[tuple[Expr, list[float]]]:
    """Each with its value at each place, the simplest first."""
    for constant in CONSTANTS:
        yield constant, [float(constant)] * len(places)
    quantities = list(_quantities(places))
    for (name, values), (sign, power) in itertools.product(quantities, itertools.product((1, -1), _POWERS)):
        yield sign * name**power, [sign * value ** float(power) for value in values]
    for (name, values), (other, more) in itertools.permutations(quantities, 2):
        yield name / other, [a / b for a, b in zip(values, more, strict=True)]
        yield name * other, [a * b for a, b in zip(values, more, strict=True)]
    for (name, values), factor in itertools.product(quantities, (2, Rational(1, 2))):
        for power in (1, -1):
            yield factor * name**power, [float(factor) * value**power for value in values]


_POWERS = (Integer(1), Integer(-1), Rational(1, 2), Rational(-1, 2), Integer(2), Integer(-2))


def _quantities(places: Sequence[Place]) -> Iterator[tuple[Expr, list[float]]]:
    first = places[0]
    for size in first.sizes:
        values = [float(place.sizes[size]) for place in places]
        yield size, values
        yield size - 1, [value - 1 for value in values]
        yield sqrt(size - 1) / sqrt(size), [np.sqrt((value - 1) / value) for value in values]
        yield (size - 1) / size, [(value - 1) / value for value in values]
    for name in first.scalars:
        yield Symbol(name, positive=True), [place.scalars[name] for place in places]


def _near(values: Sequence[float], measured: Sequence[float]) -> bool:
    return bool(np.allclose(values, measured, rtol=NEAR, atol=0))
