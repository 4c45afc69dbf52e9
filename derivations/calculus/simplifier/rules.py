"""The rules by which products are simplified, one function a rule, in the order in which they are tried.

    idempotent    delta(i, j)**2 = delta(i, j),  step(z)**2 = step(z)
    pythagoras    sin(z)**2 = 1 - cos(z)**2
    sift          sum_i delta(i, j) f(i) = f(j)
    align         delta(i, j) f(j) = delta(i, j) f(i)
    count         sum_{i < m} 1 = m
    distribute    (a + b) c = a c + b c
    flatten       sum_i f(i) sum_j g(i, j) = sum_ij f(i) g(i, j)
    assumed_sum   sum_c Y[c, i] = 1, where that is assumed
    cancel        T / S = (1 - R / S) / c  for S = c T + R
    mirror        w step(w) = w - w step(-w)  for one of w and -w;  w step(w) = w  for nonnegative w

A rule looks at a `Product` and returns the products whose sum it equals, or None if it does not apply. `simplifier`
applies the first rule that does, again and again. The rules of functions, exp(a + b) = exp(a) exp(b) and the like, are
in `function_rules`; those of powers in `powers`.

Each rule is an equality of real numbers wherever both of its sides are defined. So two expressions whose difference
comes out as 0 are equal there. The rules are not complete: a difference that does not come out as 0 says nothing.

Why this ends: `sift` and `count` take an index away, `flatten` and `assumed_sum` a sum, `distribute` a sum to a power,
`idempotent` and `pythagoras` a power; `align` puts one index for another that then occurs in the delta alone; `cancel`
and `mirror` put smaller monomials for larger ones, as in the division of polynomials. The budget is for what takes too
long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TypeAlias

from derivations.calculus.simplifier.algebra import Algebra
from derivations.calculus.simplifier.atoms import Atom, Delta, Entry
from derivations.calculus.simplifier.composites import POWER, SUM, Composite, kind
from derivations.calculus.simplifier.matching import divides, divisor, quotients
from derivations.calculus.simplifier.polynomials import ONE, ZERO, Polynomial, merged, of_atom
from derivations.calculus.simplifier.products import Product, excluding
from derivations.calculus.simplifier.subscripts import Fixed, Labelled
from derivations.calculus.simplifier.substitution import instantiated, substituted

__all__ = ["ARGUMENT_RULES", "RULES", "Rule"]

Rule: TypeAlias = "Callable[[Product, Algebra], list[Product] | None]"


def idempotent(product: Product, _: Algebra) -> list[Product] | None:
    """delta(i, j)**2 = delta(i, j) and step(z)**2 = step(z)."""
    for atom, power in product.factors.items():
        if power > 1 and (isinstance(atom, Delta) or kind(atom) == "step"):
            return [product._replace(factors={**product.factors, atom: 1})]
    return None


def pythagoras(product: Product, simplifier: Algebra) -> list[Product] | None:
    """sin(z)**2 = 1 - cos(z)**2."""
    for atom, power in product.factors.items():
        if power >= 2 and isinstance(atom, Composite) and atom.template.kind == "sin":
            cosine = simplifier.apply("cos", simplifier.argument(atom))
            return product.over(atom, 2).times(ONE - simplifier.multiply(cosine, cosine))
    return None


def sift(product: Product, simplifier: Algebra) -> list[Product] | None:
    """sum_i delta(i, j) f(i) = f(j)."""
    for atom in _deltas(product):
        one, other = atom.subscripts
        for index, value in ((one, other), (other, one)):
            if index in product.bound and value.root != index:
                return substituted(product.without(atom, index), {index: value}, simplifier)
    return None


def align(product: Product, simplifier: Algebra) -> list[Product] | None:
    """delta(i, j) f(j) = delta(i, j) f(i): of two free indices, the delta alone keeps the second."""
    for atom in _deltas(product):
        one, other = atom.subscripts
        for kept, index in ((one, other), (other, one)):
            plain = not isinstance(index, Fixed | Labelled) and kept.root != index
            if plain and any(index in factor.roots for factor in product.factors if factor != atom):
                parts = substituted(product.without(atom), {index: kept}, simplifier)
                return [part._replace(factors=merged(part.factors, {atom: 1})) for part in parts]
            if plain:
                break
    return None


def _deltas(product: Product) -> Iterator[Delta]:
    return (atom for atom, power in product.factors.items() if isinstance(atom, Delta) and power == 1)


def count(product: Product, _: Algebra) -> list[Product] | None:
    """sum_{i < m} 1 = m."""
    for index, size in product.bound.items():
        if not any(index in atom.roots for atom in product.factors):
            return product._replace(bound=excluding(product.bound, [index])).times(size)
    return None


def distribute(product: Product, simplifier: Algebra) -> list[Product] | None:
    """(a + b) c = a c + b c, if the simplifier is to multiply out."""
    for atom, power in product.factors.items():
        if simplifier.multiplies_out and power >= 1 and isinstance(atom, Composite) and atom.template.kind == POWER:
            whole = simplifier.power(instantiated(atom, simplifier), int(power))
            return product.over(atom, int(power)).times(whole)
    return None


def flatten(product: Product, simplifier: Algebra) -> list[Product] | None:
    """sum_i f(i) sum_j g(i, j) = sum_ij f(i) g(i, j).

    Sums that do not depend on an index stay atoms: sum_i f(i) sum_j g(j) is a product of two.
    """
    for atom, power in product.factors.items():
        if power >= 1 and isinstance(atom, Composite) and atom.template.kind == SUM and product.depends(atom):
            return [simplifier.opened(product.over(atom), atom)]
    return None


def assumed_sum(product: Product, simplifier: Algebra) -> list[Product] | None:
    """sum_c Y[c, i] = 1, where that is assumed."""
    for index in product.bound:
        users = [(atom, power) for atom, power in product.factors.items() if index in atom.roots]
        match users:
            case [(Entry(array, subscripts) as atom, 1)]:
                axes = [axis for axis, subscript in enumerate(subscripts) if subscript.root == index]
                if len(axes) == 1 and subscripts[axes[0]] == index and (array, axes[0]) in simplifier.sums_to_one:
                    return [product.without(atom, index)]
    return None


def cancel(product: Product, simplifier: Algebra) -> list[Product] | None:
    """T / S = (1 - R / S) / c for S = c T + R, where S depends on an index that is summed over; so S / S = 1.

    T is the leading monomial of S, and R has smaller ones, so this is the division of polynomials and ends as that
    does. Denominators outside of sums are cleared instead, which is complete (see `zero`).
    """
    return _cancelled(product, simplifier, [atom for atom in product.factors if product.depends(atom)])


def cancel_anywhere(product: Product, simplifier: Algebra) -> list[Product] | None:
    """T / S = (1 - R / S) / c for S = c T + R: in the argument of a function, where denominators can't be cleared."""
    return _cancelled(product, simplifier, list(product.factors))


