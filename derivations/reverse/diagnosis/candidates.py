"""All single changes of a layer's formulas, with what they give: worked out once, whoever is diagnosed afterwards."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sympy import Add, Expr, Pow, sqrt

from derivations.calculus.definitions import Definitions, name_of
from derivations.calculus.evaluate import Evaluation
from derivations.reverse.diagnosis.behind import behind
from derivations.reverse.diagnosis.changes import Context, changes
from derivations.reverse.diagnosis.misread import Misreading, all_names, misreadings
from derivations.reverse.diagnosis.places import Array, Place
from derivations.reverse.diagnosis.rivals import rivals
from derivations.reverse.diagnosis.wholes import changes_of_the_whole
from derivations.reverse.walk import axes_of

__all__ = ["Candidate", "candidates", "value_of"]


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
    misreading: Misreading | None = None

    def at(self, place: Place) -> Place:
        """The place at which the formulas are what the function computes."""
        return place if self.misreading is None else self.misreading.at(place)


def candidates(
    definitions: Definitions, given: Sequence[Expr], ways: Sequence[Definitions], gradients: Iterable[str], place: Place
) -> list[Candidate]:
    """Every change of every formula, evaluated at a place."""
    wanted = frozenset(gradients)
    found = []
    for way in ways:
        whole = {**definitions, **way}
        known = all_names(whole, place)
        for where, words, cost, changed in [*_roots(definitions, way), *_changes(definitions, given, way)]:
            after = behind(where, whole)
            kept = {name: value for name, value in known.items() if name not in after}
            walk = Evaluation({**place.values, **kept}, place.sizes, {**whole, **changed})
            values = {name: value_of(walk, name, {**whole, **changed}) for name in sorted(after & wanted)}
            computed = {name: value for name, value in values.items() if value is not None}
            if computed:
                found.append(Candidate(where, words, cost, changed, way, after, computed))
    return found + list(_misread(definitions, given, ways[-1], wanted, place))


def _misread(
    definitions: Definitions, given: Sequence[Expr], way: Definitions, wanted: frozenset[str], place: Place
) -> Iterator[Candidate]:
    whole = {**definitions, **way}
    for misreading in misreadings(definitions, given, way):
        after = behind(misreading.name, whole)
        walk = misreading.at(place).evaluation(whole)
        values = {name: value_of(walk, name, whole) for name in sorted((after & wanted) - {misreading.name})}
        computed = {name: value for name, value in values.items() if value is not None}
        if computed:
            yield Candidate(misreading.name, misreading.words, misreading.cost, {}, way, after, computed, misreading)


Edited = tuple[str, str, float, Definitions]


def _changes(definitions: Definitions, given: Sequence[Expr], way: Definitions) -> Iterator[Edited]:
    whole = {**definitions, **way}
    for gradient, expr in way.items():
        context = _context(gradient, [*given, *whole], whole)
        for change in itertools.chain(changes(expr, context), changes_of_the_whole(expr, context)):
            yield name_of(gradient), change.words, change.cost, {gradient: change.expr}
    entries: Definitions = {**way, **{name: name for name in given if name_of(name).startswith("d")}}
    for gradient, rival, expr in rivals(definitions, entries):
        yield name_of(gradient), f"the slope is that of {rival}", 1.1, {gradient: expr}
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


def value_of(walk: Evaluation, name: str, where: Definitions) -> Array | None:
    """The array of a name; None where it can't be computed."""
    gradient = next(pattern for pattern in where if name_of(pattern) == name)
    try:
        with np.errstate(all="ignore"):
            return walk.array_of(where[gradient], axes_of(gradient))
    except (ArithmeticError, ValueError):
        return None
