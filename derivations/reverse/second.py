"""The derivative of a derivative: a layer's gradient is a formula, so it is the forward pass of another layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sympy import Expr, Indexed, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import Definitions, name_of, names_in
from derivations.calculus.evaluate import free_quantities, shape_of
from derivations.calculus.grammar import array, entry
from derivations.reverse.reading import Forward

__all__ = ["gradient_as_forward"]


def gradient_as_forward(definitions: Definitions, gradients: Definitions, wanted: str) -> Forward:
    """The forward pass whose output is the gradient with this name, `gX` for dX: d is left for its own derivatives."""
    everything = {**definitions, **gradients}
    needed = _needed(everything, wanted)
    new = {name: f"g{name[1:]}" for name in _gradient_names(definitions, gradients, needed.values())}
    renamed = {_renamed(pattern, new): _renamed(body, new) for pattern, body in needed.items()}
    known = set(map(name_of, renamed))
    inputs = {name: q for name, q in free_quantities(renamed.values()).items() if name not in known}
    return Forward(renamed, dict(sorted(inputs.items())))


def _needed(everything: Definitions, wanted: str) -> dict[Expr, Expr]:
    names = {wanted}
    for pattern, body in reversed(list(everything.items())):
        names |= names_in(body) if name_of(pattern) in names else set()
    return {pattern: body for pattern, body in everything.items() if name_of(pattern) in names}


def _gradient_names(definitions: Definitions, gradients: Definitions, bodies: Iterable[Expr]) -> set[str]:
    """Those of the gradients, and of what comes back to the outputs."""
    found = {name for body in bodies for name in names_in(body)} | set(map(name_of, gradients))
    return {name for name in found if name in map(name_of, gradients) or name[1:] in map(name_of, definitions)}


def _renamed(expr: Expr, new: Mapping[str, str]) -> Expr:
    quantities = expr.atoms(MatrixElement, Indexed, Symbol)
    return expr.xreplace({q: _named(q, new[name_of(q)]) for q in quantities if name_of(q) in new})


def _named(quantity: Expr, name: str) -> Expr:
    if isinstance(quantity, Symbol):
        return Symbol(name, real=True)
    return array(name, *shape_of(quantity))[entry(quantity)[1]]
