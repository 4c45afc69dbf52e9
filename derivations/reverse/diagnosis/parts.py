"""A gradient that is right in part: at all entries but the ends of a range, or on one side of a condition."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sympy import Abs, Expr, sign

from derivations.calculus.definitions import Definitions
from derivations.calculus.functions import absolute, relu, step
from derivations.calculus.grammar import Index, free_indices
from derivations.calculus.writers.text import text
from derivations.reverse.diagnosis.numbers import as_formula
from derivations.reverse.diagnosis.places import Array, Place

__all__ = ["Part", "parts_of_a_range", "sides_of_a_condition"]

NEAR = 1e-6
"""Relative to the largest entry of the right gradient."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Part:
    """What is right and what isn't, in words, and what it costs to believe that this is all."""

    words: str
    cost: float


def parts_of_a_range(name: str, axes: Sequence[Index], got: Sequence[Array], right: Sequence[Array]) -> Iterator[Part]:
    """The first or the last entries along an axis are left out, or all but one end is."""
    for number, index in enumerate(axes):
        turned = [(np.moveaxis(g, number, 0), np.moveaxis(r, number, 0)) for g, r in zip(got, right, strict=True)]
        if all(_all_in_one(g, r) for g, r in turned):
            yield Part(
                f"each {index} of {name} is written to the first one: what comes last is kept, all else is 0", 0.9
            )
        for which, ends in ENDS.items():
            if all(len(g) > 2 and _but_for(g, r, ends) for g, r in turned):
                zero = all(not g[end].any() for g, _ in turned for end in ends)
                yield Part(f"{name} is {'0' if zero else 'wrong'} at {which} {index}, and right at all others", 0.9)
            elif all(len(g) > 2 and _only_at(g, r, ends) for g, r in turned):
                yield Part(f"{name} is right at {which} {index} only, and 0 at all others", 1.0)


def sides_of_a_condition(
    name: str, axes: Sequence[Index], got: Sequence[Array], right: Sequence[Array], places: Sequence[Place],
    where: Definitions,
) -> Iterator[Part]:  # fmt: skip
    """Wrong where a condition of the layer holds, such as z[i] > 0, or two of them do, and right everywhere else."""
    walks = [place.evaluation(where) for place in places]
    sides: list[tuple[str, list[Mask]]] = []
    for argument in conditions(where, axes):
        masks = [walk.array_of(argument, tuple(axes)) > 0 for walk in walks]
        sides += [(f"{text(argument)} > 0", masks), (f"{text(argument)} <= 0", [~mask for mask in masks])]
    pairs = [
        (f"{one} and {other}", [a & b for a, b in zip(mask, more, strict=True)])
        for (one, mask), (other, more) in itertools.combinations(sides, 2)
    ]
    for words, outside in (*sides, *pairs):
        inside = [~mask for mask in outside]
        if _parted(inside) and all(map(_right_just_there, inside, got, right)):
            factor = _factor_outside(inside, got, right, places)
            said = f"where {words}, {name} is {factor or 'wrong'}, and right everywhere else"
            yield Part(said, (2.6 if factor is None else 1.6) + 0.2 * (" and " in words))


def conditions(where: Definitions, axes: Sequence[Index]) -> list[Expr]:
    """Arguments of the functions with a kink that have an entry for each of the gradient's."""
    kinks = (step, relu, absolute, Abs, sign)
    found = {function.args[0] for body in where.values() for function in body.atoms(*kinks)}
    return sorted((argument for argument in found if set(free_indices(argument)) <= set(axes)), key=str)


ENDS = {"the first": (0,), "the last": (-1,), "the first and the last": (0, -1)}


def _but_for(got: Array, right: Array, ends: Sequence[int]) -> bool:
    wrong = {position % len(got) for position in range(len(got)) if not _same(got[position], right[position], right)}
    return wrong == {end % len(got) for end in ends}


def _only_at(got: Array, right: Array, ends: Sequence[int]) -> bool:
    kept = {end % len(got) for end in ends}
    rest = [position for position in range(len(got)) if position not in kept]
    return not got[rest].any() and all(_same(got[end], right[end], right) for end in kept)


def _all_in_one(got: Array, right: Array) -> bool:
    return len(got) > 2 and not got[1:].any() and _same(got[0], right[-1], right)


def _parted(masks: Sequence[Mask]) -> bool:
    return any(mask.any() for mask in masks) and any(not mask.all() for mask in masks)


def _right_just_there(mask: Mask, got: Array, right: Array) -> bool:
    """On this side all is right; on the other one nothing is that isn't 0 anyway."""
    scale = float(np.max(np.abs(right), initial=0.0))
    alike = np.abs(got - right) <= NEAR * scale
    zero = np.abs(right) <= NEAR * scale
    return bool(alike[mask].all()) and not (alike & ~zero)[~mask].any() and scale > 0


def _factor_outside(
    masks: Sequence[Mask], got: Sequence[Array], right: Sequence[Array], places: Sequence[Place]
) -> str | None:
    measured, seen = [], []
    for mask, one, other, place in zip(masks, got, right, places, strict=True):
        if not mask.all() and other[~mask].all():
            ratios = one[~mask] / other[~mask]
            if not np.allclose(ratios, ratios[0], rtol=NEAR, atol=0):
                return None
            measured.append(float(ratios[0]))
            seen.append(place)
    formula = as_formula(measured, seen) if measured else None
    if formula is None:
        return None
    return "0" if formula == 0 else f"{text(formula)} times what it should be"


def _same(one: Array, other: Array, right: Array) -> bool:
    scale = float(np.max(np.abs(right), initial=0.0))
    return scale > 0 and bool(np.max(np.abs(one - other), initial=0.0) <= NEAR * scale)
