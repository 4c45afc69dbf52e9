"""What the rules work on: a coefficient times a sum, over indices, of a product of powers of atoms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from derivations.calculus.simplifier.atoms import Atom
from derivations.calculus.simplifier.polynomials import Factors, Number, Polynomial, merged
from derivations.calculus.simplifier.subscripts import Subscript

__all__ = ["Product", "Sizes", "excluding"]

Sizes = Mapping[Subscript, Polynomial]
"""Indices that are summed over, and how many values each takes."""


class Product(NamedTuple):
    """coefficient * sum over the bound indices of the product of the factors."""

    bound: Sizes
    factors: Factors
    coefficient: Number = 1

    def without(self, atom: Atom, *indices: Subscript) -> Product:
        factors = {other: power for other, power in self.factors.items() if other != atom}
        return self._replace(bound=excluding(self.bound, indices), factors=factors)

    def times(self, polynomial: Polynomial) -> list[Product]:
        return [
            self._replace(factors=merged(self.factors, monomial.powers), coefficient=self.coefficient * number)
            for monomial, number in polynomial
        ]

    def over(self, atom: Atom, power: int = 1) -> Product:
        """Divided by a power of an atom."""
        return self._replace(factors=merged(self.factors, {atom: -power}))

    def depends(self, atom: Atom) -> bool:
        """Whether the atom depends on an index that is summed over."""
        return not atom.roots.isdisjoint(self.bound)


def excluding(bound: Sizes, taken: Iterable[Subscript]) -> Sizes:
    return {index: size for index, size in bound.items() if index not in taken}
