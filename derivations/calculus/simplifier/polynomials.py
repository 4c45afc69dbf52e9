"""Sums of products of atoms: what an expression is when it is simplified.

    sum_u W[v, u] X[u, i] + 2 b[v, 0] exp(Z[v, i])**-1

is a `Polynomial` of two `Monomial`s, each a product of powers of atoms (`atoms`). Two expressions whose polynomials are
the same are equal. The converse doesn't hold: see `zero`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import Any

from derivations.calculus.simplifier.atoms import Atom
from derivations.calculus.simplifier.subscripts import Node, Subscript, Writer

__all__ = ["ONE", "UNIT", "ZERO", "Factors", "Monomial", "Number", "Polynomial", "constant", "exact", "merged",
           "of_atom"]  # fmt: skip

Number = int | Fraction
Factors = Mapping[Atom, Number]
"""Atoms and their powers, which are rational and not 0."""


def exact(number: Number) -> Number:
    """An int where it is whole: ints are many times faster than Fractions."""
    return number.numerator if number.denominator == 1 else number


def merged(left: Factors, right: Factors) -> dict[Atom, Number]:
    """The powers of a product."""
    powers = dict(left)
    for atom, power in right.items():
        total = powers.get(atom, 0) + power
        if total:
            powers[atom] = exact(total)
        else:
            del powers[atom]
    return powers


class Monomial(Node):
    """A product of powers of atoms."""

    rank = 30
    __match_args__ = ("powers",)

    def __init__(self, powers: Factors) -> None:
        self.powers = powers

    @cached_property
    def _hash(self) -> int:
        return hash(frozenset(self.powers.items()))

    @cached_property
    def key(self) -> tuple[Any, ...]:
        """The degree first: of two monomials, that of the higher one comes later, which `rules.cancel` relies on."""
        degree = sum(power for power in self.powers.values())
        return (degree, *sorted(((atom.key, power) for atom, power in self.powers.items()), reverse=True))

    @cached_property
    def reactive(self) -> bool:
        return any(atom.reactive for atom in self.powers)

    def without(self, atom: Atom) -> Monomial:
        return Monomial({other: power for other, power in self.powers.items() if other != atom})

    def renumbered(self, new: Mapping[Subscript, Subscript]) -> Monomial:
        return Monomial({atom.replaced(new): power for atom, power in self.powers.items()})

    def written(self, write: Writer) -> str:
        return " ".join(_power(atom.written(write), power) for atom, power in sorted(self.powers.items())) or "1"


def _power(base: str, power: Number) -> str:
    if power == 1:
        return base
    return f"{base}**{power}" if power.denominator == 1 else f"{base}**({power})"


class Polynomial(Node):
    """A sum of monomials with coefficients that are not 0."""

    rank = 31
    __match_args__ = ("terms",)

    def __init__(self, terms: Mapping[Monomial, Number]) -> None:
        self.terms = terms

    @classmethod
    def collected(cls, terms: Iterable[tuple[Monomial, Number]]) -> Polynomial:
        total: dict[Monomial, Number] = {}
        for monomial, coefficient in terms:
            total[monomial] = total.get(monomial, 0) + coefficient
        return cls({monomial: exact(number) for monomial, number in total.items() if number})

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __iter__(self) -> Iterator[tuple[Monomial, Number]]:
        return iter(self.terms.items())

    def __add__(self, other: Polynomial) -> Polynomial:
        return Polynomial.collected([*self, *other])

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + other.scaled(-1)

    def scaled(self, factor: Number) -> Polynomial:
        return Polynomial({monomial: exact(factor * number) for monomial, number in self}) if factor else ZERO

    @cached_property
    def _hash(self) -> int:
        return hash(frozenset(self.terms.items()))

    @cached_property
    def sorted(self) -> tuple[tuple[Monomial, Number], ...]:
        """From the leading term on."""
        return tuple(sorted(self, key=lambda pair: pair[0].key, reverse=True))

    @cached_property
    def key(self) -> tuple[Any, ...]:
        return tuple((monomial.key, number) for monomial, number in self.sorted)

    @cached_property
    def atoms(self) -> frozenset[Atom]:
        return frozenset(atom for monomial in self.terms for atom in monomial.powers)

    @cached_property
    def roots(self) -> frozenset[Subscript]:
        """The indices that it depends on."""
        return frozenset(root for atom in self.atoms for root in atom.roots)

    @cached_property
    def names(self) -> frozenset[str]:
        """The arrays and scalars in it, at any depth."""
        return frozenset(name for atom in self.atoms for name in atom.names)

    def primitive(self, signed: bool = False) -> tuple[Number, Polynomial]:
        """A positive number, and the rest, whose coefficients are whole without a common factor.

        If `signed`, the number has a sign such that p and -p have the same rest.
        """
        numbers = list(self.terms.values())
        size = Fraction(gcd(*[n.numerator for n in numbers]), lcm(*[n.denominator for n in numbers]))
        balance = sum(1 if n > 0 else -1 for n in numbers)  # decides first: it doesn't depend on the names of indices
        negative = balance < 0 or (balance == 0 and self.sorted[0][1] < 0)
        number = exact(-size if signed and negative else size)
        return number, self.scaled(Fraction(1) / number)

    def renumbered(self, new: Mapping[Subscript, Subscript]) -> Polynomial:
        """With other subscripts, of which no two become equal, so that there is nothing to simplify."""
        return Polynomial({monomial.renumbered(new): number for monomial, number in self})

    @property
    def number(self) -> Number | None:
        """Its value if it is a number."""
        if not self.terms:
            return 0
        return self.terms[UNIT] if len(self.terms) == 1 and UNIT in self.terms else None

    def written(self, write: Writer) -> str:
        positive_first = sorted(self.sorted, key=lambda term: term[1] < 0)
        text = " ".join(_signed_term(monomial, number, write) for monomial, number in positive_first) or "0"
        return text.removeprefix("+ ") if not text.startswith("- ") else f"-{text[2:]}"


def _signed_term(monomial: Monomial, number: Number, write: Writer) -> str:
    sign, size = ("-", -number) if number < 0 else ("+", number)
    if not monomial.powers:
        return f"{sign} {size}"
    return f"{sign} {monomial.written(write)}" if size == 1 else f"{sign} {size} {monomial.written(write)}"


UNIT = Monomial({})
ZERO = Polynomial({})
ONE = Polynomial({UNIT: 1})


def constant(number: Number) -> Polynomial:
    return Polynomial({UNIT: exact(number)}) if number else ZERO


def of_atom(atom: Atom, power: Number = 1) -> Polynomial:
    return Polynomial({Monomial({atom: exact(power)}): 1})
