"""Looking for numbers at which an equation fails."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sympy import Expr, Symbol

from derivations.calculus.assumptions import Assumption, Positive, SumsToOne
from derivations.calculus.definitions import by_name, name_of
from derivations.calculus.evaluate import Evaluation, free_quantities, shape_of
from derivations.calculus.grammar import Index, is_label
from derivations.proofs.equation import Equation, ValueMismatch

__all__ = ["Comparison", "compare_in_numbers", "distinct_sizes"]

REFUTED = 1e-6
"""Two sides that are farther apart than this, relative to the larger one or to 1, are different. Rounding errors here
are some 1e-15 and a false formula is wrong in the first digits, so the exact number does not matter."""


@dataclass(frozen=True)
class Comparison:
    """How many numbers were compared, over all tries; the largest error (None if none gave finite numbers)."""

    sizes: dict[str, int]
    max_error: float | None
    counterexample: ValueMismatch | None = None
    compared: int = 0


def distinct_sizes(names: Iterable[Symbol], first: int = 2, descending: bool = False) -> dict[Expr, int]:
    """Pairwise distinct sizes from `first` on: equal ones hide transposes."""
    return {name: first + k for k, name in enumerate(sorted(names, key=str, reverse=descending))}


def compare_in_numbers(equation: Equation) -> Comparison:
    """Compare both sides at random numbers, at two orders of distinct sizes, and at zero, where ReLU has its corner.

    If they differ, the counterexample is the simplest found: zeros, then small whole numbers, can be followed by hand.
    """
    comparisons = [
        _Try(equation, *how).comparison() for how in (("normal", 3, False), ("normal", 3, True), ("zeros", 2, False))
    ]
    if any(comparison.counterexample for comparison in comparisons):
        simpler = (
            _Try(equation, *how).comparison() for how in (("zeros", 2, False), ("whole", 2, False), ("whole", 2, True))
        )
        return next(comparison for comparison in itertools.chain(simpler, comparisons) if comparison.counterexample)
    errors = [comparison.max_error for comparison in comparisons if comparison.max_error is not None]
    compared = sum(comparison.compared for comparison in comparisons)
    return Comparison(comparisons[0].sizes, max(errors, default=None), compared=compared)


class _Try:
    """Both sides at one choice of sizes and numbers."""

    def __init__(self, equation: Equation, kind: str, first: int, descending: bool) -> None:
        self.equation = equation
        leaves, reached = _reached(equation)
        self.sizes = distinct_sizes(_size_names(leaves.values(), [*reached, *equation.axes]), first, descending)
        rng = np.random.default_rng(zlib.crc32(repr((equation.left, equation.right)).encode()))
        self.values = {name: _draw(leaf, kind, self.sizes, equation.assumptions, rng) for name, leaf in leaves.items()}

    def comparison(self) -> Comparison:
        sides, axes = (self.equation.left, self.equation.right), self.equation.indices
        with np.errstate(all="ignore"):
            evaluation = Evaluation(self.values, self.sizes, self.equation.where)
            left, right = (evaluation.array_of(side, axes) for side in sides)
            apart = np.abs(left - right) / np.maximum(1, np.maximum(np.abs(left), np.abs(right)))
        if not np.isfinite(apart).all():
            return Comparison(_written(self.sizes), None)
        error = float(apart.max())
        if error <= REFUTED:
            return Comparison(_written(self.sizes), error, compared=apart.size)
        place = tuple(int(number) for number in np.unravel_index(int(apart.argmax()), apart.shape))
        at = dict(zip((index.name for index in axes), place, strict=True))
        shown = {name: np.asarray(value).tolist() for name, value in self.values.items()}
        mismatch = ValueMismatch(_written(self.sizes), at, shown, float(left[place]), float(right[place]))
        return Comparison(_written(self.sizes), error, mismatch)


def _written(sizes: Mapping[Expr, int]) -> dict[str, int]:
    return {str(name): number for name, number in sorted(sizes.items(), key=lambda pair: str(pair[0]))}


def _reached(equation: Equation) -> tuple[dict[str, Expr], list[Expr]]:
    """What the equation needs values for when all names are expanded, and the expressions that then stand in it."""
    bodies = {name: body for name, (_, body) in by_name(equation.where).items()}
    leaves: dict[str, Expr] = {}
    reached = [equation.left, equation.right]
    seen: set[str] = set()
    for expr in reached:  # which grows on the way
        for name, quantity in free_quantities([expr]).items():
            if name in bodies and name not in seen:
                seen.add(name)
                reached.append(bodies[name])
            elif name not in bodies:
                leaves[name] = quantity
    return dict(sorted(leaves.items())), reached


def _size_names(leaves: Iterable[Expr], reached: Iterable[Expr]) -> set[Symbol]:
    names: set[Symbol] = set()
    for quantity in leaves:
        lengths = [*shape_of(quantity), *([type(quantity).classes] if is_label(quantity) else [])]
        names |= {name for length in lengths for name in length.free_symbols}
    for expr in reached:
        symbols = expr.atoms(Symbol)
        names |= {name for index in symbols if isinstance(index, Index) for name in index.size.free_symbols}
        names |= {name for name in symbols if name.is_integer and name.is_positive}
    return names


def _draw(
    leaf: Expr, kind: str, sizes: Mapping[Expr, int], assumptions: tuple[Assumption, ...], rng: np.random.Generator
) -> npt.NDArray[Any]:
    """A value for an array, a scalar or labels that meets what is assumed of it."""
    shape = tuple(int(length.xreplace(dict(sizes))) for length in shape_of(leaf))
    if is_label(leaf):
        return rng.integers(int(type(leaf).classes.xreplace(dict(sizes))), size=shape)
    if kind == "zeros":
        value = np.zeros(shape)
    else:
        value = np.asarray(
            rng.normal(size=shape) if kind == "normal" else rng.integers(-2, 3, size=shape).astype(float)
        )
    for fact in (fact for fact in assumptions if fact.array == name_of(leaf)):
        if isinstance(fact, Positive):
            value = np.abs(value) + 1
        elif isinstance(fact, SumsToOne):
            classes, examples = shape[fact.axis], shape[1 - fact.axis]
            one_hot = np.eye(classes)[rng.integers(classes, size=examples)]
            rows = rng.dirichlet(np.ones(classes), size=examples) if kind == "normal" else one_hot
            value = rows.T if fact.axis == 0 else rows
    return np.abs(value) + 1 if leaf.is_positive else value
