"""A witness in 100 digits, for what the exact one can't see: the order of numbers, roots and logarithms.

Both sides are computed as in `modular`, by the same plain loops and dual numbers, but with mpmath's floating-point
numbers of 100 digits. Values are drawn of both signs, between 1e-4 and 1e4 in size. Sides that agree in 50 digits are
equal: rounding loses no more than the digits that cancel, and of a statement that is false in general, two random
values agree in 50 digits with a chance of some 1e-50.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import numpy.typing as npt
from mpmath.ctx_mp import MPContext
from sympy import Expr, Rational

from derivations.proofs.equation import Equation
from derivations.proofs.witnesses.dual import NotSeen, Number, Undefined
from derivations.proofs.witnesses.finding import Finding
from derivations.proofs.witnesses.loops import Point, compare
from derivations.proofs.witnesses.names import At, names_of

__all__ = ["differ_at", "in_high_precision"]

_DIGITS = 100
_mp = MPContext()
_mp.dps = _DIGITS

RELATIVE, ABSOLUTE = _mp.mpf(10) ** -50, _mp.mpf(10) ** -70
"""How far apart equal sides may be: relative to the larger one, or at all, where everything cancels."""

NOISE = _mp.mpf(10) ** -60
"""What is smaller may be 0 but for rounding, so that its sign is unknown. (1/s - 1/(s + 1) - 1/(s (s + 1)) is one.)"""


def in_high_precision(equation: Equation) -> Finding:
    """Whether both sides agree in 50 digits at random points, for all combinations of the sizes 1 and 2.

    >>> from sympy import Symbol, log
    >>> s = Symbol("s", positive=True)
    >>> str(in_high_precision(Equation(log(s**2 + 2 * s + 1), 2 * log(s + 1))))
    'equal at 4 points, sizes 1 to 2'
    """
    return compare(equation, _Digits)


def differ_at(equation: Equation, sizes: Mapping[Expr, int], values: Mapping[str, npt.ArrayLike], at: At) -> bool:
    """Whether the sides differ at these numbers, at one entry; False where a side isn't defined.

    Of arrays that are assumed to sum to 1 along an axis the last entry is computed, since floats sum to 1 only nearly.
    """
    point = Point(names_of(equation), sizes, _Digits(Random(0), zeros=False), Random(0))
    point.set_values(values)
    try:
        return not point.arithmetic.equal(point.value(equation.left, at), point.value(equation.right, at))
    except (Undefined, NotSeen):
        return False


class _Digits:
    """The arithmetic of mpmath's numbers, at one draw."""

    splits_logarithms = False
    pi = +_mp.pi

    def __init__(self, random: Random, zeros: bool) -> None:
        self.random, self.zeros = random, zeros

    def rational(self, number: Rational) -> Number:
        return _mp.mpf(number.p) / number.q

    def draw(self, sign: int | None) -> Number:
        """Of moderate size most of the time, now and then as small as 1e-4 or as large as 1e4."""
        if self.zeros and sign is None and self.random.random() < 1 / 3:
            return _mp.mpf(0)
        digits = _mp.mpf(self.random.randrange(10**29, 10**30)) / 10**30
        return (
            digits * _mp.mpf(10) ** self.random.choice((0, 0, 0, 1, -1, -3, 4)) * (sign or self.random.choice((1, -1)))
        )

    def exp(self, x: Number) -> Number:
        if abs(x) > 10**6:
            raise Undefined
        return _mp.exp(x)

    def log(self, x: Number) -> Number:
        if x < NOISE:
            raise Undefined
        return _mp.log(x)

    def power(self, x: Number, exponent: Number | Rational) -> Number:
        if x < NOISE:
            raise Undefined
        return x ** (self.rational(exponent) if isinstance(exponent, Rational) else exponent)

    def inverse(self, x: Number) -> Number:
        if abs(x) < NOISE:
            raise Undefined
        return 1 / x

    def sign(self, x: Number) -> int:
        if 0 < abs(x) < NOISE:
            raise Undefined
        return int(_mp.sign(x))

    def function(self, name: str, x: Number) -> Number:
        """erf, sin, cos; an arbitrary function is a sine that goes with its name."""
        known = {"erf": _mp.erf, "sin": _mp.sin, "cos": _mp.cos}
        if name in known:
            return known[name](x)
        order = len(name) - len(name.rstrip("'"))
        return _mp.sin(x + sum(map(ord, name.rstrip("'"))) + order * self.pi / 2)

    def equal(self, left: Number, right: Number) -> bool:
        return abs(left - right) <= max(RELATIVE * max(abs(left), abs(right)), ABSOLUTE)

    def approximate(self, x: Number) -> float:
        return float(x)

    def doubt(self) -> str:
        return ""
