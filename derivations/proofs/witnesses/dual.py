"""Dual numbers a + b e with e**2 = 0: the coefficient of e in f(x + e) is f'(x).

Each derivative that is taken brings an infinitesimal e of its own, told apart by a tag, so that derivatives of
derivatives come out right: the parts of a dual number may be dual numbers of earlier tags. The numbers underneath may
be of any kind that adds and multiplies; what functions of them are is said by an `Arithmetic`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from sympy import Rational

__all__ = ["Arithmetic", "Dual", "Functions", "NotSeen", "Number", "Undefined", "value_and_slope"]

Number: TypeAlias = Any
"""A dual number, or a plain one of the witness's kind: what adds and multiplies."""


class Undefined(ArithmeticError):
    """An expression has no value here: a division by 0, a root or logarithm of a number that isn't positive."""


class NotSeen(Exception):
    """What this kind of number can't tell, in words."""


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
        if _tag(other) > self.tag:
            return Dual(other.tag, self + other.value, other.slope)
        if _tag(other) < self.tag:
            return Dual(self.tag, self.value + other, self.slope)
        return Dual(self.tag, self.value + other.value, self.slope + other.slope)

    def __mul__(self, other: Number) -> Dual:
        if _tag(other) > self.tag:
            return Dual(other.tag, self * other.value, self * other.slope)
        if _tag(other) < self.tag:
            return Dual(self.tag, self.value * other, self.slope * other)
        return Dual(self.tag, self.value * other.value, self.slope * other.value + self.value * other.slope)

    __radd__ = __add__
    __rmul__ = __mul__


def _tag(number: Number) -> int:
    """Of the last infinitesimal that was added; 0 for a plain number."""
    return number.tag if isinstance(number, Dual) else 0


def value_and_slope(number: Number, tag: int) -> tuple[Number, Number | None]:
    """The value, and the coefficient of the infinitesimal with this tag if the number has it as its last."""
    return (number.value, number.slope) if isinstance(number, Dual) and number.tag == tag else (number, None)


class Arithmetic(Protocol):
    """A kind of number, at one draw. Its functions take and give plain numbers, never dual ones."""

    splits_logarithms: bool
    """Whether log(x y) is worked out as log x + log y."""

    pi: Number

    def rational(self, number: Rational) -> Number: ...

    def draw(self, sign: int | None) -> Number:
        """A random number; positive for sign 1, negative for -1, of either sign for None."""

    def exp(self, x: Number) -> Number: ...

    def log(self, x: Number) -> Number: ...

    def power(self, x: Number, exponent: Number | Rational) -> Number:
        """A positive number to any power."""

    def inverse(self, x: Number) -> Number: ...

    def sign(self, x: Number) -> int: ...

    def function(self, name: str, x: Number) -> Number:
        """sin, cos, erf, or an arbitrary smooth function such as f or its derivative f'."""

    def equal(self, left: Number, right: Number) -> bool: ...

    def approximate(self, x: Number) -> float | None:
        """The number as a float; None for a kind of number that isn't near any."""

    def doubt(self) -> str:
        """Why two sides that differ may be equal nevertheless; empty if they can't."""


