"""A forward pass that is given as definitions of the calculus, as the chapters have them, and not as text."""

from __future__ import annotations

from sympy import Expr, Indexed, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import Definitions, by_name, name_of
from derivations.calculus.evaluate import free_quantities, shape_of
from derivations.calculus.grammar import Index, Local, Partial, array, entry
from derivations.reverse.errors import FormulaError
from derivations.reverse.reading import Forward

__all__ = ["given"]


def given(definitions: Definitions) -> Forward:
    """The forward pass that the definitions write down; those of gradients among them are left out.

    A column `b[c, 0]` becomes an array of one axis, `b[c]`.

    >>> from derivations import network
    >>> forward = given(network.where)
    >>> [name_of(name) for name in forward.outputs], sorted(forward.inputs)
    (['J'], ['W1', 'W2', 'X', 'Y', 'b1', 'b2', 'lam'])

    Raises FormulaError if a name is defined by what is defined after it, or there is no definition of an output.
    """
    found = {
        _flat(name): body.replace(_is_entry, _flat)
        for name, body in definitions.items()
        if not body.has(Partial, Local)
    }
    if not found:
        raise FormulaError("there is no forward pass: expected definitions such as {A[v, i]: tanh(Z[v, i])}")
    by_name(found)  # no name twice
    known = set(map(name_of, found))
    leaves = {name: leaf for name, leaf in free_quantities(found.values()).items() if name not in known}
    inputs = {name: _whole(leaf) for name, leaf in sorted(leaves.items())}
    return Forward(_in_order(found), inputs)


def _is_entry(part: Expr) -> bool:
    return isinstance(part, (MatrixElement, Indexed))


def _flat(quantity: Expr) -> Expr:
    """The entry without its axes of length 1."""
    if not _is_entry(quantity):
        return quantity
    name, indices = entry(quantity)
    axes = [(size, index) for size, index in zip(shape_of(quantity), indices, strict=True) if size != 1]
    if len(axes) == len(indices):
        return quantity
    if not axes:
        return Symbol(name, real=True)
    return array(name, *[size for size, _ in axes])[tuple(index for _, index in axes)]


def _whole(leaf: Expr) -> Expr:
    """The entry with an index of its own on each axis."""
    if not _is_entry(leaf):
        return leaf
    name, indices = entry(leaf)
    if len(set(indices)) == len(indices) and all(isinstance(index, Index) for index in indices):
        return leaf
    new = tuple(Index(f"{name}_{axis}", size) for axis, size in enumerate(shape_of(leaf)))
    return array(name, *shape_of(leaf))[new]


def _in_order(definitions: Definitions) -> Definitions:
    """Each after those that it needs."""
    ordered: dict[Expr, Expr] = {}
    left = dict(definitions)
    while left:
        waiting = set(map(name_of, left))
        ready = [name for name, body in left.items() if not waiting & set(free_quantities([body]))]
        if not ready:
            raise FormulaError(f"the definitions go around in a circle: {', '.join(sorted(waiting))}")
        for name in ready:
            ordered[name] = left.pop(name)
    return ordered
