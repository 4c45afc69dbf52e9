"""The line of NumPy that a derivation writes, run on arrays and compared with the formula before it is shown."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions, name_of
from derivations.calculus.evaluate import Evaluation, free_quantities, shape_of
from derivations.calculus.functions import filled, function_of
from derivations.calculus.grammar import Index, is_label
from derivations.calculus.rounding import rounding_scale
from derivations.calculus.writers.python_names import python_name
from derivations.proofs.counterexample import ShapeMismatch, ValueMismatch
from derivations.proofs.decision import Decision
from derivations.proofs.witnesses.draws import WIDEST_FIRST, Kind, draw

__all__ = ["NumpyLine"]

TOLERANCE = 64 * float(np.finfo(np.float64).eps)
"""Relative to `rounding_scale`. A line that is wrong is wrong in the first digits, so a generous factor hides none."""

SEEDS = 3
"""So many arrays of each kind are drawn at most until there are finite numbers to compare."""


@dataclass(frozen=True)
class NumpyLine:
    """Code for the array with the entry `result`, in a layout with an axis of length 1 wherever it has a 0."""

    code: str
    result: Expr
    layout: tuple[Index | int, ...]
    where: Definitions
    assumptions: tuple[Assumption, ...] = ()
    arrays: Mapping[str, tuple[Expr, ...]] = field(default_factory=dict)
    """The shapes of the arrays at hand: the line may ask `X.shape[1]` of one that the result does not contain."""

    def compare(self) -> Decision:
        """Run the code at three choices of sizes, and compare it with the formula. Refuted if it does not even run."""
        found = [self._compare_at(sizes) for sizes in _choices(self._sizes())]
        for decision in found:
            if decision.verdict != "cross-checked":
                return decision
        worst = max(decision.max_error or 0.0 for decision in found)
        compared = sum(decision.compared for decision in found)
        return Decision("cross-checked", found[0].sizes, worst, TOLERANCE, compared=compared)

    def _sizes(self) -> list[Symbol]:
        symbols = _size_symbols([self.result, *self.where, *self.where.values()], self.layout)
        at_hand = (name for shape in self.arrays.values() for length in shape for name in length.free_symbols)
        return sorted(symbols.union(at_hand), key=str)

    def _compare_at(self, sizes: Mapping[Expr, int]) -> Decision:
        for kind, seed in itertools.product(WIDEST_FIRST, range(SEEDS)):
            values = self._values(sizes, kind, seed)
            with np.errstate(all="ignore"):
                wanted = self._wanted(values, sizes)
            if np.isfinite(wanted).any():
                return self._compare_with(wanted, values, sizes)
        return Decision("undecided", _written(sizes), reason=f"`{self.code}`: no finite numbers to compare")

    def _compare_with(self, wanted: npt.NDArray[Any], values: Mapping[str, Any], sizes: Mapping[Expr, int]) -> Decision:
        try:
            with np.errstate(all="ignore"):
                found = np.asarray(self._run(values, sizes))
        except Exception as raised:
            return Decision("refuted", _written(sizes), reason=f"`{self.code}` does not run: {raised}")
        if found.shape != wanted.shape:
            mismatch = ShapeMismatch(_written(sizes), found.shape, wanted.shape)
            return Decision("refuted", _written(sizes), counterexample=mismatch, reason=f"`{self.code}`")
        with np.errstate(all="ignore"):
            scale = rounding_scale(self.result, self._axes, values, sizes, self.where).reshape(wanted.shape)
            scale = np.where(np.isfinite(scale), scale, np.abs(wanted)) + np.finfo(np.float64).tiny
            apart = np.where(np.isfinite(wanted), np.abs(found - wanted) / scale, 0.0)
        error = float(np.max(np.nan_to_num(apart, nan=np.inf)))
        if error <= TOLERANCE:
            return Decision("cross-checked", _written(sizes), error, TOLERANCE, compared=int(np.isfinite(wanted).sum()))
        place = np.unravel_index(int(np.argmax(np.nan_to_num(apart, nan=np.inf))), wanted.shape)
        at = {f"axis {axis}": int(number) for axis, number in enumerate(place)}
        shown = {name: np.asarray(value).tolist() for name, value in values.items()}
        differs = ValueMismatch(_written(sizes), at, shown, float(found[place]), float(wanted[place]))
        return Decision("refuted", _written(sizes), error, TOLERANCE, differs, reason=f"`{self.code}`")

    # Numbers

    @property
    def _axes(self) -> tuple[Index, ...]:
        return tuple(axis for axis in self.layout if isinstance(axis, Index))

    def _wanted(self, values: Mapping[str, Any], sizes: Mapping[Expr, int]) -> npt.NDArray[Any]:
        array = Evaluation(values, sizes, self.where).array_of(self.result, self._axes)
        lengths = iter(array.shape)
        return array.reshape([next(lengths) if isinstance(axis, Index) else 1 for axis in self.layout])

    def _run(self, values: Mapping[str, Any], sizes: Mapping[Expr, int]) -> Any:
        functions = {
            filled(function.numpy, "").removesuffix("()"): function.value
            for applied in self.result.atoms(AppliedUndef)
            if (function := function_of(applied)) is not None
        }
        named = {str(size): number for size, number in sizes.items()}
        given = {python_name(name): value for name, value in values.items() if name.isidentifier()}
        at_hand = {python_name(name): _of_shape(shape, sizes) for name, shape in self.arrays.items()}
        return eval(self.code, {"np": np, "math": math, **functions, **named, **at_hand, **given})

    def _values(self, sizes: Mapping[Expr, int], kind: Kind, seed: int) -> dict[str, Any]:
        """Values for all names in the result: drawn, or computed from their definitions."""
        defined = {name_of(pattern) for pattern in self.where}
        quantities = free_quantities([self.result, *self.where, *self.where.values()])
        leaves = {name: leaf for name, leaf in sorted(quantities.items()) if name not in defined}
        drawn = {name: draw(leaf, kind, sizes, self.assumptions, seeds=(seed,)) for name, leaf in leaves.items()}
        evaluation = Evaluation(drawn, sizes, self.where)
        used = free_quantities([self.result])
        with np.errstate(all="ignore"):
            return {name: evaluation.named(quantity) for name, quantity in used.items()}


def _of_shape(shape: tuple[Expr, ...], sizes: Mapping[Expr, int]) -> npt.NDArray[Any]:
    """An array of which only the shape may be used: all its numbers are NaN."""
    return np.full([int(length.xreplace(dict(sizes))) for length in shape], np.nan)


def _choices(sizes: list[Symbol]) -> Iterable[dict[Expr, int]]:
    """Distinct sizes in both orders, because equal ones hide transposes; and every other one 1."""
    yield {size: 2 + number for number, size in enumerate(sizes)}
    yield {size: 2 + number for number, size in enumerate(reversed(sizes))}
    yield {size: 2 + number if number % 2 else 1 for number, size in enumerate(sizes)}


def _size_symbols(exprs: Iterable[Expr], layout: tuple[Index | int, ...]) -> set[Symbol]:
    symbols: set[Symbol] = set()
    for expr in exprs:
        for symbol in expr.atoms(Symbol):
            symbols |= symbol.size.free_symbols if isinstance(symbol, Index) else {symbol}
        for quantity in free_quantities([expr]).values():
            symbols |= {name for length in shape_of(quantity) for name in length.free_symbols}
            symbols |= type(quantity).classes.free_symbols if is_label(quantity) else set()
    symbols |= {name for axis in layout if isinstance(axis, Index) for name in axis.size.free_symbols}
    return {symbol for symbol in symbols if symbol.is_integer and symbol.is_positive}


def _written(sizes: Mapping[Expr, int]) -> dict[str, int]:
    return {str(size): number for size, number in sorted(sizes.items(), key=lambda pair: str(pair[0]))}
