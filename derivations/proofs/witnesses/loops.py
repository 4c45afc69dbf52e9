"""An index expression at one point, entry by entry, in plain loops over numbers of any kind.

This is the second way to work an expression out. It shares nothing with the proof but the expression: sums are loops,
names are looked up entry by entry, and derivatives are taken by dual numbers. What kind of number, and what exp, log,
sign and powers of it are, is said by an `Arithmetic`: residues modulo large primes, or floating-point numbers of many
digits.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Protocol

from sympy import Add, Basic, Expr, Indexed, KroneckerDelta, Mul, Pow, Rational, S, Sum, Symbol
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.assumptions import Positive, SumsToOne
from derivations.calculus.grammar import Index, Partial, entry
from derivations.proofs.equation import Equation
from derivations.proofs.witnesses.dual import Dual, Number, tag_of, value_and_slope

__all__ = ["Arithmetic", "Finding", "NotSeen", "Undefined", "compare"]

MOST_CHOICES = 32
"""Of sizes: every combination of 1 and 2 for up to five sizes."""

LEAST_DRAWS = 16
"""Of each kind, over all choices of sizes: each side of a step should be drawn."""

MOST_DRAWS = 16
"""At one choice of sizes, should the sides be undefined at many."""

At = Mapping[Index, int]
"""The value of each index."""

Key = tuple[str, tuple[int, ...]]
"""An entry of an array: its name, and where."""


class Undefined(ArithmeticError):
    """An expression has no value here: a division by 0, a root or logarithm of a number that isn't positive."""


class NotSeen(Exception):
    """What this kind of number can't tell, in words."""


class Arithmetic(Protocol):
    """A kind of number, at one draw. Its functions take and give plain numbers, never dual ones."""

    splits_logarithms: bool
    """Whether log(x y) is worked out as log x + log y."""

    def rational(self, number: Rational) -> Number: ...

    def draw(self, sign: int | None) -> Number:
        """A random number; positive for sign 1, negative for -1, of either sign for None."""

    def exp(self, x: Number) -> Number: ...

    def log(self, x: Number) -> Number: ...

    def power(self, x: Number, exponent: Number | Rational) -> Number:
        """A positive number to any power."""

    def inverse(self, x: Number) -> Number: ...

    def sign(self, x: Number) -> int: ...

    def equal(self, left: Number, right: Number) -> bool: ...

    def doubt(self) -> str:
        """Why two sides that differ may be equal nevertheless; empty if they can't."""


@dataclass(frozen=True)
class Finding:
    """At how many points both sides were equal; or where they differ; or why this witness can't say.

    >>> str(Finding(12))
    'equal at 12 points, sizes 1 to 2'
    """

    points: int = 0
    disagreement: str = ""
    reason: str = ""

    @property
    def agrees(self) -> bool:
        """Whether both sides were compared, and equal everywhere."""
        return self.points > 0 and not self.disagreement and not self.reason

    def __str__(self) -> str:
        return self.disagreement or self.reason or f"equal at {self.points} points, sizes 1 to 2"


