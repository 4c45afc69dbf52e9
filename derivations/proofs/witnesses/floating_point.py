"""A look for numbers at which an equation fails, to be followed by hand.

Both sides are computed as arrays in floating point, at several kinds of values: of both signs, small and large, zeros,
where ReLU has its corner; at distinct sizes, since equal ones hide transposes, at equal ones, and at size 1. Where they
seem to differ they are computed again in 100 digits, from the same numbers: so neither cancellation nor a division by
something that rounds to 0 refutes what is true.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
from sympy import Expr

from derivations.calculus.assumptions import Assumption
from derivations.calculus.evaluate import Evaluation
from derivations.proofs.counterexample import ValueMismatch
from derivations.proofs.equation import Equation
from derivations.proofs.witnesses.draws import WIDEST_FIRST, Array, Kind, dependencies, distinct_sizes, draw, size_names
from derivations.proofs.witnesses.high_precision import differ_at

__all__ = ["Comparison", "compare_in_numbers", "distinct_sizes"]

NOISE = 1e-12
"""Differences below this times the rounding scale may be due to rounding: they are looked at no further. Larger ones
are different if 100 digits confirm it; if not, they come from rounding all the same: (1 - y) / (1 - a) near a = 1."""


@dataclass(frozen=True)
class Comparison:
    """How many numbers were compared, over all samples; the largest error (None if none gave finite numbers).

    An error is relative to the larger side; where terms cancel, to the rounding scale, see `named_array`.
    """

    sizes: dict[str, int]
    max_error: float | None
    counterexample: ValueMismatch | None = None
    compared: int = 0


def compare_in_numbers(equation: Equation) -> Comparison:
    """Compare both sides at random numbers, until a counterexample is found; then look for one that is simpler.

    The simplest is shown: zeros, then small whole numbers, can be followed by hand.
    """
    comparisons: list[Comparison] = []
    for sample in itertools.chain(_samples(equation), _rare_samples(equation, comparisons)):
        comparisons.append(sample.comparison())
        if comparisons[-1].counterexample is not None:
            simpler = (sample.comparison() for sample in _simple_samples(equation))
            return next((found for found in simpler if found.counterexample is not None), comparisons[-1])
    errors = [comparison.max_error for comparison in comparisons if comparison.max_error is not None]
    compared = sum(comparison.compared for comparison in comparisons)
    return Comparison(comparisons[0].sizes, max(errors, default=None), compared=compared)


def _samples(equation: Equation) -> Iterator[_Sample]:
    leaves, exprs = dependencies(equation)
    names = size_names(leaves.values(), [*exprs, *equation.axes])
    yield _Sample(equation, leaves, "normal", distinct_sizes(names, first=3))
    yield _Sample(equation, leaves, "normal", distinct_sizes(names, descending=True))
    yield _Sample(equation, leaves, "zeros", distinct_sizes(names))
    yield _Sample(equation, leaves, "positive", dict.fromkeys(names, 2))
    yield _Sample(equation, leaves, "magnitudes", distinct_sizes(names, first=3))
    yield _Sample(equation, leaves, "normal", dict.fromkeys(names, 1))
    if len(equation.indices) < 2:  # few numbers are compared at a time
        for seed in range(1, 4):
            yield _Sample(equation, leaves, "normal", distinct_sizes(names), seed)
            yield _Sample(equation, leaves, "whole", dict.fromkeys(names, 2), seed)


def _rare_samples(equation: Equation, found: Sequence[Comparison]) -> Iterator[_Sample]:
    """Where both sides may be defined, if they were nowhere so far: logarithms of 1 - p, of x - 3, of -x."""
    leaves, exprs = dependencies(equation)
    names = size_names(leaves.values(), [*exprs, *equation.axes])
    for kind in WIDEST_FIRST:
        if all(comparison.max_error is None for comparison in found):
            yield _Sample(equation, leaves, kind, distinct_sizes(names))


def _simple_samples(equation: Equation) -> Iterator[_Sample]:
    leaves, exprs = dependencies(equation)
    names = size_names(leaves.values(), [*exprs, *equation.axes])
    yield _Sample(equation, leaves, "zeros", distinct_sizes(names))
    yield _Sample(equation, leaves, "whole", distinct_sizes(names))
    yield _Sample(equation, leaves, "whole", distinct_sizes(names, descending=True))


@lru_cache(maxsize=256)
def _evaluation(
    where: tuple[tuple[Expr, Expr], ...],
    assumptions: tuple[Assumption, ...],
    leaves: tuple[tuple[str, Expr], ...],
    kind: Kind,
    sizes: tuple[tuple[Expr, int], ...],
    seed: int,
    measured: bool,
) -> Evaluation:
    """At drawn values; a chapter's equations share their definitions, which are then evaluated once for all of them."""
    seeds = [seed, *(number for _, number in sizes)]
    values = {name: draw(leaf, kind, dict(sizes), assumptions, seeds) for name, leaf in leaves}
    return Evaluation(values, dict(sizes), dict(where), measured)


