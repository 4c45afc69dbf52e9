"""The loop that applies the rules, and the arithmetic of polynomials in atoms that rests on it.

Where no rule applies to a product any more, what does not depend on an index leaves its sum, the rest falls into
connected sums, and each of these becomes an atom.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from derivations.calculus.assumptions import Assumption, SumsToOne
from derivations.calculus.simplifier import function_rules
from derivations.calculus.simplifier.atoms import EITHER_WAY, Delta
from derivations.calculus.simplifier.budget import Budget
from derivations.calculus.simplifier.composites import SUM, denominators
from derivations.calculus.simplifier.fractions import in_lowest_terms
from derivations.calculus.simplifier.polynomials import (
    ONE,
    ZERO,
    Factors,
    Monomial,
    Number,
    Polynomial,
    merged,
)
from derivations.calculus.simplifier.powers import power_of
from derivations.calculus.simplifier.products import Product, Sizes
from derivations.calculus.simplifier.rules import ARGUMENT_RULES, RULES, Rule
from derivations.calculus.simplifier.signs import Signs
from derivations.calculus.simplifier.subscripts import Fixed, Subscript, in_order
from derivations.calculus.simplifier.templates import Templates

__all__ = ["Simplifier"]


class Simplifier(Templates):
    """Simplifies under assumptions, within a budget.

    If it does not multiply out, a factor (a + b) stays one unless a delta is in it. A product of k derivatives of tanh
    then has one term and not 2**k, which is enough where both sides of an equation are the same product.
    """

    def __init__(
        self, assuming: Iterable[Assumption] = (), *, multiplies_out: bool = True, budget: Budget | None = None
    ) -> None:
        self.assuming = tuple(assuming)
        self.budget = budget or Budget()
        super().__init__(self.budget)
        self.multiplies_out = multiplies_out
        self.signs = Signs(self.assuming)
        self.sums_to_one = {(fact.array, fact.axis) for fact in self.assuming if isinstance(fact, SumsToOne)}

    def multiplying_out(self) -> Simplifier:
        """One that multiplies out, with the same assumptions and within the same budget."""
        other = Simplifier(self.assuming, budget=self.budget)
        other.signs, other.templates = self.signs, self.templates
        return other

    def simplify(self, *products: Product, rules: tuple[Rule, ...] = RULES) -> Polynomial:
        """The sum of the products, simplified."""
        todo, done = list(products), []
        while todo:
            self.spend(1)
            product = todo.pop()
            for rule in rules:
                parts = rule(product, self)
                if parts is not None:
                    todo += parts
                    break
            else:
                done.append((self._monomial(product), product.coefficient))
        return Polynomial.collected(done)

    def _monomial(self, product: Product) -> Monomial:
        """The product with its connected sums as atoms."""
        if not product.bound:
            return Monomial(product.factors)
        powers = {atom: power for atom, power in product.factors.items() if not product.depends(atom)}
        for indices, factors in _connected(product):
            sizes = {index: size for index, size in product.bound.items() if index in indices}
            powers = merged(powers, {self.closed(SUM, Polynomial({Monomial(factors): 1}), sizes): 1})
        return Monomial(powers)

    # Sums, products and powers

    def add(self, polynomials: Iterable[Polynomial]) -> Polynomial:
        return Polynomial.collected(itertools.chain.from_iterable(polynomials))

    def multiply(self, left: Polynomial, right: Polynomial) -> Polynomial:
        if left == ONE or right == ONE:
            return right if left == ONE else left
        left, right = self._as_factor(left), self._as_factor(right)
        done: list[tuple[Monomial, Number]] = []
        for one, a in left:
            for other, b in right:
                powers = merged(one.powers, other.powers)
                if one.reactive or other.reactive:
                    done += self.simplify(Product({}, powers, a * b))
                else:
                    self.spend(1)
                    done.append((Monomial(powers), a * b))
        return Polynomial.collected(done)

    def product(self, polynomials: Iterable[Polynomial]) -> Polynomial:
        result = ONE
        for polynomial in polynomials:
            result = self.multiply(result, polynomial)
        return result

    def total(self, polynomial: Polynomial, sizes: Sizes) -> Polynomial:
        """The sum over indices."""
        return self.simplify(*[Product(sizes, monomial.powers, number) for monomial, number in polynomial])

    def power(self, base: Polynomial, power: Number) -> Polynomial:
        return base if power == 1 and not self.keeps_as_factor(base) else power_of(base, power, self)

    def keeps_as_factor(self, polynomial: Polynomial) -> bool:
        """Whether it is a sum that is not to be multiplied out."""
        if self.multiplies_out or len(polynomial.terms) <= 1:
            return False
        return not any(atom.has_delta for atom in polynomial.atoms)

    def _as_factor(self, polynomial: Polynomial) -> Polynomial:
        return self.power(polynomial, 1) if self.keeps_as_factor(polynomial) else polynomial

    # Functions and deltas

    def apply(self, function: str, argument: Polynomial) -> Polynomial:
        """A function of the table, by its rule."""
        return function_rules.apply(function, self.reduced(argument), self)

    def reduced(self, polynomial: Polynomial) -> Polynomial:
        """Quotients in lowest terms, with less in the numerators, see `rules.cancel_anywhere`."""
        if not denominators(polynomial):
            return polynomial
        if self.multiplies_out:
            polynomial = in_lowest_terms(polynomial, self)
        products = [Product({}, monomial.powers, number) for monomial, number in polynomial]
        return self.simplify(*products, rules=ARGUMENT_RULES)

    def delta(self, one: Subscript, other: Subscript) -> Delta | Polynomial:
        """delta(i, i) = 1, and two different numbers are not equal."""
        if one == other:
            return ONE
        if isinstance(one, Fixed) and isinstance(other, Fixed):
            return ZERO
        return Delta(in_order((one, other), EITHER_WAY))


def _connected(product: Product) -> list[tuple[frozenset[Subscript], Factors]]:
    """The factors that depend on an index that is summed over, in groups that share none."""
    groups: list[tuple[frozenset[Subscript], Factors]] = []
    for atom, power in product.factors.items():
        indices = atom.roots & product.bound.keys()
        if indices:
            joined = [group for group in groups if group[0] & indices]
            groups = [group for group in groups if group not in joined]
            factors = {atom: power}
            for other, members in joined:
                indices, factors = indices | other, {**members, **factors}
            groups.append((frozenset(indices), factors))
    return groups
