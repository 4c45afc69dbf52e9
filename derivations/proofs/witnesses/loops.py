"""An index expression at one point, entry by entry, in plain loops over numbers of any kind.

This is the second way to work an expression out. It shares nothing with the proof but the expression: sums are loops,
names are looked up entry by entry, and derivatives are taken by dual numbers. What kind of number is said by an
`Arithmetic`: residues modulo large primes, or floating-point numbers of many digits.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, Pow, Rational, S, Sum, Symbol
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.grammar import Index, Local, Partial, is_label
from derivations.proofs.counterexample import ValueMismatch
from derivations.proofs.equation import Equation
from derivations.proofs.witnesses.dual import Arithmetic, Dual, Functions, NotSeen, Number, Undefined, value_and_slope
from derivations.proofs.witnesses.finding import Finding
from derivations.proofs.witnesses.names import At, Key, Names, choices_of_sizes, may_have_corners, names_of, shape, sign

__all__ = ["MAX_TERMS", "Budget", "Point", "compare"]

Kind: TypeAlias = Callable[[Random, bool], Arithmetic]
"""Makes the arithmetic for one draw; if the second argument is true, with a third of the values 0."""

Sizes: TypeAlias = tuple[tuple[Symbol, int], ...]
PointAt: TypeAlias = "Callable[[Names, Sizes, Kind, int, int], Point]"

DRAWS = 4
"""At least, over all choices of sizes."""

DRAWS_WITH_CORNERS = 32
"""At least, where signs count, so that each side of each corner is drawn, and the corner itself."""

MOST_TRIES = 16
"""At one choice of sizes, should the sides be undefined at many."""


MAX_TERMS = 200_000
"""Of all sums together, over all draws: some seconds."""


def compare(equation: Equation, arithmetic: Kind) -> Finding:
    """Compare both sides at every entry, for all combinations of the sizes 1 and 2, at random values.

    `arithmetic(random, zeros)` is the arithmetic for one draw; with `zeros`, a third of the values is 0.
    """
    if equation.right_axes is not None:
        return Finding(reason="it is a statement about shapes")
    finding = _compare(equation, arithmetic, _shared_point)
    return _compare(equation, arithmetic, _point) if finding.disagreement or finding.reason else finding


def _compare(equation: Equation, arithmetic: Kind, point_at: PointAt) -> Finding:
    names, budget, points = names_of(equation), Budget(MAX_TERMS), 0
    choices = choices_of_sizes(equation)
    draws = DRAWS_WITH_CORNERS if may_have_corners(equation) else DRAWS
    for number in range(max(draws, len(choices))):
        sizes = tuple(choices[number % len(choices)].items())
        draw_again = (point_at(names, sizes, arithmetic, number // len(choices), again) for again in range(MOST_TRIES))
        try:
            points += _first_defined(equation, draw_again, budget)
        except NotSeen as reason:
            return Finding(reason=str(reason))
        except _Different as found:
            return Finding(points, disagreement=str(found), counterexample=found.counterexample)
    return Finding(points, reason="" if points else "no point was found at which both sides are defined")


def _point(names: Names, sizes: Sizes, arithmetic: Kind, number: int, again: int) -> Point:
    """The point of one draw; every second draw has zeros."""
    random = Random(0)
    return Point(names, dict(sizes), arithmetic(random, number % 2 == 1), random, f"{sizes} {number} {again}")


_shared_point = lru_cache(maxsize=512)(_point)
"""Equations with the same definitions are compared at the same points, where names are worked out once for all."""


def _first_defined(equation: Equation, points: Iterator[Point], budget: Budget) -> int:
    """At how many entries the sides are equal, at the first point where they are defined."""
    return next(filter(None, (point.equal_entries(equation, budget) for point in points)), 0)


class _Different(Exception):
    """Two sides that aren't equal at a point."""

    def __init__(self, message: str, counterexample: ValueMismatch | None) -> None:
        super().__init__(message)
        self.counterexample = counterexample


