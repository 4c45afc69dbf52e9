"""How functions of the table are simplified: one rule a function. A function without a rule stays as it is.

    exp        exp(a + b) = exp(a) exp(b), exp(k a) = exp(a)**k, exp(log(a)) = a
    log        log(a b) = log(a) + log(b) for positive a, log(exp(a)) = a
    step       step(a z) = step(z) for positive a, step(step(z) w) = step(z) step(w), step(a) = 1
    relu       relu(z) = z step(z), relu(z) = z for nonnegative z
    sign       sign(z) = step(z) - step(-z)
    absolute   |z| = z sign(z), |z| = z for nonnegative z
    cos        cos(-z) = cos(z)

and f(-z) = -f(z) for those that the table calls odd.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from derivations.calculus.functions import function_named
from derivations.calculus.simplifier.algebra import Algebra
from derivations.calculus.simplifier.atoms import Atom
from derivations.calculus.simplifier.composites import POWER, Composite, kind
from derivations.calculus.simplifier.polynomials import ONE, ZERO, Polynomial, constant, of_atom
from derivations.calculus.simplifier.powers import extracted, prime_powers

__all__ = ["apply"]

FunctionRule: TypeAlias = "Callable[[Polynomial, Algebra], Polynomial]"


def apply(name: str, z: Polynomial, simplifier: Algebra) -> Polynomial:
    """The function of this name, of a polynomial."""
    if name in _RULES:
        return _RULES[name](z, simplifier)
    if function_named(name).odd and not z:
        return ZERO
    if function_named(name).odd and z.primitive(signed=True)[0] < 0:
        return simplifier.opaque(name, z.scaled(-1)).scaled(-1)
    return simplifier.opaque(name, z)


def exp(z: Polynomial, simplifier: Algebra) -> Polynomial:
    """exp(a + b) = exp(a) exp(b), exp(k a) = exp(a)**k, exp(log(a)) = a."""
    factors = []
    for monomial, number in z:
        match list(monomial.powers.items()):
            case [(Composite(template, _) as atom, 1)] if template.kind == "log":
                factors.append(simplifier.power(simplifier.argument(atom), number))
            case _:
                factors.append(of_atom(simplifier.closed("exp", Polynomial({monomial: 1})), number))
    return simplifier.product(factors)


def log(z: Polynomial, simplifier: Algebra) -> Polynomial:
    """log(a b) = log(a) + log(b) and log(a**k) = k log(a) for positive a, log(exp(a)) = a."""
    if not z:
        raise ZeroDivisionError("the logarithm of 0")
    rest, outside = extracted(z, simplifier.signs.positive_atom, simplifier)
    number, rest = rest.primitive()
    terms = [_log_of_atom(atom, simplifier).scaled(power) for atom, power in outside.items()]
    terms += [simplifier.opaque("log", constant(prime)).scaled(k) for prime, k in prime_powers(number)]
    if rest != ONE:
        terms.append(simplifier.opaque("log", rest))
    return simplifier.add(terms)


def _log_of_atom(atom: Atom, simplifier: Algebra) -> Polynomial:
    match atom:
        case Composite(template, _) if template.kind == "exp":
            return simplifier.argument(atom)
        case Composite(template, _) if template.kind == POWER:
            return simplifier.opaque("log", simplifier.argument(atom))
    return simplifier.opaque("log", of_atom(atom))


def step(z: Polynomial, simplifier: Algebra) -> Polynomial:
    """step(a z) = step(z) for positive a, step(step(z) w) = step(z) step(w), step(a) = 1 and step(-a) = 0."""
    if not z:
        return z
    rest, outside = extracted(z, lambda atom: simplifier.signs.positive_atom(atom) or kind(atom) == "step", simplifier)
    _, rest = rest.primitive()
    steps = [of_atom(atom) for atom in outside if kind(atom) == "step"]
    if simplifier.signs.positive(rest):
        return simplifier.product(steps)
    if simplifier.signs.nonnegative(rest.scaled(-1)):
        return ZERO
    return simplifier.product([simplifier.opaque("step", rest), *steps])


def relu(z: Polynomial, simplifier: Algebra) -> Polynomial:
    """relu(z) = z step(z), and relu(z) = z where z is known to be nonnegative."""
    return z if simplifier.signs.nonnegative(z) else simplifier.multiply(z, step(z, simplifier))


def sign(z: Polynomial, simplifier: Algebra) -> Polynomial:
    """sign(z) = step(z) - step(-z)."""
    return step(z, simplifier) - step(z.scaled(-1), simplifier)


def absolute(z: Polynomial, simplifier: Algebra) -> Polynomial:
    """|z| = z sign(z), and |z| = z where z is known to be nonnegative."""
    return z if simplifier.signs.nonnegative(z) else simplifier.multiply(z, sign(z, simplifier))


def cos(z: Polynomial, simplifier: Algebra) -> Polynomial:
    """cos(-z) = cos(z) and cos(0) = 1."""
    if not z:
        return ONE
    negative = z.primitive(signed=True)[0] < 0
    return simplifier.opaque("cos", z.scaled(-1) if negative else z)


_RULES: dict[str, FunctionRule] = {
    "exp": exp, "log": log, "step": step, "relu": relu, "sign": sign, "absolute": absolute, "cos": cos,
}  # fmt: skip
