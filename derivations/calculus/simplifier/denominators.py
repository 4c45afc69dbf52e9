"""Denominators are cleared: what remains is 0 only if the polynomial was.

1/(1 + e) - e/(1 + e)**2 - 1/(1 + e)**2 has no term that cancels another until it is multiplied by (1 + e)**2. This is
the step that ends where others go on: each time, one denominator goes. Roots are cleared in the same way, and so are
the denominators under a sum, where terms that have the same sums around them are brought under one sum first.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from derivations.calculus.simplifier.atoms import Atom
from derivations.calculus.simplifier.composites import SUM, Composite, denominators, kind
from derivations.calculus.simplifier.polynomials import ZERO, Monomial, Number, Polynomial
from derivations.calculus.simplifier.rewriting import Simplifier
from derivations.calculus.simplifier.subscripts import Bound, Hole, Subscript

__all__ = ["cleared"]


def cleared(polynomial: Polynomial, simplifier: Simplifier) -> Polynomial:
    """The polynomial times its denominators, outside of sums and then under them: 0 only if it was 0."""
    while below := denominators(polynomial):
        atom = max(below)  # one at a time: terms with like denominators meet before the next is multiplied out
        polynomial = simplifier.multiply(polynomial, Polynomial({Monomial({atom: below[atom]}): 1}))
    if not any(map(is_fraction, polynomial.atoms)):
        return polynomial
    parts = summands(polynomial, simplifier)
    return ZERO if parts and not any(cleared(part, simplifier) for part in parts) else polynomial


Around = tuple[Monomial, tuple[Polynomial, ...]]


def summands(polynomial: Polynomial, simplifier: Simplifier) -> list[Polynomial]:
    """What sums with fractions are over: the polynomial is 0 if all of these are. [] if a term is not of this form.

    a sum_i f(i) + a sum_i g(i) = a sum_i (f(i) + g(i)). Which index of one sum is which of the other is not known, so
    each is taken as the mean over all the ways to name its indices, which changes nothing in its value.
    """
    parts: dict[Around, list[Polynomial]] = {}
    whole: list[tuple[Monomial, Number]] = []
    indices = [simplifier.new_index() for _ in range(most_indices(polynomial))]
    for monomial, number in polynomial:
        fraction = max((atom for atom in sums_in(monomial) if is_fraction(atom)), default=None)
        if fraction is None:
            whole.append((monomial, number))
        else:
            part = summand(fraction, indices, simplifier).scaled(number)
            parts.setdefault(around(fraction, monomial), []).append(part)
    for monomial, number in whole:
        fitting = [atom for atom in sums_in(monomial) if around(atom, monomial) in parts]
        if not fitting:
            return []
        parts[around(fitting[0], monomial)].append(summand(fitting[0], indices, simplifier).scaled(number))
    return [sum(group, ZERO) for group in parts.values()]


def around(atom: Composite, monomial: Monomial) -> Around:
    """What a sum is multiplied by, and its ranges."""
    return monomial.without(atom), tuple(sorted(atom.template.sizes))


def sums_in(monomial: Monomial) -> list[Composite]:
    """The sums that it is linear in."""
    return [a for a, p in monomial.powers.items() if p == 1 and isinstance(a, Composite) and a.template.kind == SUM]


def is_fraction(atom: Atom) -> bool:
    """Whether it is a sum of quotients."""
    return kind(atom) == SUM and isinstance(atom, Composite) and bool(denominators(atom.template.body))


def most_indices(polynomial: Polynomial) -> int:
    return max(len(atom.template.sizes) for atom in polynomial.atoms if isinstance(atom, Composite))


def summand(atom: Composite, indices: Sequence[Subscript], simplifier: Simplifier) -> Polynomial:
    """What a sum is over, with these indices in place of its own: the mean over all ways to do so."""
    sizes = atom.template.sizes
    holes: dict[Subscript, Subscript] = {Hole(k): subscript for k, subscript in enumerate(atom.subscripts)}
    places = sorted(range(len(sizes)), key=lambda k: sizes[k])  # for an index of each range, in order
    ways: list[Polynomial] = []
    for way in itertools.permutations(places):
        simplifier.spend(1)
        if [sizes[k] for k in way] == [sizes[k] for k in places]:
            bound: dict[Subscript, Subscript] = {Bound(k): index for k, index in zip(way, indices, strict=False)}
            ways.append(atom.template.body.renumbered({**holes, **bound}))
    return sum(ways, ZERO).scaled(Fraction(1, len(ways)))
