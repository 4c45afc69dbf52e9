"""Into and out of templates: a formula becomes an atom when it is closed, and a sum's factors are had by opening it."""

from __future__ import annotations

import itertools

from derivations.calculus.simplifier.budget import Budget, check_depth
from derivations.calculus.simplifier.composites import Composite, Template
from derivations.calculus.simplifier.labelling import canonical_labelling
from derivations.calculus.simplifier.polynomials import Polynomial, of_atom
from derivations.calculus.simplifier.products import Product, Sizes
from derivations.calculus.simplifier.subscripts import Bound, Hole, Named, Subscript

__all__ = ["Templates"]


class Templates:
    """The templates in use, each kept once so that equal ones are the same, and indices with new names."""

    def __init__(self, budget: Budget) -> None:
        self.spend = budget.spend
        self.templates: dict[Template, Template] = {}
        self._numbers = itertools.count()

    def new_index(self, size: str = "") -> Named:
        """An index that occurs nowhere else."""
        return Named(f"#{next(self._numbers)}", size)

    def closed(self, of: str, body: Polynomial, sizes: Sizes | None = None) -> Composite:
        """The atom whose template is this formula, with holes for the subscripts that it does not sum over."""
        sizes = sizes or {}
        terms = [(monomial.powers, number) for monomial, number in body]
        bound, outer, symmetries = canonical_labelling(terms, {index: s.key for index, s in sizes.items()}, self.spend)
        new: dict[Subscript, Subscript] = {index: Bound(k) for k, index in enumerate(bound)}
        new.update({subscript: Hole(k) for k, subscript in enumerate(outer)})
        template = Template(of, body.renumbered(new), tuple(sizes[index] for index in bound), symmetries)
        check_depth(template.depth)
        _ = template.key  # worked out now, while the keys of what is inside are known: later it would take recursion
        return Composite(self.templates.setdefault(template, template), tuple(outer))

    def opaque(self, function: str, argument: Polynomial) -> Polynomial:
        """A function of an argument, as an atom."""
        return of_atom(self.closed(function, argument))

    def filling(self, atom: Composite) -> tuple[dict[Subscript, Subscript], Sizes]:
        """What fills the holes of an atom's template; the indices of its sum get new names."""
        new: dict[Subscript, Subscript] = {Hole(k): subscript for k, subscript in enumerate(atom.subscripts)}
        sizes: dict[Subscript, Polynomial] = {}
        for k, size in enumerate(atom.template.sizes):
            new[Bound(k)] = index = self.new_index()
            sizes[index] = size
        return new, sizes

    def opened(self, product: Product, atom: Composite) -> Product:
        """The product with a sum's indices and factors among its own."""
        new, sizes = self.filling(atom)
        [(monomial, number)] = atom.template.body
        [whole] = product.times(Polynomial({monomial.renumbered(new): number}))
        return whole._replace(bound={**product.bound, **sizes})

    def argument(self, atom: Composite) -> Polynomial:
        """z of f(z), and s of s**k."""
        return atom.template.body.renumbered(self.filling(atom)[0])
