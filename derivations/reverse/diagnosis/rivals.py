"""Activations that are taken for each other: the slope of one on the way back of another.

A layer that computes GELU by erf has now and then been given the slope of GELU by tanh. The numbers are alike, so that
training goes on, only worse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sympy import Expr, Indexed, Rational, S, erf, exp, pi, sqrt, tanh
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import Definitions, name_of
from derivations.calculus.functions import step
from derivations.calculus.grammar import entry

__all__ = ["RIVALS", "Rival", "rivals"]

Rival = tuple[Expr, str, Expr]
"""The gradient whose formula becomes another, the rival's name, and that formula."""


def _logistic(z: Expr) -> Expr:
    return 1 / (1 + exp(-z))


def _inner(z: Expr) -> Expr:
    return sqrt(2 / pi) * (z + Rational("0.044715") * z**3)


def _product(gate: Callable[[Expr], Expr], slope: Callable[[Expr], Expr]) -> Callable[[Expr], Expr]:
    """The slope of z gate(z)."""
    return lambda z: gate(z) + z * slope(z)


RIVALS: Mapping[str, Callable[[Expr], Expr]] = {
    "GELU by erf": _product(lambda z: (1 + erf(z / sqrt(2))) / 2, lambda z: exp(-(z**2) / 2) / sqrt(2 * pi)),
    "GELU by tanh": _product(
        lambda z: (1 + tanh(_inner(z))) / 2,
        lambda z: (1 - tanh(_inner(z)) ** 2) * sqrt(2 / pi) * (1 + 3 * Rational("0.044715") * z**2) / 2,
    ),
    "quick GELU": _product(
        lambda z: _logistic(Rational("1.702") * z),
        lambda z: Rational("1.702") * _logistic(Rational("1.702") * z) * (1 - _logistic(Rational("1.702") * z)),
    ),
    "SiLU": _product(_logistic, lambda z: _logistic(z) * (1 - _logistic(z))),
    "sigmoid": lambda z: _logistic(z) * (1 - _logistic(z)),
    "tanh": lambda z: 1 - tanh(z) ** 2,
    "softplus": _logistic,
    "ReLU": step,
    "the identity": lambda z: S.One,
}
"""The slope of each, from its input."""


def rivals(definitions: Definitions, gradients: Definitions) -> Iterator[Rival]:
    """For each activation of a layer, every other one's slope in the place of its own; `gradients` by their entries."""
    by_name = {name_of(gradient): gradient for gradient in gradients}
    for output, body in definitions.items():
        entries = body.atoms(MatrixElement, Indexed)
        if len(entries) != 1:
            continue
        (given,) = entries
        uses = [other for other in definitions.values() if name_of(given) in {name_of(e) for e in _entries(other)}]
        back, upstream = by_name.get(f"d{name_of(given)}"), by_name.get(f"d{name_of(output)}")
        if len(uses) == 1 and back is not None and upstream is not None and entry(given)[1] == entry(output)[1]:
            letters = dict(zip(entry(given)[1], entry(back)[1], strict=True))
            other = dict(zip(entry(upstream)[1], entry(back)[1], strict=True))
            for name, slope in RIVALS.items():
                yield back, name, upstream.xreplace(other) * slope(given.xreplace(letters))


def _entries(expr: Expr) -> set[Expr]:
    return set(expr.atoms(MatrixElement, Indexed))