def compare(equation: Equation, arithmetics: Iterable[Callable[[Random], Arithmetic]]) -> Finding:
    """Compare both sides at every entry, for all combinations of the sizes 1 and 2, with each kind of draw."""
    if equation.right_axes is not None:
        return Finding(reason="it is a statement about shapes")
    random, points = Random(0), 0
    choices = _choices_of_sizes(equation)
    choices *= -(-LEAST_DRAWS // len(choices))
    for sizes, arithmetic in itertools.product(choices, arithmetics):
        draws = (Point(equation, sizes, arithmetic(random), random) for _ in range(MOST_DRAWS))
        try:
            points += next(filter(None, (draw.equal_entries(equation) for draw in draws)), 0)
        except (NotSeen, _Different) as found:
            disagrees = isinstance(found, _Different)
            return Finding(points, disagreement=str(found)) if disagrees else Finding(reason=str(found))
    return Finding(points, reason="" if points else "no point was found at which both sides are defined")


class _Different(Exception):
    """Two sides that aren't equal at a point."""


class Point:
    """Sizes, and a value for each entry that is asked for: as defined, or drawn."""

    def __init__(self, equation: Equation, sizes: Mapping[Symbol, int], arithmetic: Arithmetic, random: Random) -> None:
        self.sizes, self.arithmetic, self.random = sizes, arithmetic, random
        self.definitions: dict[str, list[tuple[Expr, Expr]]] = {}
        for pattern, body in equation.where.items():
            self.definitions.setdefault(_key_parts(pattern)[0], []).append((pattern, body))
        self.positive = {fact.array for fact in equation.assumptions if isinstance(fact, Positive)}
        self.normalized = {fact.array: fact.axis for fact in equation.assumptions if isinstance(fact, SumsToOne)}
        self.drawn: dict[Key, Number] = {}
        self.labels: dict[tuple[str, int], int] = {}
        self.computed: dict[Key, Number] = {}
        self.varied: dict[Key, Number] = {}  # with respect to which a derivative is being taken
        self.tags = itertools.count(1)

    def equal_entries(self, equation: Equation) -> int:
        """At how many entries the sides are equal; those at which one isn't defined don't count."""
        equal = 0
        for at in self.places(equation.indices):
            try:
                left, right = self.value(equation.left, at), self.value(equation.right, at)
            except Undefined:
                continue
            if not self.arithmetic.equal(left, right):
                raise self.difference(at)
            equal += 1
        return equal

    def difference(self, at: At) -> Exception:
        doubt = self.arithmetic.doubt()
        named = (f"{name} = {number}" for name, number in {**self.sizes, **at}.items())
        return NotSeen(doubt) if doubt else _Different(f"the sides differ at {', '.join(named)}")

    # Expressions

    def value(self, expr: Expr, at: At) -> Number:
        """The number that an expression is."""
        if isinstance(expr, (MatrixElement, Indexed)):
            return self.entry(expr, at)
        if isinstance(expr, Symbol):
            return self.rational(self.sizes[expr]) if expr in self.sizes else self.entry(expr, at)
        if isinstance(expr, Rational):
            return self.arithmetic.rational(expr)
        if isinstance(expr, Add):
            return self.total(self.value(term, at) for term in expr.args)
        if isinstance(expr, Mul):
            return self.product(self.value(factor, at) for factor in expr.args)
        if isinstance(expr, Sum):
            bound = [limit[0] for limit in expr.limits]
            return self.total(self.value(expr.function, {**at, **inner}) for inner in self.places(bound))
        if isinstance(expr, KroneckerDelta):
            return self.rational(self.index(expr.args[0], at) == self.index(expr.args[1], at))
        if isinstance(expr, Pow):
            return self.power(expr, at)
        if isinstance(expr, Partial):
            return self.derivative(expr.expr, expr.wrt, at)
        return self.function(expr, at)

    def rational(self, number: int) -> Number:
        return self.arithmetic.rational(Rational(int(number)))

    def total(self, terms: Iterable[Number]) -> Number:
        return sum(terms, self.rational(0))

    def product(self, factors: Iterable[Number]) -> Number:
        result = self.rational(1)
        for factor in factors:
            result = result * factor
        return result

    def places(self, indices: Iterable[Index]) -> Iterator[At]:
        indices = tuple(indices)
        ranges = [range(self.length(index.size)) for index in indices]
        return (dict(zip(indices, numbers, strict=True)) for numbers in itertools.product(*ranges))

    def length(self, size: Expr) -> int:
        return int(size.xreplace(dict(self.sizes)))

    def index(self, index: Expr, at: At) -> int:
        """The number that an index is: i, a label y(i), or a whole number."""
        if isinstance(index, Index):
            return at[index]
        if isinstance(index, AppliedUndef):
            key = (str(type(index)), self.index(index.args[0], at))
            return self.labels.setdefault(key, self.random.randrange(self.length(type(index).classes)))
        return int(index)

    # Names

    def key(self, quantity: Expr, at: At) -> Key:
        name, indices = _key_parts(quantity)
        return name, tuple(self.index(index, at) for index in indices)

    def entry(self, quantity: Expr, at: At) -> Number:
        """The value of a scalar or of an array's entry: the one that is varied, else as defined, else drawn."""
        key = self.key(quantity, at)
        if key in self.varied:
            return self.varied[key]
        if key not in self.computed:
            found = self.definition(key)
            self.computed[key] = self.draw(key, quantity) if found is None else self.value(*found)
        return self.computed[key]

    def definition(self, key: Key) -> tuple[Expr, At] | None:
        """The expression that an entry is defined by, and the indices' values in it."""
        name, numbers = key
        for pattern, body in self.definitions.get(name, []):
            at: dict[Index, int] = {}
            places = zip(_key_parts(pattern)[1], numbers, strict=True)
            if all(at.setdefault(p, k) == k if isinstance(p, Index) else int(p) == k for p, k in places):
                return body, at
        return None

    def draw(self, key: Key, quantity: Expr) -> Number:
        """A random value that meets what is assumed of the name."""
        if key not in self.drawn:
            name, numbers = key
            axis = self.normalized.get(name)
            shape = [self.length(length) for length in _shape(quantity)]
            if axis is None:
                self.drawn[key] = self.arithmetic.draw(1 if name in self.positive else _sign(quantity))
            elif numbers[axis] < shape[axis] - 1:
                part = self.arithmetic.draw(1 if name in self.positive else None)
                self.drawn[key] = part * self.arithmetic.rational(Rational(1, 2 * shape[axis]))
            else:
                self.drawn[key] = self.remainder(key, quantity, axis)
        return self.drawn[key]

    def remainder(self, key: Key, quantity: Expr, axis: int) -> Number:
        """What the entries along an axis leave of 1."""
        name, numbers = key
        others = ((name, (*numbers[:axis], k, *numbers[axis + 1 :])) for k in range(numbers[axis]))
        rest = self.rational(1) + self.total(self.draw(other, quantity) for other in others) * self.rational(-1)
        if name in self.positive and self.arithmetic.sign(rest) != 1:
            raise Undefined
        return rest

    def derivative(self, expr: Expr, wrt: Expr, at: At) -> Number:
        """The coefficient of an infinitesimal that is added to one entry; all names that depend on it are new."""
        tag, key = next(self.tags), self.key(wrt, at)
        base, varied, computed = self.entry(wrt, at), self.varied, self.computed
        self.varied, self.computed = {**varied, key: Dual(tag, base, self.rational(1))}, {}
        try:
            slope = value_and_slope(self.value(expr, at), tag)[1]
        finally:
            self.varied, self.computed = varied, computed
        return self.rational(0) if slope is None else slope

    # Functions

    def power(self, expr: Pow, at: At) -> Number:
        if expr.base is S.Exp1:
            return self.exp(self.value(expr.exp, at))
        base = self.value(expr.base, at)
        if expr.exp.is_Integer:
            whole = self.product([base] * abs(int(expr.exp)))
            return whole if expr.exp >= 0 else self.inverse(whole)
        return self.real_power(base, expr.exp if expr.exp.is_Rational else self.value(expr.exp, at))

    def function(self, expr: Expr, at: At) -> Number:
        name = type(expr).__name__
        if name == "log" and self.arithmetic.splits_logarithms:
            return self.split_log(expr.args[0], at)
        arguments = [self.value(arg, at) for arg in expr.args]
        if name in _FUNCTIONS and len(arguments) == 1:
            return _FUNCTIONS[name](self, arguments[0])
        raise NotSeen(f"{name} is not among the functions that it knows")

    def split_log(self, expr: Expr, at: At) -> Number:
        """log(x y) = log x + log y and log(x**k) = k log x, of what names are defined by as well."""
        if isinstance(expr, Mul):
            return self.total(self.split_log(factor, at) for factor in expr.args)
        if isinstance(expr, Pow) and expr.base is not S.Exp1:
            return self.value(expr.exp, at) * self.split_log(expr.base, at)
        if isinstance(expr, (MatrixElement, Indexed, Symbol)) and expr not in self.sizes:
            key = self.key(expr, at)
            found = None if key in self.varied else self.definition(key)
            if found is not None:
                return self.split_log(*found)
        return self.log(self.value(expr, at))

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

    def real_power(self, x: Number, exponent: Number | Rational) -> Number:
        """x**r, whose differential is r x**r / x dx + x**r log x dr."""
        tag = max(tag_of(x), tag_of(exponent))
        if not tag:
            return self.arithmetic.power(x, exponent)
        (base, change), (power, change_of_power) = value_and_slope(x, tag), value_and_slope(exponent, tag)
        value = self.real_power(base, power)
        slope = self.rational(0)
        if change is not None:
            factor = self.arithmetic.rational(power) if isinstance(power, Rational) else power
            slope = slope + factor * value * self.inverse(base) * change
        if change_of_power is not None:
            slope = slope + value * self.log(base) * change_of_power
        return Dual(tag, value, slope)

    def sign(self, x: Number) -> int:
        """Its derivative is 0, and undefined at 0."""
        if not isinstance(x, Dual):
            return self.arithmetic.sign(x)
        sign = self.sign(x.value)
        if sign == 0:
            raise Undefined
        return sign

    def step(self, x: Number) -> Number:
        return self.rational(self.sign(x) > 0)


_FUNCTIONS: dict[str, Callable[[Point, Number], Number]] = {
    "exp": Point.exp,
    "log": Point.log,
    "step": Point.step,
    "relu": lambda point, x: x * point.step(x),
    "sign": lambda point, x: point.rational(point.sign(x)),
    "Abs": lambda point, x: x * point.rational(point.sign(x)),
}


def _key_parts(quantity: Expr) -> tuple[str, tuple[Expr, ...]]:
    return (quantity.name, ()) if isinstance(quantity, Symbol) else entry(quantity)


def _shape(quantity: Expr) -> tuple[Expr, ...]:
    if isinstance(quantity, Symbol):
        return ()
    return tuple(quantity.parent.shape if isinstance(quantity, MatrixElement) else quantity.base.shape)


def _sign(quantity: Expr) -> int | None:
    """The sign that a symbol was declared with."""
    return 1 if quantity.is_nonnegative else -1 if quantity.is_nonpositive else None


def _choices_of_sizes(equation: Equation) -> list[dict[Symbol, int]]:
    """Every combination of 1 and 2; of more than five sizes, those in which at most one differs from the others."""
    names = sorted(_size_names(equation), key=str)
    if 2 ** len(names) <= MOST_CHOICES:
        numbers: Iterable[tuple[int, ...]] = itertools.product((1, 2), repeat=len(names))
    else:
        numbers = (
            tuple(3 - usual if k == odd else usual for k in range(len(names)))
            for usual, odd in itertools.product((1, 2), range(-1, len(names)))
        )
    return [dict(zip(names, choice, strict=True)) for choice in numbers]


def _size_names(equation: Equation) -> set[Symbol]:
    """The symbols that say how large an array or a range is, and those that are whole numbers from 1 on."""
    found = {name for index in equation.axes for name in index.size.free_symbols}
    for expr in (equation.left, equation.right, *equation.where, *equation.where.values()):
        for part in _parts(expr):
            if isinstance(part, Index):
                found |= part.size.free_symbols
            elif isinstance(part, Symbol) and part.is_integer and part.is_positive:
                found.add(part)
            elif isinstance(part, (MatrixElement, Indexed)):
                found |= {name for length in _shape(part) for name in length.free_symbols}
            elif isinstance(part, AppliedUndef):
                found |= type(part).classes.free_symbols
    return found


def _parts(expr: Basic) -> Iterator[Basic]:
    yield expr
    for arg in expr.args:
        yield from _parts(arg)
