"""Quotients in lowest terms: (x p + x) / (p + 1) = x, also where the quotient is spread over several terms.

For what is inside of a function. Outside, denominators are cleared (`denominators`), which needs no division.
"""

from __future__ import annotations

from fractions import Fraction

from derivations.calculus.simplifier.algebra import Algebra
from derivations.calculus.simplifier.atoms import Atom
from derivations.calculus.simplifier.composites import Composite, denominators
from derivations.calculus.simplifier.polynomials import ZERO, Factors, Monomial, Number, Polynomial, merged
from derivations.calculus.simplifier.powers import extracted

__all__ = ["in_lowest_terms"]

MAX_DENOMINATORS = 6
"""More different ones are left as they are: with each, the numerator may have twice as many terms."""


def in_lowest_terms(polynomial: Polynomial, simplifier: Algebra) -> Polynomial:
    """N / D without the sums that divide both; for a simplifier that multiplies out."""
    if len(denominators(polynomial)) > MAX_DENOMINATORS:
        return polynomial
    numerator, below = _over_common_denominator(polynomial, simplifier)
    numerator, common = extracted(numerator, lambda _: True, simplifier)
    for atom, power in below.items():
        numerator, left = _divided(numerator, atom, power, simplifier)
        common = merged(common, {atom: -left} if left else {})
    return simplifier.multiply(numerator, Polynomial({Monomial(common): 1}))


def _over_common_denominator(polynomial: Polynomial, simplifier: Algebra) -> tuple[Polynomial, Factors]:
    total: Factors = {}
    while below := denominators(polynomial):
        atom = max(below)
        polynomial = simplifier.multiply(polynomial, Polynomial({Monomial({atom: below[atom]}): 1}))
        total = merged(total, {atom: below[atom]})
    return polynomial, total


def _divided(numerator: Polynomial, atom: Atom, power: Number, simplifier: Algebra) -> tuple[Polynomial, Number]:
    """The numerator divided by a sum as often as it goes, and the power of the sum that is left below."""
    assert isinstance(atom, Composite)
    divisor = simplifier.argument(atom)
    while power >= 1 and (quotient := _quotient(numerator, divisor, simplifier)) is not None:
        numerator, power = quotient, power - 1
    return numerator, power


def _quotient(numerator: Polynomial, divisor: Polynomial, simplifier: Algebra) -> Polynomial | None:
    """Division of polynomials, leading term by leading term; None if it leaves a remainder."""
    quotient, (leading, coefficient) = ZERO, divisor.sorted[0]
    while numerator:
        simplifier.spend(len(divisor.terms))
        monomial, number = numerator.sorted[0]
        powers = merged(monomial.powers, {atom: -power for atom, power in leading.powers.items()})
        if any(powers.get(atom, 0) < 0 for atom in leading.powers):
            return None
        term = Polynomial({Monomial(powers): Fraction(number) / coefficient})
        quotient, numerator = quotient + term, numerator - simplifier.multiply(term, divisor)
        if numerator and not numerator.sorted[0][0] < monomial:
            return None
    return quotient
