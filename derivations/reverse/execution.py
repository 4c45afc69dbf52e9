"""The code of a layer, run on arrays and compared with the formulas before anybody sees it.

What the formulas give is computed from the definitions alone: derivatives by dual numbers, never by the derived lines.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sympy import Expr, Symbol

from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import Definitions, name_of
from derivations.calculus.evaluate import evaluate, free_quantities
from derivations.calculus.grammar import Index, entry
from derivations.calculus.rounding import rounding_scale
from derivations.proofs.counterexample import ShapeMismatch, ValueMismatch
from derivations.proofs.decision import Decision
from derivations.proofs.witnesses.draws import WIDEST_FIRST, Kind, distinct_sizes, draw, size_names
from derivations.reverse.program import Program
from derivations.reverse.windows import with_room, zeros_and_ones

__all__ = ["CodeCheck", "functions"]

TOLERANCE = 256 * float(np.finfo(np.float64).eps)
"""Relative to `rounding_scale`: code that is wrong is wrong in the first digits."""

SEEDS = range(7, 11)


def functions(source: str, name: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The forward and the backward function of a source."""
    namespace: dict[str, Any] = {}
    exec(compile(source, f"<{name}>", "exec"), namespace)
    return namespace[f"{name}_forward"], namespace[f"{name}_backward"]


@dataclass(frozen=True)
class CodeCheck:
    """What a layer's two functions return, compared with what the formulas say that it is."""

    program: Program
    source: str
    name: str
    definitions: Definitions
    gradients: Definitions
    wanted: Mapping[Expr, Expr]
    """By its entry: what each array that is returned has to be."""
    assumptions: tuple[Assumption, ...]

    def compare(self) -> Decision:
        """Run the code at three choices of sizes, one with every other size 1. Refuted where one number is wrong."""
        run = functions(self.source, self.name)
        found = [self._at(sizes, run) for sizes in self._choices()]
        for decision in found:
            if decision.verdict != "cross-checked":
                return decision
        worst = max(decision.max_error or 0.0 for decision in found)
        compared = sum(decision.compared for decision in found)
        return Decision("cross-checked", found[0].sizes, worst, TOLERANCE, compared=compared)

    def _choices(self) -> list[dict[Expr, int]]:
        exprs = [*self.definitions, *self.definitions.values(), *self.wanted, *self.wanted.values()]
        sizes = sorted(size_names(free_quantities(exprs).values(), exprs), key=str)
        choices = [
            distinct_sizes(sizes),
            distinct_sizes(sizes, descending=True),
            {size: 2 + number % 3 if number % 2 else 1 for number, size in enumerate(sizes)},
        ]
        return [self._with_room(choice) for choice in choices]

    def _with_room(self, sizes: dict[Expr, int]) -> dict[Expr, int]:
        """With as many places as the windows need, and then as many windows as fit."""
        inputs = {size for name in self.program.inputs for size in self.program.shapes[name]}
        return with_room(sizes, self.definitions.values(), inputs)

    def _at(self, sizes: Mapping[Expr, int], run: tuple[Callable[..., Any], Callable[..., Any]]) -> Decision:
        """At random numbers at which the formulas are defined: of both signs, or else of narrower kinds."""
        for kind, seed in itertools.product(WIDEST_FIRST, SEEDS):
            found = self._with(self._values(sizes, kind, seed), sizes, run)
            if found is not None:
                return found
        return Decision("undecided", _written(sizes), reason="no numbers were found at which the formulas are defined")

    def _with(
        self, values: dict[str, Any], sizes: Mapping[Expr, int], run: tuple[Callable[..., Any], Callable[..., Any]]
    ) -> Decision | None:
        """What comparing all that is wanted gives; None where a formula is not defined."""
        known = values | zeros_and_ones(self.definitions.values(), sizes)
        with np.errstate(all="ignore"):
            right = {quantity: self._right(quantity, known, sizes) for quantity in self.wanted}
            if not all(np.isfinite(value).all() for value in right.values()):
                return None
            try:
                results = self._results(values, run)
            except Exception as raised:
                return Decision("refuted", _written(sizes), reason=f"the code does not run: {raised}")
            found = [self._compared(q, results[name_of(q)], right[q], known, sizes) for q in self.wanted]
        for decision in found:
            if decision.verdict != "cross-checked":
                return decision
        worst = max(decision.max_error or 0.0 for decision in found)
        compared = sum(decision.compared for decision in found)
        return Decision("cross-checked", _written(sizes), worst, TOLERANCE, compared=compared)

    def _right(self, quantity: Expr, values: Mapping[str, Any], sizes: Mapping[Expr, int]) -> npt.NDArray[np.float64]:
        return evaluate(self.wanted[quantity], _axes(quantity), values, sizes, self.definitions)

    def _values(self, sizes: Mapping[Expr, int], kind: Kind, seed: int) -> dict[str, Any]:
        leaves = free_quantities([*self.definitions.values(), *self.wanted, *self.wanted.values()])
        given = [*self.program.inputs, *self.program.upstream]
        return {name: draw(leaves[name], kind, sizes, self.assumptions, seeds=(seed,)) for name in given}

    def _results(self, values: Mapping[str, Any], run: tuple[Callable[..., Any], Callable[..., Any]]) -> dict[str, Any]:
        forward, backward = run
        *outputs, saved = forward(*[values[name] for name in self.program.inputs])
        gradients = backward(*[values[name] for name in self.program.upstream], saved)
        gradients = gradients if len(self.program.gradients) > 1 else (gradients,)
        return dict(zip([*self.program.outputs, *self.program.gradients], [*outputs, *gradients], strict=True))

    def _compared(
        self,
        quantity: Expr,
        got: Any,
        right: npt.NDArray[np.float64],
        values: Mapping[str, Any],
        sizes: Mapping[Expr, int],
    ) -> Decision:
        axes = _axes(quantity)
        got, shown = np.asarray(got), _written(sizes)
        if got.shape != right.shape:
            return Decision("refuted", shown, counterexample=ShapeMismatch(shown, got.shape, right.shape))
        everything = {**self.definitions, **self.gradients}
        scale = rounding_scale(quantity, axes, values, sizes, everything) + np.finfo(np.float64).tiny
        apart = np.abs(got - right) / scale
        error = float(np.max(apart))
        if error <= TOLERANCE:
            return Decision("cross-checked", shown, error, TOLERANCE, compared=got.size)
        place = np.unravel_index(int(np.argmax(apart)), apart.shape)
        at = {str(axis): int(number) for axis, number in zip(axes, place, strict=True)}
        given = {name: np.asarray(value).tolist() for name, value in values.items() if name.isidentifier()}
        differs = ValueMismatch(shown, at, given, float(got[place]), float(right[place]))
        return Decision("refuted", shown, error, TOLERANCE, differs, reason=f"the code for {name_of(quantity)}")


def _axes(quantity: Expr) -> tuple[Index, ...]:
    return () if isinstance(quantity, Symbol) else tuple(entry(quantity)[1])


def _written(sizes: Mapping[Expr, int]) -> dict[str, int]:
    return {str(size): number for size, number in sizes.items()}
