"""Shorter forms, found by the simplifier and read back: dS = (P - Y) / m, with no rule that knows softmax.

A gradient is put into the next one, the product is simplified with all names kept, and what comes out is written as an
expression again. It is taken if it is shorter than what it replaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from sympy import Add, Dummy, Expr, Indexed, Mul, Pow, Rational, Sum, Symbol, cancel, exp, preorder_traversal, sympify
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.assumptions import Assumption
from derivations.calculus.functions import function_named, function_of
from derivations.calculus.grammar import Index, delta, entry, free_indices, is_label, sum_over
from derivations.calculus.prover import simplified
from derivations.calculus.simplifier.atoms import Atom, Delta, Entry, Scalar
from derivations.calculus.simplifier.composites import POWER, SUM, Composite, kind
from derivations.calculus.simplifier.polynomials import Monomial, Number, Polynomial
from derivations.calculus.simplifier.subscripts import Bound, Fixed, Hole, Labelled, Named, Subscript
from derivations.reverse.folding import key

__all__ = ["length", "simplest", "summations"]


def simplest(expr: Expr, assumptions: Iterable[Assumption], like: Iterable[Expr]) -> Expr:
    """The expression, simplified with its names kept. `like` are expressions in which its arrays and indices occur."""
    found = _ReadBack([expr, *like], free_indices(expr)).polynomial(simplified(expr, assuming=assumptions), {})
    return min(found, _cancelled(found), key=length)


def _cancelled(expr: Expr) -> Expr:
    """Common factors of numerators and denominators cancelled; all but sums, products and powers is a letter."""
    letters: dict[object, tuple[Dummy, Expr]] = {}
    return cancel(_lettered(expr, letters)).xreplace(dict(letters.values()))


def _lettered(expr: Expr, letters: dict[object, tuple[Dummy, Expr]]) -> Expr:
    if expr.is_Rational:
        return expr
    if isinstance(expr, (Add, Mul)):
        return expr.func(*[_lettered(arg, letters) for arg in expr.args])
    if isinstance(expr, Pow) and expr.exp.is_Integer:
        return Pow(_lettered(expr.base, letters), expr.exp)
    if isinstance(expr, Pow) and expr.exp.is_Rational:
        root = Pow(expr.base, Rational(1, expr.exp.q))
        return Pow(letters.setdefault(key(root), (Dummy(), root))[0], expr.exp.p)
    return letters.setdefault(key(expr), (Dummy(), expr))[0]


def length(expr: Expr) -> int:
    """How long an expression is to read: 2 for each name, 1 for each number (a sign is none), sum and function."""
    if isinstance(expr, (MatrixElement, Indexed, Symbol)):
        return 2
    if not expr.args:
        return 0 if expr == -1 else 1
    if isinstance(expr, Sum):
        return 1 + length(expr.function)
    if isinstance(expr, Pow) and expr.exp == -1:
        return length(expr.base)
    return sum(length(arg) for arg in expr.args) + (function_of(expr) is not None)


def summations(expr: Expr) -> int:
    """Over how many indices an expression sums, which says how much work it is."""
    inside = () if isinstance(expr, (MatrixElement, Indexed)) else expr.args
    return (len(expr.limits) if isinstance(expr, Sum) else 0) + sum(summations(arg) for arg in inside)


Environment = Mapping[Subscript, Expr]


class _ReadBack:
    """From a polynomial in atoms to an expression, with the arrays and letters of the expressions it came from."""

    def __init__(self, like: Iterable[Expr], free: Iterable[Index]) -> None:
        self.free = {index.name for index in free}
        self.symbols: dict[str, Symbol] = {}
        self.arrays: dict[str, Expr] = {}
        self.labels: dict[str, type] = {}
        self.indices: dict[tuple[str, str], Index] = {}
        self.letters: dict[tuple[str, int], str] = {}
        for part in (part for expr in like for part in preorder_traversal(expr)):
            self.learn(part)

    def learn(self, part: Expr) -> None:
        if isinstance(part, Index):
            self.indices[part.name, str(part.size)] = part
            self.symbols |= {size.name: size for size in part.size.free_symbols}
        elif isinstance(part, Symbol):
            self.symbols[part.name] = part
        elif is_label(part):
            self.labels[str(type(part))] = type(part)
        elif isinstance(part, (MatrixElement, Indexed)):
            name, indices = entry(part)
            self.arrays[name] = part.parent if isinstance(part, MatrixElement) else part.base
            for axis, index in enumerate(indices):
                if isinstance(index, Index) and "#" not in index.name:
                    self.letters.setdefault((name, axis), index.name.rstrip("'"))

    def polynomial(self, polynomial: Polynomial, given: Environment) -> Expr:
        """A sum; what all its terms have in common is put before it."""
        common = _common(polynomial)
        terms = [self.term(monomial, number, common, given) for monomial, number in polynomial.sorted]
        factors = [self.power(atom, power, given) for atom, power in common.items()]
        return Mul(*factors, Add(*terms))

    def term(self, monomial: Monomial, number: Number, common: Mapping[Atom, Number], given: Environment) -> Expr:
        powers = {atom: power - common.get(atom, 0) for atom, power in monomial.powers.items()}
        powers |= {atom: -power for atom, power in common.items() if atom not in powers}
        return Mul(_number(number), *[self.power(atom, power, given) for atom, power in sorted(powers.items())])

    def power(self, atom: Atom, power: Number, given: Environment) -> Expr:
        """A power; that of an exponential is written in its argument."""
        base = self.atom(atom, given)
        return exp(_number(power) * base.args[0]) if isinstance(base, exp) else Pow(base, _number(power))

    def atom(self, atom: Atom, given: Environment) -> Expr:
        match atom:
            case Scalar(name=name, kind="constant"):
                return sympify(name)
            case Scalar(name=name):
                return self.symbols[name]
            case Entry(array=name):
                return self.arrays[name][tuple(self.subscript(index, given) for index in atom.subscripts)]
            case Delta():
                return delta(*[self.subscript(index, given) for index in atom.subscripts])
            case Composite():
                return self.composite(atom, given)
        raise TypeError(f"no expression for {atom}")

    def composite(self, atom: Composite, given: Environment) -> Expr:
        inner: dict[Subscript, Expr] = {
            Hole(k): self.subscript(index, given) for k, index in enumerate(atom.subscripts)
        }
        body = atom.template.body
        if kind(atom) == SUM:
            for k, size in enumerate(atom.template.sizes):
                inner[Bound(k)] = self.fresh(Bound(k), size, body, inner)
            bound = tuple(index for name, index in inner.items() if isinstance(name, Bound))
            return sum_over(bound, self.polynomial(body, inner))
        value = self.polynomial(body, inner)
        return value if kind(atom) == POWER else function_named(kind(atom)).apply(value)

    def fresh(self, bound: Bound, size: Polynomial, body: Polynomial, inner: Environment) -> Index:
        """An index with the letter that its axis usually has, and a prime for each time that it is taken."""
        taken = self.free | {str(symbol) for expr in inner.values() for symbol in expr.free_symbols}
        letter = next((self.letters[place] for place in _places(body, bound) if place in self.letters), "s")
        while letter in taken:
            letter += "'"
        return Index(letter, self.polynomial(size, {}))

    def subscript(self, index: Subscript, given: Environment) -> Expr:
        match index:
            case Named(name=name, size=size):
                return self.indices[name, size]
            case Fixed(number=number):
                return Rational(number)
            case Labelled(labels=labels, of=of):
                return self.labels[labels](self.subscript(of, given))
        return given[index]


def _places(body: Polynomial, bound: Bound) -> list[tuple[str, int]]:
    """The axes of arrays at which an index is used."""
    return [
        (atom.array, axis)
        for atom in sorted(body.atoms)
        if isinstance(atom, Entry)
        for axis, index in enumerate(atom.subscripts)
        if index == bound
    ]


def _common(polynomial: Polynomial) -> dict[Atom, Number]:
    """The factors of all terms, to the least power that they have in one."""
    if len(polynomial.terms) < 2:
        return {}
    powers = [monomial.powers for monomial in polynomial.terms]
    shared = set.intersection(*[set(one) for one in powers])
    least = {atom: min(one[atom] for one in powers) for atom in sorted(shared)}
    most = {atom: max(one[atom] for one in powers) for atom in shared}
    return {atom: power if power > 0 else most[atom] if most[atom] < 0 else 0 for atom, power in least.items()}


def _number(number: Number) -> Rational:
    fraction = Fraction(number)
    return Rational(fraction.numerator, fraction.denominator)
