"""All single changes of a layer's formulas, with what they give: worked out once, whoever is diagnosed afterwards."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sympy import Add, Expr, Pow, sqrt

from derivations.calculus.definitions import Definitions, name_of, names_in
from derivations.calculus.evaluate import Evaluation
from derivations.reverse.diagnosis.changes import Context, changes
from derivations.reverse.diagnosis.places import Array, Place
from derivations.reverse.diagnosis.wholes import changes_of_the_whole
from derivations.reverse.walk import axes_of

__all__ = ["Candidate", "behind", "candidates", "value_of"]


@dataclass(frozen=True)
class Candidate:
    """What may have been done in the formula of the name `where`, and what it would have made of the gradients."""

    where: str
    words: str
    cost: float
    changed: Definitions
    """The formulas that are others."""
    way: Definitions
    """The backward pass that they are changed in."""
    behind: frozenset[str]
    """The names that are computed from `where`."""
    values: Mapping[str, Array]
    """At one place: the gradients behind it, as far as they can be computed."""


def candidates(
    definitions: Definitions, given: Sequence[Expr], ways: Sequence[Definitions], gradients: Iterable[str], place: Place
) -> list[Candidate]:
    """Every change of every formula, evaluated at a place."""
    wanted = frozenset(gradients)
    found = []
    for way in ways:
        whole = {**definitions, **way}
        known = _known(whole, place)
        for where, words, cost, changed in [*_roots(definitions, way), *_changes(definitions, given, way)]:
            after = behind(where, whole)
            kept = {name: value for name, value in known.items() if name not in after}
            walk = Evaluation({**place.values, **kept}, place.sizes, {**whole, **changed})
            values = {name: value_of(walk, name, {**whole, **changed}) for name in sorted(after & wanted)}
            computed = {name: value for name, value in values.items() if value is not None}
            if computed:
                found.append(Candidate(where, words, cost, changed, way, after, computed))
    return found


def _known(whole: Definitions, place: Place) -> dict[str, Array]:
    """All names, as they should be: what no change reaches need not be computed anew."""
    walk = place.evaluation(whole)
    return {name_of(quantity): np.asarray(walk.named(quantity)) for quantity in whole}


Edited = tuple[str, str, float, Definitions]


def _changes(definitions: Definitions, given: Sequence[Expr], way: Definitions) -> Iterator[Edited]:
    whole = {**definitions, **way}
    for gradient, expr in way.items():
        context = _context(gradient, [*given, *whole], whole)
        for change in itertools.chain(changes(expr, context), changes_of_the_whole(expr, context)):
            yield name_of(gradient), change.words, change.cost, {gradient: change.expr}
    for pattern, expr in definitions.items():
        for change in changes(expr, _context(pattern, [*given, *definitions], whole)):
            words = f"computed anew on the way back: {change.words}"
            yield name_of(pattern), words, change.cost + 0.3, {pattern: change.expr}


def _roots(definitions: Definitions, way: Definitions) -> Iterator[Edited]:
    """1 / sqrt(v + eps) became 1 / (sqrt(v) + eps) wherever it occurs."""
    whole = {**definitions, **way}
    powers = {part for body in whole.values() for part in body.atoms(Pow) if isinstance(part.base, Add)}
    roots = {part.base for part in powers if (2 * part.exp).is_odd}
    for base, term in [(root, term) for root in roots for term in root.args if term.is_Symbol]:
        other = sqrt(base - term) + term
        new = {part: other ** (2 * part.exp) for part in powers if part.base == base}
        changed = {pattern: body.xreplace(new) for pattern, body in whole.items() if body.has(base)}
        first = next(name_of(pattern) for pattern in changed)
        yield first, f"{term} is outside of the root on the way back", 0.9, changed


def _context(quantity: Expr, names: Sequence[Expr], whole: Definitions) -> Context:
    """The names that aren't computed from this one: only they may have been confused with what is in its formula."""
    after = behind(name_of(quantity), whole)
    arrays = [name for name in names if not name.is_Symbol and name_of(name) not in after]
    sums = {part for body in whole.values() for part in body.atoms(Add) if any(term.is_Symbol for term in part.args)}
    return Context(arrays, axes_of(quantity), sorted(sums, key=str))


def behind(name: str, where: Definitions) -> frozenset[str]:
    """The names that are computed from this one, itself among them."""
    found = {name}
    for _ in where:
        more = {name_of(pattern) for pattern, body in where.items() if names_in(body) & found} - found
        if not more:
            break
        found |= more
    return frozenset(found)


def value_of(walk: Evaluation, name: str, where: Definitions) -> Array | None:
    """The array of a name; None where it can't be computed."""
    gradient = next(pattern for pattern in where if name_of(pattern) == name)
    try:
        with np.errstate(all="ignore"):
            return walk.array_of(where[gradient], axes_of(gradient))
    except (ArithmeticError, ValueError):
        return None