class _Sample:
    """Both sides at one choice of sizes and numbers."""

    def __init__(
        self, equation: Equation, leaves: Mapping[str, Expr], kind: Kind, sizes: Mapping[Expr, int], seed: int = 0
    ) -> None:
        self.equation, self.sizes = equation, dict(sizes)
        about = tuple(equation.where.items()), equation.assumptions
        self.evaluation = partial(_evaluation, *about, tuple(leaves.items()), kind, tuple(self.sizes.items()), seed)
        self.values = self.evaluation(measured=False).values

    def comparison(self) -> Comparison:
        with np.errstate(all="ignore"):
            left, right = self._sides(measured=False)
            apart, larger = np.abs(left - right), np.maximum(np.abs(left), np.abs(right))
            finite = np.isfinite(apart)
            if not finite.any():
                return Comparison(self.named_sizes, None)
            error = np.where(finite & (apart > 0), apart / larger, 0.0)
            if error.max() > NOISE:
                scale = np.maximum(larger, self._scale())
                error = np.where(error > NOISE, apart / scale, error)
                suspicious = error > NOISE
                if (mismatch := self._confirmed(suspicious, left, right)) is not None:
                    return Comparison(self.named_sizes, float(error.max()), mismatch)
                error = np.where(suspicious, 0.0, error)
        return Comparison(self.named_sizes, float(error.max()), compared=int(finite.sum()))

    def _sides(self, measured: bool) -> tuple[Array, Array]:
        evaluation = self.evaluation(measured=measured)
        entries = evaluation.scale_of if measured else evaluation.array_of
        return entries(self.equation.left, self.equation.indices), entries(self.equation.right, self.equation.indices)

    def _scale(self) -> Array:
        left, right = self._sides(measured=True)
        return np.nan_to_num(np.maximum(left, right), nan=0.0, posinf=0.0)

    def _confirmed(self, suspicious: Array, left: Array, right: Array) -> ValueMismatch | None:
        """The first of a few entries at which the sides differ in 100 digits as well; the farthest apart come first."""
        order = np.argsort(-np.where(suspicious, np.abs(left - right), -1.0), axis=None, kind="stable")
        for number in order[: min(3, int(suspicious.sum()))]:
            place = tuple(int(k) for k in np.unravel_index(int(number), suspicious.shape))
            at = dict(zip(self.equation.indices, place, strict=True))
            if differ_at(self.equation, self.sizes, self.values, at):
                named = {index.name: k for index, k in at.items()}
                shown: dict[str, Any] = {name: np.asarray(value).tolist() for name, value in self.values.items()}
                return ValueMismatch(self.named_sizes, named, shown, float(left[place]), float(right[place]))
        return None

    @property
    def named_sizes(self) -> dict[str, int]:
        return {str(name): number for name, number in sorted(self.sizes.items(), key=lambda pair: str(pair[0]))}
