"""Numbers at which a function is asked: different sizes, so that a transpose or a wrong mean can't hide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from sympy import Expr, Symbol

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions, name_of
from derivations.calculus.evaluate import Evaluation, free_quantities, shape_of
from derivations.calculus.window import window_of
from derivations.proofs.witnesses.draws import WIDEST_FIRST, Kind, draw, size_names
from derivations.reverse.errors import FormulaError
from derivations.reverse.windows import with_room, zeros_and_ones

__all__ = ["Array", "Place", "places"]

Array = npt.NDArray[np.float64]

SMALLEST = 3
"""Sizes from here on: 2 is a factor that formulas have anyway."""

SMALLEST_ALONE = 11
"""Of a layer that has a single size: some entries have to be on either side of a kink, such as |z - t| > 1."""


@dataclass(frozen=True)
class Place:
    """Sizes, and a value for each input and for each gradient that comes back."""

    sizes: Mapping[Expr, int]
    values: Mapping[str, Array]

    def evaluation(self, where: Definitions) -> Evaluation:
        """The walk that computes names from these definitions."""
        return Evaluation(self.values, self.sizes, where)

    @cached_property
    def scalars(self) -> dict[str, float]:
        """The inputs that are numbers."""
        return {name: float(value) for name, value in self.values.items() if np.ndim(value) == 0}


def places(
    definitions: Definitions,
    way: Definitions,
    upstream: Sequence[Expr],
    losses: Iterable[str],
    assumptions: tuple[Assumption, ...],
    equal: bool = False,
) -> list[Place]:
    """Three places of distinct sizes, whose scalars differ too; the gradient dL of a loss L is one of them.

    With `equal`, all sizes of a place are equal, so that products with a transpose too many or too few run. The numbers
    are of the first kind at which the layer and its gradients, which `way` defines, are defined. Raises FormulaError if
    there is none.
    """
    exprs = [*definitions, *definitions.values(), *upstream]
    known = set(map(name_of, definitions))
    leaves = {name: leaf for name, leaf in free_quantities(exprs).items() if name not in known and not window_of(leaf)}
    leaves |= {f"d{loss}": Symbol(f"d{loss}", real=True) for loss in losses}
    names = sorted(size_names(leaves.values(), exprs), key=str)
    inputs = {size for name, leaf in leaves.items() if leaf not in upstream for size in shape_of(leaf)}
    wanted = [dict.fromkeys(names, SMALLEST + number) if equal else _sizes(names, number) for number in range(3)]
    chosen = [with_room(one, definitions.values(), inputs) for one in wanted]
    for kind in WIDEST_FIRST:
        drawn = [_place(leaves, kind, sizes, assumptions, number) for number, sizes in enumerate(chosen)]
        found = [replace(place, values={**place.values, **_brackets(definitions, place)}) for place in drawn]
        if all(_defined(place, {**definitions, **way}) for place in found):
            return found
    raise FormulaError("no numbers were found at which the formulas are defined: what they need can be assumed")


def _defined(place: Place, where: Definitions) -> bool:
    """Whether every name that the definitions give is finite there."""
    with np.errstate(all="ignore"):
        walk = place.evaluation(where)
        return all(np.isfinite(walk.named(pattern)).all() for pattern in where)


def _brackets(definitions: Definitions, place: Place) -> Mapping[str, Array]:
    return zeros_and_ones(definitions.values(), place.sizes)


def _sizes(names: list[Symbol], number: int) -> dict[Expr, int]:
    order = names if number % 2 == 0 else names[::-1]
    smallest = SMALLEST if len(order) > 1 else SMALLEST_ALONE
    return {name: smallest + number + k for k, name in enumerate(order)}


def _place(
    leaves: Mapping[str, Expr], kind: Kind, sizes: Mapping[Expr, int], assumptions: tuple[Assumption, ...], number: int
) -> Place:
    values = {name: draw(leaf, kind, sizes, assumptions, (number, 11)) for name, leaf in leaves.items()}
    scalars = {name: np.abs(values[name]) + 1.25 for name, leaf in leaves.items() if isinstance(leaf, Symbol)}
    # Scalars are rates, temperatures and the like: positive, and not near 0 or 1, unless only fractions will do.
    return Place(sizes, values if kind == "fractions" else values | scalars)
