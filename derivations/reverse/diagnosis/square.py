"""Products that can't be computed: they run where all sizes happen to be equal, and there they give something else.

Sizes are distinct at the places where functions are asked, so a matrix that should have been transposed, or a mask that
is multiplied as a matrix, ends the call with an error about shapes. Asked once more where all sizes are equal, the
function answers, and one of the changes here may explain its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from sympy import Expr, Indexed, Mul, Sum
from sympy.core.parameters import distribute
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import Definitions, name_of
from derivations.calculus.grammar import Index, entry, free_indices
from derivations.calculus.writers.text import text
from derivations.reverse.diagnosis.candidates import value_of
from derivations.reverse.diagnosis.changes import same_entry
from derivations.reverse.diagnosis.places import Array, Place
from derivations.reverse.walk import axes_of

__all__ = ["why_only_square"]

NEAR = 1e-6
"""Relative to the largest entry."""

Got = Callable[[Place], Mapping[str, Array]]


def why_only_square(
    definitions: Definitions, ways: Sequence[Definitions], places: Sequence[Place], got: Sequence[Mapping[str, Array]]
) -> str:
    """What explains the gradients at places of equal sizes, as a sentence; empty if no change here does."""
    for way in reversed(ways):  # the shortest form first: its names are those that people write
        whole = {**definitions, **way}
        for gradient, expr in way.items():
            for new, words in _changes(expr, axes_of(gradient)):
                changed = {**whole, gradient: new}
                if all(_explains(place, changed, answer) for place, answer in zip(places, got, strict=True)):
                    return f"in {name_of(gradient)}, {words}"
    return ""


def _changes(expr: Expr, axes: tuple[Index, ...]) -> Iterator[tuple[Expr, str]]:
    with distribute(False):
        for part in sorted(expr.atoms(MatrixElement, Indexed), key=str):
            indices = entry(part)[1]
            if len(indices) == 2 and all(isinstance(index, Index) for index in indices):
                new = expr.xreplace({part: same_entry(part, indices[::-1])})
                yield new, f"{name_of(part)} lacks its transpose, or has one too many"
        if isinstance(expr, Mul) and len(axes) == 2:
            yield from _as_matrices(expr, axes)


def _as_matrices(product: Expr, axes: tuple[Index, ...]) -> Iterator[tuple[Expr, str]]:
    """a[i, j] b[i, j] becomes sum_k a[i, k] b[k, j], or sum_k b[i, k] a[k, j]."""
    first, second = axes
    running = Index(f"{second.name}''", second.size)
    for factor in product.args:
        rest = product / factor
        if set(axes) <= set(free_indices(factor)) and set(axes) <= set(free_indices(rest)):
            words = f"{text(factor)} is multiplied as a matrix, with @, where it should be entry by entry, with *"
            for left, right in ((rest, factor), (factor, rest)):
                entries = left.xreplace({second: running}) * right.xreplace({first: running})
                yield Sum(entries, (running, 0, running.size - 1)), words


def _explains(place: Place, changed: Definitions, got: Mapping[str, Array]) -> bool:
    walk = place.evaluation(changed)
    return all(_near(value_of(walk, name, changed), value) for name, value in got.items())


def _near(value: Array | None, got: Array) -> bool:
    if value is None or value.shape != got.shape or not np.isfinite(value).all():
        return False
    scale = float(np.max(np.abs(got), initial=0.0))
    return bool(np.max(np.abs(value - got), initial=0.0) <= NEAR * scale)
