"""Finding a product in a product: the division of polynomials, where the factors have indices.

In sum_ij w[i] e[i, j] / sum_k e[i, k] the rule `cancel` looks for sum_k e[i, k] among the factors: it is found, with j
for k, and taken out. What is found must be whole: an index of its sums occurs nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from derivations.calculus.simplifier.algebra import Algebra
from derivations.calculus.simplifier.atoms import Atom
from derivations.calculus.simplifier.composites import SUM, Composite, kind
from derivations.calculus.simplifier.polynomials import Factors, Monomial, Number, Polynomial, merged
from derivations.calculus.simplifier.products import Product, Sizes, excluding
from derivations.calculus.simplifier.subscripts import Subscript

__all__ = ["Pattern", "divides", "divisor", "quotients"]

Renaming = dict[Subscript, Subscript]


class Pattern(NamedTuple):
    """A monomial, to be found among the factors of a product; what its sums are over is in `bound`."""

    monomial: Monomial
    bound: Sizes
    factors: Factors


def divides(atom: Atom) -> bool:
    """Whether division by what the atom is of ends.

    It does if the leading monomial is no factor of the rest, as it may be in x + x / y.
    """
    assert isinstance(atom, Composite)
    body = atom.template.body
    return len(body.terms) == 1 or all(power > 0 for monomial in body.terms for power in monomial.powers.values())


def divisor(atom: Atom, product: Product, simplifier: Algebra) -> tuple[Pattern, Number, Polynomial]:
    """What a sum, a power or a step is of: its leading monomial, that one's coefficient, and the rest."""
    assert isinstance(atom, Composite)
    new, sizes = simplifier.filling(atom)
    (monomial, coefficient), *rest = atom.template.body.renumbered(new).sorted
    pattern = Product(sizes, monomial.powers)
    while inner := next(_flat(pattern, product), None):
        pattern = simplifier.opened(pattern.over(inner), inner)
    return Pattern(monomial, pattern.bound, pattern.factors), coefficient, Polynomial(dict(rest))


def _flat(pattern: Product, product: Product) -> Iterator[Composite]:
    """The sums whose factors are to be found one by one, as `flatten` leaves them."""
    for atom, power in pattern.factors.items():
        if isinstance(atom, Composite) and kind(atom) == SUM and power >= 1 and product.depends(atom):
            yield atom


class _Search(NamedTuple):
    wanted: list[tuple[Atom, Number]]
    image: Renaming
    left: Factors


def quotients(product: Product, pattern: Pattern, simplifier: Algebra) -> Iterator[Product]:
    """The product divided by the pattern, for each way in which the pattern is found in it."""
    todo = [_Search(list(pattern.factors.items()), {}, product.factors)]
    while todo:
        simplifier.spend(1)
        search = todo.pop()
        if search.wanted:
            todo += _steps(search, pattern, product)
            continue
        taken = set(search.image.values())
        if not any(taken & atom.roots for atom in search.left):
            yield product._replace(bound=excluding(product.bound, taken), factors=search.left)


def _steps(search: _Search, pattern: Pattern, product: Product) -> Iterator[_Search]:
    """The first factor that is wanted, found in each way."""
    (atom, power), *rest = search.wanted
    for candidate, available in search.left.items():
        # Of the same sign and large enough: exp(-z) does not contain exp(z), or division would not end.
        enough = available * power >= power * power
        if enough and type(candidate) is type(atom) and candidate.head == atom.head:
            for subscripts in candidate.orders():
                image = _unified(atom.subscripts, subscripts, search.image, pattern.bound, product.bound)
                if image is not None:
                    yield _Search(rest, image, merged(search.left, {candidate: -power}))


def _unified(
    wanted: Iterable[Subscript], found: Iterable[Subscript], image: Renaming, inner: Sizes, outer: Sizes
) -> Renaming | None:
    """The renaming of the pattern's inner indices, enlarged so that it turns one into the other."""
    for one, other in zip(wanted, found, strict=True):
        if one in inner and one not in image:
            if other in image.values() or outer.get(other) != inner[one]:
                return None
            image = {**image, one: other}
        elif one.replaced(image) != other:
            return None
    return image
