"""A derivation under other names: what a chapter derives for any layer, for a certain one of a network.

>>> from derivations import affine, network
>>> from derivations.notation import dA1, j, w
>>> names = {"A": "A1", "W": "W2", "Z": "Z2", "dA": "dA1", "dZ": "dZ2"}
>>> back = instance(affine.dA_contracted, "Back", dA1[w, j], names, network.where, network.one_class_each)
>>> affine.dA_contracted.result, back.result
(Sum(W[v, t]*dZ[v, j], (v, 0, h - 1)), Sum(W2[c, w]*dZ2[c, j], (c, 0, C - 1)))
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from sympy import Basic, Expr, Symbol

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions
from derivations.calculus.evaluate import free_quantities, shape_of
from derivations.calculus.grammar import Index, entry
from derivations.proofs.derivation import Derivation

__all__ = ["instance"]


def instance(
    derivation: Derivation,
    title: str,
    start: Expr,
    names: Mapping[str, str],
    where: Definitions,
    assumptions: Iterable[Assumption] = (),
    instances: Iterable[Mapping[str, str]] = ({},),
) -> Derivation:
    """The same steps from `start` on, with its letters, for the arrays that `where` has for those of the derivation.

    `names` has them by name: {"W": "W2"}. That they mean what the derivation's arrays mean is not taken for granted:
    each step is proven anew, from the definitions in `where`. Raises KeyError if one of the new names is in none of
    the definitions.
    """
    new = _renaming(derivation, start, names, where)
    words = {str(old): str(other) for old, other in new.items()} | dict(names)
    steps = [(expr.xreplace(new), _reworded(reason, words)) for expr, reason in derivation.steps]
    return Derivation(title, start, *steps, where=where, assumptions=assumptions, instances=instances)


def _renaming(derivation: Derivation, start: Expr, names: Mapping[str, str], where: Definitions) -> dict[Basic, Basic]:
    """From the derivation's arrays, their sizes and all indices to those of the instance."""
    exprs = [derivation.start, *(expr for expr, _ in derivation.steps)]
    known = free_quantities([start, *where, *where.values()])
    new: dict[Basic, Basic] = {}
    for name, quantity in free_quantities(exprs).items():
        if names.get(name, name) not in known:
            raise KeyError(f"{derivation.title}: no definition has {names.get(name, name)}, which is to be its {name}")
        other = known[names.get(name, name)]
        new |= dict(zip([*quantity.args[:1], *shape_of(quantity)], [*other.args[:1], *shape_of(other)], strict=True))
    new |= dict(zip(entry(derivation.start)[1], entry(start)[1], strict=True))
    for index in sorted(set().union(*(expr.atoms(Index) for expr in exprs)) - new.keys(), key=str):
        new[index] = _letter(index, new[index.size], where, [*new.values()])
    return new


def _letter(index: Index, size: Expr, where: Definitions, taken: Sequence[Basic]) -> Index:
    """The first letter that the definitions have for a size and that is not taken; else the index's own."""
    letters = [part for pattern in where if not isinstance(pattern, Symbol) for part in entry(pattern)[1]]
    free = (letter for letter in letters if isinstance(letter, Index) and letter.size == size and letter not in taken)
    return next(free, Index(index.name, size))


def _reworded(reason: str, words: Mapping[str, str]) -> str:
    """The reason, with other names between its backticks."""
    parts = reason.split("`")
    parts[1::2] = [re.sub(r"[A-Za-z_]\w*", lambda name: words.get(name[0], name[0]), part) for part in parts[1::2]]
    return "`".join(parts)
