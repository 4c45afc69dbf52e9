"""Powers of sums: (a b + a c)**k = a**k (b + c)**k, where a may be taken out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sympy import factorint

from derivations.calculus.simplifier.algebra import Algebra
from derivations.calculus.simplifier.atoms import Atom
from derivations.calculus.simplifier.composites import POWER, denominators
from derivations.calculus.simplifier.polynomials import (
    ONE,
    UNIT,
    ZERO,
    Factors,
    Monomial,
    Number,
    Polynomial,
    constant,
    exact,
    merged,
    of_atom,
)
from derivations.calculus.simplifier.products import Product

__all__ = ["extracted", "power_of", "prime_powers"]


def power_of(base: Polynomial, power: Number, simplifier: Algebra) -> Polynomial:
    """base**power for a rational power."""
    whole = power.denominator == 1
    if whole and power >= 0 and not simplifier.keeps_as_factor(base):
        return _whole_power(base, int(power), simplifier)
    accepted = (lambda _: True) if whole else simplifier.signs.positive_atom
    rest, outside = extracted(simplifier.reduced(base), accepted, simplifier)
    if rest:  # what didn't look like 0 may be 0 in lowest terms, or without its denominators
        return (_fraction if whole else _root)(rest, outside, power, simplifier)
    if power < 0:
        raise ZeroDivisionError(f"0 to the power {power}")
    return ZERO


def _whole_power(base: Polynomial, power: int, simplifier: Algebra) -> Polynomial:
    if len(base.terms) == 1 and power:
        [(monomial, number)] = base
        powers = {atom: p * power for atom, p in monomial.powers.items()}
        return simplifier.simplify(Product({}, powers, number**power))
    return simplifier.product([base] * power)


def _fraction(rest: Polynomial, outside: Factors, power: Number, simplifier: Algebra) -> Polynomial:
    """(a b + a c)**k = a**k (b + c)**k for a whole number k, and (-b)**k = (-1)**k b**k."""
    number, rest = rest.primitive(signed=True)
    common = {atom: exact(p * power) for atom, p in outside.items()}
    parts = [constant(Fraction(number) ** int(power)), simplifier.simplify(Product({}, common))]
    return simplifier.product(parts if rest == ONE else [*parts, _closed(rest, power, simplifier)])


def _root(rest: Polynomial, outside: Factors, power: Number, simplifier: Algebra) -> Polynomial:
    """(a b + a c)**k = a**k (b + c)**k for positive a, and (a**2 b)**k = |a|**(2 k) b**k."""
    number, rest = rest.primitive()
    parts = [_prime_roots(number, power, simplifier)]
    parts.append(simplifier.simplify(Product({}, {atom: exact(p * power) for atom, p in outside.items()})))
    if len(rest.terms) == 1 and UNIT not in rest.terms:
        rest, squares = _squares_taken_out(rest)
        parts += [power_of(simplifier.apply("absolute", of_atom(a)), exact(p * power), simplifier) for a, p in squares]
    return simplifier.product(parts if rest == ONE else [*parts, _closed(rest, power, simplifier)])


def _squares_taken_out(base: Polynomial) -> tuple[Polynomial, list[tuple[Atom, Number]]]:
    [(monomial, number)] = base
    squares = [(atom, power) for atom, power in monomial.powers.items() if power % 2 == 0]
    left = {atom: power for atom, power in monomial.powers.items() if power % 2}
    return Polynomial({Monomial(left): number}), squares


def _closed(base: Polynomial, power: Number, simplifier: Algebra) -> Polynomial:
    return of_atom(simplifier.closed(POWER, base), power)


def _prime_roots(number: Number, power: Number, simplifier: Algebra) -> Polynomial:
    """A root of a number is a product of roots of primes."""
    roots = [(simplifier.closed(POWER, constant(prime)), k * power) for prime, k in prime_powers(number)]
    return simplifier.simplify(Product({}, dict(roots)))


def prime_powers(number: Number) -> list[tuple[int, int]]:
    """The prime factors of a positive number, and their powers."""
    below = [(prime, -power) for prime, power in factorint(number.denominator).items()]
    return [(prime, power) for prime, power in [*factorint(number.numerator).items(), *below] if prime != 1]


def extracted(base: Polynomial, accepted: Callable[[Atom], bool], simplifier: Algebra) -> tuple[Polynomial, Factors]:
    """base = rest * product of the outside factors: denominators first, then what all terms have in common.

    A simplifier that does not multiply out leaves denominators where they are, for one that does to find them.
    """
    outside: Factors = {}
    while simplifier.multiplies_out and (below := {a: p for a, p in denominators(base).items() if accepted(a)}):
        base = simplifier.multiply(base, Polynomial({Monomial(below): 1}))
        outside = merged(outside, {atom: -power for atom, power in below.items()})
    free = [atom for atom in base.atoms - denominators(base).keys() if accepted(atom)]
    least = {atom: min(monomial.powers.get(atom, 0) for monomial in base.terms) for atom in free}
    common = {atom: power for atom, power in least.items() if power}
    inverse = {atom: -power for atom, power in common.items()}
    rest = Polynomial({Monomial(merged(monomial.powers, inverse)): number for monomial, number in base})
    return rest, merged(outside, common)
