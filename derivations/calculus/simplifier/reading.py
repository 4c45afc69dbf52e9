"""From SymPy's tree to a polynomial in atoms, simplified on the way.

A sum binds its index as in a program: what is inside is read with the index free, then the sum is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, Pow, Sum, Symbol, exp, log
from sympy import Number as SympyNumber
from sympy.core.numbers import Exp1
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.functions import function_named, function_of
from derivations.calculus.grammar import Index, UnevaluatedDerivative, check_expression, entry, is_label, parts_of
from derivations.calculus.simplifier.atoms import Entry, Scalar
from derivations.calculus.simplifier.composites import POWER, Composite, kind
from derivations.calculus.simplifier.conditions import Condition, Relation
from derivations.calculus.simplifier.polynomials import ONE, Polynomial, constant, of_atom
from derivations.calculus.simplifier.rewriting import Simplifier
from derivations.calculus.simplifier.subscripts import Fixed, Labelled, Named, Subscript

__all__ = ["Reader", "by_definition", "element", "scalar", "slope", "subscript"]


class Reader:
    """Reads expressions without derivatives; `provided` collects what has to hold for them to be defined."""

    def __init__(self, simplifier: Simplifier, known: Mapping[Expr, Polynomial] | None = None) -> None:
        self.simplifier = simplifier
        self.provided: dict[Condition, None] = {}
        self._known = dict(known or {})

    def read_checked(self, expr: Expr) -> Polynomial:
        """After a check of the grammar: ShapeError or TypeError if the expression is none of ours.

        The parts are read from the inside out, so that no expression is too deep for Python.
        """
        check_expression(expr)
        for part in parts_of(expr):
            self.read(part)
        return self.read(expr)

    def read(self, expr: Expr) -> Polynomial:
        """Equal parts are read once."""
        if expr not in self._known:
            self._known[expr] = self._read(expr)
        return self._known[expr]

    def _read(self, expr: Expr) -> Polynomial:
        simplifier = self.simplifier
        match expr:
            case SympyNumber() if expr.is_Rational or expr.is_Float:
                return constant(_fraction(expr))
            case Symbol() if not isinstance(expr, Index):
                return of_atom(scalar(expr))
            case MatrixElement() | Indexed():
                return of_atom(element(expr))
            case KroneckerDelta():
                delta = simplifier.delta(*[subscript(index) for index in expr.args[:2]])
                return delta if isinstance(delta, Polynomial) else of_atom(delta)
            case Add():
                return simplifier.add(map(self.read, expr.args))
            case Mul():
                return simplifier.product(sorted(map(self.read, expr.args), key=lambda factor: len(factor.terms)))
            case Sum():
                sizes = {subscript(index): self.read(last + 1) for index, _, last in expr.limits}
                return simplifier.total(self.read(expr.function), sizes)
            case Exp1():
                return simplifier.apply("exp", ONE)
            case Pow():
                return self._power(*expr.args)
            case UnevaluatedDerivative():
                return self.derivative(expr)
        return self._function(expr)

    def derivative(self, expr: UnevaluatedDerivative) -> Polynomial:
        """A partial or local derivative; to be read with definitions, see `names`."""
        raise TypeError(f"a derivative where none is expected: {expr}")

    def _power(self, base: Expr, exponent: Expr) -> Polynomial:
        power = self.simplifier.reduced(self.read(exponent)).number
        inner = self.read(base)
        if power is None:
            self.need(inner, "> 0")
            return self.read(exp(exponent * log(base), evaluate=False))
        if power < 0:
            self.need(inner, "!= 0" if power.denominator == 1 else "> 0")
        elif power.denominator != 1:
            self.need(inner, ">= 0")
        return self.simplifier.power(inner, power)

    def _function(self, expr: Expr) -> Polynomial:
        if not expr.args and expr.is_number:
            return of_atom(Scalar(str(expr), "positive" if expr.is_positive else "real", "constant"))
        function = function_of(expr)
        if function is None:
            raise TypeError(f"not an index expression: {expr} (a {type(expr).__name__})")
        argument = self.read(expr.args[0])
        if function.domain == "positive":
            self.need(argument, "> 0")
        return self.simplifier.apply(function.name, argument)

    def need(self, base: Polynomial, relation: Relation) -> None:
        """Note what has to hold of a base, factor by factor, unless it is known to."""
        for part in _nonzero_factors(base, self.simplifier) if relation == "!= 0" else [base]:
            condition = Condition(part, relation)
            if not condition.is_known(self.simplifier):
                self.provided[condition] = None


def _nonzero_factors(base: Polynomial, simplifier: Simplifier) -> list[Polynomial]:
    """The factors that may be 0; of (a + b)**k, a + b."""
    if len(base.terms) != 1:
        return [base]
    [(monomial, _)] = base
    return [
        simplifier.argument(atom) if isinstance(atom, Composite) and kind(atom) == POWER else of_atom(atom)
        for atom in monomial.powers
    ]


def scalar(symbol: Symbol) -> Scalar:
    sign = "positive" if symbol.is_positive else "nonnegative" if symbol.is_nonnegative else "real"
    return Scalar(symbol.name, sign, "size" if symbol.is_integer else "scalar")


def element(expr: MatrixElement | Indexed) -> Entry:
    array, indices = entry(expr)
    return Entry(array, tuple(map(subscript, indices)))


def subscript(index: Expr) -> Subscript:
    if isinstance(index, Index):
        return Named(index.name, str(index.size))
    if is_label(index):
        return Labelled(str(type(index)), subscript(index.args[0]))
    return Fixed(int(index))


def _fraction(number: Expr) -> Fraction:
    """A float means the decimal number that was written."""
    return Fraction(int(number.p), int(number.q)) if number.is_Rational else Fraction(str(number))


# From the table of functions

_Z, _A = Symbol("z"), Symbol("a")


def slope(function: str, z: Polynomial, output: Polynomial, simplifier: Simplifier) -> Polynomial:
    """f'(z), given z and f(z)."""
    reader = Reader(simplifier, {_Z: z, _A: output})
    return reader.read(function_named(function).derivative(_Z, _A))


def by_definition(function: str, z: Polynomial, simplifier: Simplifier) -> Polynomial:
    """f(z) in terms of other functions, if the table has a definition."""
    definition = function_named(function).definition
    return Reader(simplifier, {_Z: z}).read(definition(_Z)) if definition else simplifier.apply(function, z)
