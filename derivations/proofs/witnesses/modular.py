"""A witness that is exact: both sides of an equation at random points, modulo large primes.

Two polynomials that differ are almost never equal at a random point: a polynomial of degree d that isn't 0 vanishes,
modulo a prime p, at no more than a share d / p of all points (Schwartz 1980, Zippel 1979). With p near 2**128 that is
below 1e-15 for every degree below 1e23, without any rounding and without a tolerance. The functions have their
counterparts among the residues:

    exp          a homomorphism from sums to products. The squares modulo p = 2 q + 1, with q a prime, are a group of
                 order q: exp(x) = g**x with x modulo q and some square g (Gonnet 1984). So a number is a residue modulo
                 p and another modulo q, which exp uses up: PRIMES is a chain, with a link for each exp within an exp.
    sign         the squares act as the positive numbers: products of squares are squares, and -1 isn't one. So sign is
                 the Legendre symbol, positive names are drawn as squares, and step, relu and |x| follow.
    powers       each square has one root that is a square, and x**r = x**(r modulo q) for all r.
    log          undoes exp; of anything else it is a residue drawn once for each value, and log(x y) = log x + log y.
    derivatives  dual numbers, see `dual`.

What it can't see is the order of numbers beyond their signs (that x + y > 0 where x > 0 and y > 0), and how the
logarithms of values go together that are written as sums. Where two sides differ and one of them uses such a function,
it doesn't say that they differ; it says that it can't tell. Of an equation with steps it also tests only those
sides of each step that are drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, partial
from random import Random

from sympy import Rational

from derivations.proofs.equation import Equation
from derivations.proofs.witnesses.dual import Undefined
from derivations.proofs.witnesses.finding import Finding
from derivations.proofs.witnesses.loops import compare

__all__ = ["CHANCE_OF_ERROR", "PRIMES", "exact"]

CHANCE_OF_ERROR = 1e-15
"""That two sides which are different polynomials agree: an upper bound for degrees up to 1e23."""

_LAST = 13255133101473098927752688 * 802241960520  # the first such multiple of 8 * 3 * 5 * 7 * 11 * ... * 31
PRIMES = tuple(_LAST * 2**k - 1 for k in (4, 3, 2, 1, 0))
"""Each is 2 q + 1 for the next one, q. All numbers up to 31 are squares modulo each, so they count as positive."""


def exact(equation: Equation) -> Finding:
    """Whether both sides are equal at random points modulo PRIMES, for all combinations of the sizes 1 and 2.

    >>> from sympy import Symbol, exp
    >>> x, y = Symbol("x", real=True), Symbol("y", real=True)
    >>> str(exact(Equation(exp(x) * exp(y), exp(x + y))))
    'equal at 4 points, sizes 1 to 2'
    """
    for length in range(1, len(PRIMES) + 1):
        try:
            return compare(equation, _residues(length))
        except _ChainTooShort:
            continue
    return Finding(reason=f"exponentials within exponentials, more than {len(PRIMES) - 1} deep")


@cache
def _residues(length: int) -> Callable[[Random, bool], Residues]:
    return partial(Residues, length)


class _ChainTooShort(Exception):
    """An exp of numbers that have no prime left."""


class Residue:
    """A number modulo each of the first few PRIMES."""

    __slots__ = ("modulo",)

    def __init__(self, modulo: Iterable[int]) -> None:
        self.modulo = tuple(modulo)

    def __add__(self, other: Residue) -> Residue:
        if not isinstance(other, Residue):
            return NotImplemented
        return Residue([(a + b) % p for a, b, p in zip(self.modulo, other.modulo, PRIMES, strict=False)])

    def __mul__(self, other: Residue) -> Residue:
        if not isinstance(other, Residue):
            return NotImplemented
        return Residue([a * b % p for a, b, p in zip(self.modulo, other.modulo, PRIMES, strict=False)])


class Residues:
    """The arithmetic of residues, at one draw: with the squares that e is, and the logarithms that were made up."""

    splits_logarithms = True

    def __init__(self, length: int, random: Random, zeros: bool) -> None:
        self.random, self.primes, self.zeros = random, PRIMES[:length], zeros
        self.e, self.pi = self.square().modulo, self.square()
        self.logarithms: dict[int, Residue] = {}
        self.made_up: dict[tuple[str, int], Residue] = {}
        self.doubts: dict[str, None] = {}

    def rational(self, number: Rational) -> Residue:
        return _rational(number, self.primes)

    def square(self) -> Residue:
        return Residue([self.random.randrange(1, p) ** 2 % p for p in self.primes])

    def draw(self, sign: int | None) -> Residue:
        if self.zeros and sign is None and self.random.random() < 1 / 3:
            return self.rational(Rational(0))
        return self.square() * self.rational(Rational(sign or self.random.choice((1, -1))))

    def exp(self, x: Residue) -> Residue:
        result = Residue([pow(e, a, p) for e, a, p in zip(self.e, _as_exponent(x), PRIMES, strict=False)])
        self.logarithms[result.modulo[0]] = x
        return result

    def log(self, x: Residue) -> Residue:
        value = x.modulo[0]
        if value == 0:
            raise Undefined
        if value not in self.logarithms:
            self.doubts["how logarithms of sums go together isn't seen modulo a prime"] = None
            self.logarithms[value] = self.logarithms[self.primes[0] - value] = self.square()
        return self.logarithms[value]

    def power(self, x: Residue, exponent: Residue | Rational) -> Residue:
        self.doubts["which root is meant isn't always seen modulo a prime"] = None
        if any(_legendre(a, p) != 1 for a, p in zip(x.modulo, PRIMES, strict=False)):
            raise Undefined
        return Residue([pow(a, r, p) for a, r, p in zip(x.modulo, _as_exponent(exponent), PRIMES, strict=False)])

    def inverse(self, x: Residue) -> Residue:
        if 0 in x.modulo:
            raise Undefined
        return Residue([pow(a, -1, p) for a, p in zip(x.modulo, PRIMES, strict=False)])

    def sign(self, x: Residue) -> int:
        self.doubts["the order of numbers beyond their signs isn't seen modulo a prime"] = None
        return _legendre(x.modulo[0], PRIMES[0])

    def function(self, name: str, x: Residue) -> Residue:
        """erf, sin and cos with their symmetries and sin(x)**2 + cos(x)**2 = 1; any other function as it comes."""
        self.doubts[f"how values of {name} go together isn't seen modulo a prime"] = None
        if name not in ("erf", "sin", "cos"):
            return self.made_up.setdefault((name, x.modulo[0]), self.square())
        magnitude = min(x.modulo[0], self.primes[0] - x.modulo[0])
        odd = self.rational(Rational(0 if magnitude == 0 else 1 if magnitude == x.modulo[0] else -1))
        half = self.made_up.setdefault(("erf" if name == "erf" else "tan of the half", magnitude), self.square()) * odd
        if name == "erf":
            return half
        one, square = self.rational(Rational(1)), half * half
        scale = self.inverse(one + square)
        return (half + half) * scale if name == "sin" else (one + square * self.rational(Rational(-1))) * scale

    def equal(self, left: Residue, right: Residue) -> bool:
        return left.modulo[0] == right.modulo[0]

    def approximate(self, x: Residue) -> None:
        return None

    def doubt(self) -> str:
        return next(iter(self.doubts), "")


@cache
def _rational(number: Rational, primes: tuple[int, ...]) -> Residue:
    return Residue([number.p * pow(number.q, -1, p) % p for p in primes])


def _legendre(number: int, prime: int) -> int:
    """1 for a square, -1 for any other number, 0 for 0."""
    power = pow(number, (prime - 1) // 2, prime)
    return power if power < 2 else -1


def _as_exponent(number: Residue | Rational) -> Iterable[int]:
    """The number modulo the order of the squares, which is the next prime of the chain."""
    if isinstance(number, Rational):
        return (number.p * pow(number.q, -1, (p - 1) // 2) % ((p - 1) // 2) for p in PRIMES)
    if len(number.modulo) < 2:
        raise _ChainTooShort
    return number.modulo[1:]