def _cancelled(product: Product, simplifier: Algebra, atoms: list[Atom]) -> list[Product] | None:
    for atom in atoms:
        if product.factors[atom] > -1 or kind(atom) not in (SUM, POWER) or not divides(atom):
            continue
        leading, coefficient, rest = divisor(atom, product, simplifier)
        for quotient in quotients(product, leading, simplifier):
            numerator = of_atom(atom) - rest  # S - R, of which S cancels
            return quotient.times(numerator.scaled(Fraction(1) / coefficient))
    return None


def mirror(product: Product, simplifier: Algebra) -> list[Product] | None:
    """w step(w) = w - w step(-w) for one of w and -w: so relu(w) - relu(-w) = w, and |w|**2 = w**2.

    It is the one whose leading coefficient is negative. As with `cancel`, the leading monomial T of w = c T + R is
    looked for: T step(w) = (w - w step(-w) - R step(w)) / c. If w is known to be nonnegative, w step(-w) is 0.

    Only once derivatives are taken, where it is multiplied out: relu(-w) is relu(w) - w, but by convention both have
    the slope 0 at 0, while the other side's would be -1 there.
    """
    if not simplifier.multiplies_out:
        return None
    for atom in product.factors:
        if kind(atom) != "step" or not divides(atom):
            continue
        leading, coefficient, rest = divisor(atom, product, simplifier)
        w = rest + Polynomial({leading.monomial: coefficient})
        if coefficient > 0 and not simplifier.signs.nonnegative(w):
            continue
        for quotient in quotients(product.without(atom), leading, simplifier):
            opposite = simplifier.opaque("step", w.scaled(-1)) if coefficient < 0 else ZERO
            parts = simplifier.multiply(w, ONE - opposite) - simplifier.multiply(rest, of_atom(atom))
            return quotient.times(parts.scaled(Fraction(1) / coefficient))
    return None


RULES: tuple[Rule, ...] = (
    idempotent, pythagoras, sift, align, count, distribute, flatten, assumed_sum, cancel, mirror,
)  # fmt: skip

ARGUMENT_RULES: tuple[Rule, ...] = tuple(cancel_anywhere if rule is cancel else rule for rule in RULES)