class Functions:
    """Functions of dual numbers: f(a + b e) = f(a) + f'(a) b e."""

    def __init__(self, arithmetic: Arithmetic) -> None:
        self.arithmetic = arithmetic
        self.sides: dict[int, int] = {}
        self.corners: set[int] = set()

    def rational(self, number: Rational | int) -> Number:
        return self.arithmetic.rational(Rational(number))

    def exp(self, x: Number) -> Number:
        if not isinstance(x, Dual):
            return self.arithmetic.exp(x)
        value = self.exp(x.value)
        return Dual(x.tag, value, value * x.slope)

    def log(self, x: Number) -> Number:
        if not isinstance(x, Dual):
            return self.arithmetic.log(x)
        return Dual(x.tag, self.log(x.value), self.inverse(x.value) * x.slope)

    def inverse(self, x: Number) -> Number:
        if not isinstance(x, Dual):
            return self.arithmetic.inverse(x)
        inverse = self.inverse(x.value)
        return Dual(x.tag, inverse, inverse * inverse * x.slope * self.rational(-1))

    def power(self, x: Number, exponent: Number | Rational) -> Number:
        """x**r, whose differential is r x**r / x dx + x**r log x dr."""
        if isinstance(exponent, Rational) and exponent.is_Integer:
            return self.whole_power(x, int(exponent))
        tag = max(_tag(x), _tag(exponent))
        if not tag:
            return self.arithmetic.power(x, exponent)
        (base, change), (power, change_of_power) = value_and_slope(x, tag), value_and_slope(exponent, tag)
        value, slope = self.power(base, power), self.rational(0)
        if change is not None:
            factor = self.rational(power) if isinstance(power, Rational) else power
            slope = slope + factor * value * self.inverse(base) * change
        if change_of_power is not None:
            slope = slope + value * self.log(base) * change_of_power
        return Dual(tag, value, slope)

    def whole_power(self, x: Number, exponent: int) -> Number:
        if exponent < 0:
            return self.inverse(self.whole_power(x, -exponent))
        if exponent < 2:
            return x if exponent else self.rational(1)
        half = self.whole_power(x, exponent // 2)
        return half * half * x if exponent % 2 else half * half

    def sign(self, x: Number) -> int:
        """Of 0 + b e it is 0 by convention; `sides` has e count as positive or negative, to see a corner's sides."""
        if not isinstance(x, Dual):
            return self.arithmetic.sign(x)
        sign = self.sign(x.value)
        if sign == 0:
            self.corners.add(x.tag)
            return self.sides[x.tag] and self.sides[x.tag] * self.sign(x.slope)
        return sign

    def step(self, x: Number) -> Number:
        return self.rational(int(self.sign(x) > 0))

    def sigmoid(self, x: Number) -> Number:
        return self.inverse(self.rational(1) + self.exp(x * self.rational(-1)))

    def tanh(self, x: Number) -> Number:
        return self.rational(2) * self.sigmoid(self.rational(2) * x) + self.rational(-1)

    def opaque(self, name: str, x: Number) -> Number:
        """A function that is known by its derivative alone."""
        if not isinstance(x, Dual):
            return self.arithmetic.function(name, x)
        slope = _SLOPES[name](self, x.value) if name in _SLOPES else self.opaque(f"{name}'", x.value)
        return Dual(x.tag, self.opaque(name, x.value), slope * x.slope)

    def gaussian(self, x: Number) -> Number:
        """2 / sqrt(pi) exp(-x**2), the slope of erf."""
        root = self.power(self.arithmetic.pi, Rational(-1, 2))
        return self.rational(2) * root * self.exp(x * x * self.rational(-1))

    def apply(self, name: str, x: Number) -> Number:
        """A function by its SymPy name."""
        if name not in _FUNCTIONS:
            raise NotSeen(f"{name} is not among the functions that this witness knows")
        return _FUNCTIONS[name](self, x)


_FUNCTIONS: dict[str, Callable[[Functions, Number], Number]] = {
    "exp": Functions.exp,
    "log": Functions.log,
    "tanh": Functions.tanh,
    "sigmoid": Functions.sigmoid,
    "softplus": lambda of, x: of.log(of.rational(1) + of.exp(x)),
    "step": Functions.step,
    "sign": lambda of, x: of.rational(of.sign(x)),
    "relu": lambda of, x: x * of.step(x),
    "absolute": lambda of, x: x * of.rational(of.sign(x)),
    "Abs": lambda of, x: x * of.rational(of.sign(x)),
    "erf": lambda of, x: of.opaque("erf", x),
    "sin": lambda of, x: of.opaque("sin", x),
    "cos": lambda of, x: of.opaque("cos", x),
}

_SLOPES: dict[str, Callable[[Functions, Number], Number]] = {
    "erf": Functions.gaussian,
    "sin": lambda of, x: of.opaque("cos", x),
    "cos": lambda of, x: of.opaque("sin", x) * of.rational(-1),
}