@dataclass
class Budget:
    """How many more terms may be added up."""

    terms: int

    def spend(self, terms: int) -> None:
        self.terms -= terms
        if self.terms < 0:
            raise NotSeen(f"its sums have more than {MAX_TERMS:,} terms in all")


@dataclass
class _Scope:
    """Within a derivative: the entry that is varied. Values that don't depend on it are those of the outer scope."""

    varied: Key = ("", ())
    number: Number = None
    outer: _Scope | None = None
    holds: bool = False
    """Whether all other names keep the outer scope's values, even if they are defined by the varied one."""
    values: dict[Expr | str, dict[tuple[int, ...], Number]] = field(default_factory=dict)


class Point:
    """Sizes, and a value for each entry that is asked for: as defined, or drawn."""

    def __init__(
        self, names: Names, sizes: Mapping[Symbol, int], arithmetic: Arithmetic, random: Random, seed: str = ""
    ) -> None:
        self.names, self.sizes, self.arithmetic = names, dict(sizes), arithmetic
        self.random, self.seed, self.budget = random, seed, Budget(MAX_TERMS)
        self.functions = Functions(arithmetic)
        self.zero, self.one = self.functions.rational(0), self.functions.rational(1)
        self.drawn: dict[Key, Number] = {}
        self.labels: dict[Key, int] = {}
        self.scope = _Scope()
        self.tags = itertools.count(1)

    def set_values(self, values: Mapping[str, npt.ArrayLike]) -> None:
        """Take these numbers instead of random ones."""
        for name, array in values.items():
            axis = self.names.normalized.get(name)
            for numbers, value in np.ndenumerate(np.asarray(array)):
                self.labels[name, numbers] = int(value)
                if axis is None or numbers[axis] < np.shape(array)[axis] - 1:
                    self.drawn[name, numbers] = self.functions.rational(Rational(float(value)))

    def equal_entries(self, equation: Equation, budget: Budget) -> int:
        """At how many entries the sides are equal; those at which one isn't defined don't count."""
        self.budget, equal = budget, 0
        for at in self.places(equation.indices):
            try:
                left, right = self.value(equation.left, at), self.value(equation.right, at)
            except Undefined:
                continue
            if not self.arithmetic.equal(left, right):
                raise self.difference(at, left, right)
            equal += 1
        return equal

    def difference(self, at: At, left: Number, right: Number) -> Exception:
        doubt = self.arithmetic.doubt()
        named = {str(name): number for name, number in {**self.sizes, **at}.items()}
        where = f" at {', '.join(f'{name} = {number}' for name, number in named.items())}" if named else ""
        return NotSeen(doubt) if doubt else _Different(f"the sides differ{where}", self.mismatch(at, left, right))

    def mismatch(self, at: At, left: Number, right: Number) -> ValueMismatch | None:
        """The numbers to follow by hand, if this kind of number can be written as finite floats."""
        approximate = self.arithmetic.approximate
        shown, other = approximate(left), approximate(right)
        if shown is None or other is None or not math.isfinite(shown) or not math.isfinite(other):
            return None
        values = {
            f"{name}[{', '.join(map(str, numbers))}]" if numbers else name: approximate(value)
            for (name, numbers), value in self.drawn.items()
        }
        sizes = {str(name): number for name, number in self.sizes.items()}
        places = {str(index): number for index, number in at.items()}
        apart = approximate(left + right * self.functions.rational(-1))
        return ValueMismatch(sizes, places, values, shown, other, apart)

    # Expressions

    def value(self, expr: Expr, at: At) -> Number:
        """The number that an expression is."""
        if isinstance(expr, (MatrixElement, Indexed)):
            return self.entry(expr, at)
        if isinstance(expr, Symbol):
            return self.functions.rational(self.sizes[expr]) if expr in self.sizes else self.entry(expr, at)
        if isinstance(expr, Rational):
            return self.arithmetic.rational(expr)
        if isinstance(expr, Add):
            return self.total(self.value(term, at) for term in expr.args)
        if isinstance(expr, Mul):
            return self.product(expr.args, at)
        if isinstance(expr, KroneckerDelta):
            return self.one if self.index(expr.args[0], at) == self.index(expr.args[1], at) else self.zero
        return self.kept(expr, tuple(at[index] for index in self.names.free(expr)), lambda: self.compound(expr, at))

    def compound(self, expr: Expr, at: At) -> Number:
        """What is worth keeping: sums, powers, derivatives, functions."""
        if isinstance(expr, Sum):
            bound = [limit[0] for limit in expr.limits]
            return self.total(self.value(expr.function, {**at, **inner}) for inner in self.places(bound))
        if isinstance(expr, Pow) and expr.base is not S.Exp1:
            exponent = expr.exp if isinstance(expr.exp, Rational) else self.value(expr.exp, at)
            return self.functions.power(self.value(expr.base, at), exponent)
        if isinstance(expr, (Partial, Local)):
            return self.derivative(expr, at)
        return self.function(expr, at)

    def total(self, terms: Iterable[Number]) -> Number:
        return sum(terms, self.zero)

    def product(self, factors: tuple[Expr, ...], at: At) -> Number:
        """Deltas first: where one is 0, nothing else is looked at."""
        if any(isinstance(factor, KroneckerDelta) and self.value(factor, at) is self.zero for factor in factors):
            return self.zero
        result = self.one
        for factor in factors:
            result = result * self.value(factor, at)
        return result

    def places(self, indices: Iterable[Index]) -> Iterator[At]:
        indices = tuple(indices)
        ranges = [range(self.length(index.size)) for index in indices]
        self.budget.spend(math.prod(map(len, ranges)))
        return (dict(zip(indices, numbers, strict=True)) for numbers in itertools.product(*ranges))

    def length(self, size: Expr) -> int:
        return self.sizes[size] if size in self.sizes else int(size.xreplace(self.sizes))

    def index(self, index: Expr, at: At) -> int:
        """The number that an index is: i, a label y(i), or a whole number."""
        if isinstance(index, Index):
            return at[index]
        if is_label(index):
            return self.label((str(type(index)), (self.index(index.args[0], at),)), type(index).classes)
        return int(index)

    def label(self, key: Key, classes: Expr) -> int:
        """The class that an example belongs to, drawn once."""
        if key not in self.labels:
            self.seed_by(key)
            self.labels[key] = self.random.randrange(self.length(classes))
        return self.labels[key]

    # Names

    def entry(self, quantity: Expr, at: At) -> Number:
        """The value of a scalar or of an array's entry: the one that is varied, else as defined, else drawn."""
        name, indices = self.names.name_and_indices(quantity)
        key = name, tuple(self.index(index, at) for index in indices)
        scope = self.scope
        while scope.outer is not None and (scope.holds or name == scope.varied[0]):
            if scope.varied == key:
                return scope.number
            scope = scope.outer
        return self.kept(name, key[1], lambda: self.defined_or_drawn(key, quantity), scope)

    def defined_or_drawn(self, key: Key, quantity: Expr) -> Number:
        found = self.names.definition(key)
        return self.draw(key, quantity) if found is None else self.value(*found)

    def kept(
        self, expr: Expr | str, numbers: tuple[int, ...], compute: Callable[[], Number], scope: _Scope | None = None
    ) -> Number:
        """A value, computed once in the outermost scope in which it is the same."""
        scope = scope or self.scope
        while scope.outer is not None and scope.varied[0] not in self.names.reached(expr):
            scope = scope.outer
        values = scope.values.setdefault(expr, {})
        if numbers not in values:
            values[numbers] = self.within(scope, compute)
        return values[numbers]

    def within(self, scope: _Scope, compute: Callable[[], Number]) -> Number:
        before, self.scope = self.scope, scope
        try:
            return compute()
        finally:
            self.scope = before

    def draw(self, key: Key, quantity: Expr) -> Number:
        """A random value that meets what is assumed of the name."""
        if key not in self.drawn:
            self.seed_by(key)
            name, numbers = key
            positive, axis = name in self.names.positive, self.names.normalized.get(name)
            if axis is None:
                self.drawn[key] = self.arithmetic.draw(1 if positive else sign(quantity))
            else:
                length = self.length(shape(quantity)[axis])
                part = self.arithmetic.draw(1 if positive else None) * self.functions.rational(Rational(1, 2 * length))
                self.drawn[key] = part if numbers[axis] < length - 1 else self.remainder(key, quantity, axis)
        return self.drawn[key]

    def seed_by(self, key: Key) -> None:
        """A value doesn't depend on which were drawn before."""
        self.random.seed(f"{self.seed} {key}")

    def remainder(self, key: Key, quantity: Expr, axis: int) -> Number:
        """What the entries along an axis leave of 1."""
        name, numbers = key
        others = ((name, (*numbers[:axis], k, *numbers[axis + 1 :])) for k in range(numbers[axis]))
        total = self.total(self.draw(other, quantity) for other in others)
        rest = self.one + total * self.functions.rational(-1)
        if name in self.names.positive and self.arithmetic.sign(rest) != 1:
            raise Undefined
        return rest

    # Derivatives and functions

    def derivative(self, expr: Partial | Local, at: At) -> Number:
        """The coefficient of an infinitesimal that is added to one entry."""
        tag, (name, indices) = next(self.tags), self.names.name_and_indices(expr.wrt)
        key = name, tuple(self.index(index, at) for index in indices)
        base = self.entry(expr.wrt, at)
        differentiated, place = (expr.expr, at) if isinstance(expr, Partial) else self.as_written(expr.expr, at)

        def slope(side: int) -> Number:
            self.functions.sides[tag] = side
            scope = _Scope(key, Dual(tag, base, self.one), self.scope, isinstance(expr, Local))
            found = value_and_slope(self.within(scope, lambda: self.value(differentiated, place)), tag)[1]
            return self.zero if found is None else found

        conventional = slope(0)
        if tag in self.functions.corners:
            self.require_corner(conventional, slope(1), slope(-1))
        return conventional

    def require_corner(self, conventional: Number, right: Number, left: Number) -> None:
        """Where both sides have one slope there is no corner; if the convention gives another, it doesn't apply."""
        plain = not any(isinstance(number, Dual) for number in (conventional, right, left))
        if not plain or (self.arithmetic.equal(right, left) and not self.arithmetic.equal(conventional, left)):
            raise Undefined

    def as_written(self, expr: Expr, at: At) -> tuple[Expr, At]:
        """The definition of a name; any other expression as it is."""
        if not isinstance(expr, (MatrixElement, Indexed, Symbol)):
            return expr, at
        name, indices = self.names.name_and_indices(expr)
        return self.names.definition((name, tuple(self.index(index, at) for index in indices))) or (expr, at)

    def function(self, expr: Expr, at: At) -> Number:
        if expr is S.Pi:
            return self.arithmetic.pi
        if expr is S.Exp1:
            return self.functions.exp(self.one)
        if isinstance(expr, Pow):
            return self.functions.exp(self.value(expr.exp, at))
        name = type(expr).__name__
        if len(expr.args) != 1:
            raise NotSeen(f"{name} is not among the functions that this witness knows")
        if name == "log" and self.arithmetic.splits_logarithms:
            return self.log(expr.args[0], at)
        apply = self.functions.opaque if isinstance(expr, AppliedUndef) else self.functions.apply
        return apply(name, self.value(expr.args[0], at))

    def log(self, expr: Expr, at: At) -> Number:
        """log(x y) = log x + log y and log(x**k) = k log x, of what names are defined by as well."""
        if isinstance(expr, Mul):
            return self.total(self.log(factor, at) for factor in expr.args)
        if isinstance(expr, Pow) and expr.base is not S.Exp1:
            return self.value(expr.exp, at) * self.log(expr.base, at)
        definition, place = self.as_written(expr, at)
        if definition is not expr and not self.is_varied(self.names.name_and_indices(expr)[0]):
            return self.log(definition, place)
        return self.functions.log(self.value(expr, at))

    def is_varied(self, name: str) -> bool:
        """Whether a derivative is being taken that doesn't see what the name is defined by."""
        scope = self.scope
        while scope.outer is not None and not (scope.holds or scope.varied[0] == name):
            scope = scope.outer
        return scope.outer is not None
