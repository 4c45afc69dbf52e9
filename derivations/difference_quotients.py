"""Difference quotients, and how far they are from the slope.

Along one parameter, the loss near a point is J + g s + p s^2 + q s^3, up to terms in s^4, where it is smooth: s is the
step, J the loss at the point and g the slope that is sought.
"""

from sympy import Symbol

from derivations.notation import J, network_notation
from derivations.proofs.derivation import Derivation

notation = network_notation

s = Symbol("s", real=True)
g, p, q = Symbol("g", real=True), Symbol("p", real=True), Symbol("q", real=True)
above, below = Symbol("above", real=True), Symbol("below", real=True)  # the loss after a step up, and after one down

where = {
    above: J + g * s + p * s**2 + q * s**3,
    below: J - g * s + p * s**2 - q * s**3,
}

one_sided = Derivation(
    "A step to one side",
    (above - J) / s,
    ((g * s + p * s**2 + q * s**3) / s, "the loss at the point cancels"),
    (g + p * s + q * s**2, "divide by `s`: the error is of first order in `s`"),
    where=where,
)

central = Derivation(
    "A step to both sides",
    (above - below) / (2 * s),
    ((2 * g * s + 2 * q * s**3) / (2 * s), "the even powers of `s` cancel"),
    (g + q * s**2, "divide by `2 s`: the error is of second order in `s`"),
    where=where,
)
