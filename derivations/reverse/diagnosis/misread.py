"""Arrays that the way back reads wrongly: another one is taken for them, or a part of them is left out.

No formula changes then, but the numbers at a place do, so a misreading is a function from places to places.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sympy import Expr

from derivations.calculus.definitions import Definitions, name_of
from derivations.calculus.evaluate import shape_of
from derivations.calculus.grammar import Index, entry
from derivations.reverse.diagnosis.behind import behind
from derivations.reverse.diagnosis.places import Array, Place

__all__ = ["Misreading", "all_names", "misreadings"]


@dataclass(frozen=True)
class Misreading:
    """What is used on the way back as if it were the array `name`."""

    name: str
    words: str
    cost: float
    whole: Definitions
    taken: str
    """The array that is used instead: another one, or itself without a part."""
    left_out: tuple[int, int] | None = None
    """An axis, and the entry along it that is taken for 0."""
    anew: bool = False
    """Whether what the forward pass computes from `name` is computed again, from the wrong array."""

    def at(self, place: Place) -> Place:
        """The place as it then looks."""
        known = {**place.values, **all_names(self.whole, place)}
        value = np.array(known[self.taken])
        if self.left_out is not None:
            axis, number = self.left_out
            np.moveaxis(value, axis, 0)[number] = 0
        forward = {name: known[name] for name in map(name_of, self.whole) if not name.startswith("d")}
        return replace(place, values={**place.values, **({} if self.anew else forward), self.name: value})


def misreadings(definitions: Definitions, given: Sequence[Expr], way: Definitions) -> Iterator[Misreading]:
    """Of each array of the layer, and of each gradient that comes back to one of its names."""
    whole = {**definitions, **way}
    yield from _taken_for_another(definitions, given, whole)
    for quantity in (*given, *way):
        if name_of(quantity).startswith("d"):
            yield from _left_out(quantity, whole)


def _taken_for_another(definitions: Definitions, given: Sequence[Expr], whole: Definitions) -> Iterator[Misreading]:
    """Of two arrays of one shape, one of which is computed from the other: what was saved is the wrong one."""
    arrays = [quantity for quantity in (*given, *definitions) if not name_of(quantity).startswith("d")]
    for one, other in itertools.permutations(arrays, 2):
        name, taken = name_of(one), name_of(other)
        related = taken in behind(name, definitions) or name in behind(taken, definitions)
        if related and shape_of(one) == shape_of(other) != ():
            words = f"{taken} is taken for {name} on the way back"
            yield Misreading(name, words, 1.4, whole, taken)
            yield Misreading(name, f"{words}, and all is computed anew from it", 1.5, whole, taken, anew=True)


def _left_out(gradient: Expr, whole: Definitions) -> Iterator[Misreading]:
    """As by a loop over range(1, n) or range(n - 1)."""
    name = name_of(gradient)
    for axis, index in enumerate(entry(gradient)[1]):
        for word, number in (("first", 0), ("last", -1)) if isinstance(index, Index) else ():
            words = f"the {word} {index} of {name} is left out"
            yield Misreading(name, words, 1.2, whole, name, left_out=(axis, number))


def all_names(whole: Definitions, place: Place) -> Mapping[str, Array]:
    """All that the definitions give, as it should be."""
    walk = place.evaluation(whole)
    return {name_of(quantity): np.asarray(walk.named(quantity)) for quantity in whole}
