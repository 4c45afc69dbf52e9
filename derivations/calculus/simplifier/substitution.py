"""Other subscripts for indices, and formulas for names.

To replace a subscript in an atom is to replace it in a tuple, unless two subscripts become equal or one is in a delta:
then the formula changes, sum_a delta(a, _0) x[a, _1] or (x[_0] - x[_1])**2, and is worked out anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from derivations.calculus.simplifier.algebra import Algebra
from derivations.calculus.simplifier.atoms import Atom, Delta
from derivations.calculus.simplifier.composites import POWER, SUM, Composite, Template, templates_in
from derivations.calculus.simplifier.polynomials import Monomial, Number, Polynomial, merged, of_atom
from derivations.calculus.simplifier.products import Product
from derivations.calculus.simplifier.subscripts import Bound, Hole, Subscript

__all__ = ["Replacement", "filled", "instantiated", "replaced", "substituted"]

Renaming = Mapping[Subscript, Subscript]


def replaced(polynomial: Polynomial, new: Renaming, simplifier: Algebra) -> Polynomial:
    """The polynomial with other subscripts."""
    return simplifier.add(
        simplifier.simplify(*substituted(Product({}, monomial.powers, number), new, simplifier))
        for monomial, number in polynomial
    )


def filled(polynomial: Polynomial, subscripts: tuple[Subscript, ...], simplifier: Algebra) -> Polynomial:
    """The polynomial with its holes filled."""
    return replaced(polynomial, {Hole(k): subscript for k, subscript in enumerate(subscripts)}, simplifier)


def substituted(product: Product, new: Renaming, simplifier: Algebra) -> list[Product]:
    """The product with other subscripts, for which an atom may become a sum."""
    plain: dict[Atom, Number] = {}
    formulas: list[Polynomial] = []
    for atom, power in product.factors.items():
        image = _with_subscripts(atom, new, simplifier) if atom.subscripts else atom
        if isinstance(image, Atom):
            plain = merged(plain, {image: power})
        else:
            formulas.append(simplifier.power(image, power))
    return product._replace(factors=plain).times(simplifier.product(formulas))


def _with_subscripts(atom: Atom, new: Renaming, simplifier: Algebra) -> Atom | Polynomial:
    subscripts = tuple(subscript.replaced(new) for subscript in atom.subscripts)
    if subscripts == atom.subscripts:
        return atom
    if isinstance(atom, Delta):
        return simplifier.delta(*subscripts)
    if isinstance(atom, Composite) and (atom.has_delta or len(set(subscripts)) < len(subscripts)):
        return instantiated(Composite(atom.template, subscripts), simplifier)
    return atom.at(subscripts)


def instantiated(atom: Composite, simplifier: Algebra) -> Polynomial:
    """The formula that the atom is; of a power, its base."""
    new, sizes = simplifier.filling(atom)
    template = atom.template
    if template.kind == SUM:
        [(monomial, number)] = template.body
        return simplifier.simplify(*substituted(Product(sizes, monomial.powers, number), new, simplifier))
    body = replaced(template.body, new, simplifier)
    return body if template.kind == POWER else simplifier.apply(template.kind, body)


class Replacement:
    """Puts formulas for some atoms, in every template from the inside out, each worked out once."""

    def __init__(
        self,
        simplifier: Algebra,
        formula: Callable[[Atom], Polynomial | None] = lambda _: None,
        apply: Callable[[str, Polynomial], Polynomial] | None = None,
    ) -> None:
        """`formula` says what an entry or a scalar becomes; `apply` what a function does, if not what it did."""
        self.simplifier, self.formula = simplifier, formula
        self.apply = apply or simplifier.apply
        self._images: dict[Template, Polynomial] = {}

    def of(self, polynomial: Polynomial) -> Polynomial:
        """What the polynomial becomes."""
        for template in sorted(templates_in(polynomial), key=lambda template: template.depth):
            if template not in self._images:
                self._images[template] = self._of_template(template)
        return self._of_terms(polynomial)

    def _of_terms(self, polynomial: Polynomial) -> Polynomial:
        return self.simplifier.add(self._of_monomial(monomial).scaled(number) for monomial, number in polynomial)

    def _of_monomial(self, monomial: Monomial) -> Polynomial:
        powers = [self.simplifier.power(self._of_atom(atom), power) for atom, power in monomial.powers.items()]
        return self.simplifier.product(sorted(powers, key=lambda factor: len(factor.terms)))

    def _of_atom(self, atom: Atom) -> Polynomial:
        if isinstance(atom, Composite):
            return filled(self._images[atom.template], atom.subscripts, self.simplifier)
        formula = self.formula(atom)
        return of_atom(atom) if formula is None else formula

    def _of_template(self, template: Template) -> Polynomial:
        """With the template's holes in it."""
        indices: dict[Subscript, Subscript] = {
            Bound(k): self.simplifier.new_index() for k in range(len(template.sizes))
        }
        body = self._of_terms(template.body.renumbered(indices))
        if template.kind == SUM:
            return self.simplifier.total(body, dict(zip(indices.values(), template.sizes, strict=True)))
        return body if template.kind == POWER else self.apply(template.kind, body)
