"""The right gradients at given numbers, and how far each entry may be off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from sympy import Expr

from derivations.calculus.definitions import Definitions, name_of, names_in
from derivations.calculus.evaluate import evaluate, sizes_of
from derivations.calculus.grammar import ShapeError
from derivations.calculus.rounding import rounding_scale
from derivations.reverse.errors import FormulaError
from derivations.reverse.tolerance.error_terms import error_definitions, error_entry
from derivations.reverse.tolerance.kernels import Kernel
from derivations.reverse.walk import axes_of
from derivations.reverse.windows import zeros_and_ones

__all__ = ["Formulas", "Measured", "measured"]

Array = npt.NDArray[np.float64]

STORED = 2
"""What the error of stored names is multiplied by, see the package."""


@dataclass(frozen=True)
class Formulas:
    """What a layer computes, as far as tolerances need to know it."""

    inputs: tuple[Expr, ...]
    """Entries of the inputs and of the gradients that come back to the outputs."""
    forward: Definitions
    backward: Definitions
    """Each gradient by those before it."""
    gradients: tuple[Expr, ...]
    """Those that are wanted."""

    @cached_property
    def everything(self) -> Definitions:
        """All names that are computed, each after those that it needs."""
        return {**self.forward, **self.backward}

    def errors(self, kernel: Kernel) -> Definitions:
        """For each name that storing makes inexact, the definition of its error.

        Raises FormulaError if a name that is stored isn't there, or no gradient is computed from it.
        """
        given = {quantity: quantity for quantity in self.inputs if name_of(quantity) in kernel.stored}
        found = error_definitions({**given, **self.everything}, dict(kernel.stored))
        for name in kernel.stored:
            if name not in self.needed:
                names = ", ".join(self.needed)
                raise FormulaError(f"stored: no gradient is computed from {name}, only from {names}")
        return found

    @cached_property
    def needed(self) -> dict[str, None]:
        """The names that the gradients are computed from, and they themselves, in order."""
        known = {name_of(pattern): body for pattern, body in self.everything.items()}
        needed = {name_of(gradient) for gradient in self.gradients}
        for name in reversed(known):
            if name in needed:
                needed |= names_in(known[name])
        return {name: None for name in [*map(name_of, self.inputs), *known] if name in needed}


def measured(formulas: Formulas, inputs: Mapping[str, npt.ArrayLike]) -> Measured:
    """The formulas at these inputs, the gradients that come back to the outputs among them.

    Raises FormulaError if one is missing, unknown, empty, of another shape than the others say, or not finite.
    """
    known = {name_of(quantity): quantity for quantity in formulas.inputs}
    expected = f"expected {', '.join(known)}"
    if unknown := [name for name in inputs if name not in known]:
        raise FormulaError(f"inputs: there is no {', '.join(unknown)} here; {expected}")
    if missing := [name for name in formulas.needed if name in known and name not in inputs]:
        raise FormulaError(f"inputs: {', '.join(missing)} is missing; {expected}")
    values = {name: _double(value) for name, value in inputs.items()}
    for name, value in values.items():
        if not value.size:
            raise FormulaError(f"inputs: {name} has no entries, so that nothing would be compared")
        if not np.isfinite(value).all():
            raise FormulaError(f"inputs: {name} has an entry that is not a finite number")
    try:
        sizes = sizes_of({known[name]: value for name, value in values.items()})
    except ShapeError as error:
        raise FormulaError(f"inputs: {error}") from error
    return Measured(formulas, {**values, **zeros_and_ones(formulas.forward.values(), sizes)}, sizes)


@dataclass(frozen=True)
class Measured:
    """The formulas at given numbers."""

    formulas: Formulas
    values: Mapping[str, Any]
    sizes: Mapping[Expr, int]

    @cached_property
    def right(self) -> dict[str, Array]:
        """Each gradient, as the formulas give it, in numbers of more digits than float64 where NumPy has them.

        Raises FormulaError where one isn't defined.
        """
        values = {name: _wide(value) for name, value in self.values.items()}
        with np.errstate(all="ignore"):
            found = {
                name_of(one): evaluate(one, axes_of(one), values, self.sizes, self.formulas.everything)
                for one in self.formulas.gradients
            }
        for name, value in found.items():
            if not np.isfinite(value).all():
                raise FormulaError(f"inputs: {name} is not defined at these numbers")
        return found

    def tolerance(self, kernel: Kernel) -> dict[str, Array]:
        """For each entry of each gradient: how far it may be off. Infinite where the right number overflows."""
        errors = {**self.formulas.everything, **self.formulas.errors(kernel)}
        return {name_of(gradient): self._allowed(gradient, kernel, errors) for gradient in self.formulas.gradients}

    def _allowed(self, gradient: Expr, kernel: Kernel, errors: Definitions) -> Array:
        right, scale = np.abs(self.right[name_of(gradient)]), self._scale(gradient)
        units = kernel.roundings * kernel.accumulate.unit
        if gradient_format := kernel.stored.get(name_of(gradient)):  # its sum is rounded at each step
            units += STORED * gradient_format.unit
        error = self._of(error_entry(gradient), errors) if error_entry(gradient) in errors else np.zeros_like(right)
        allowed = kernel.dtype.unit * right + kernel.dtype.smallest + units * scale + STORED * error
        overflows = right * (1 + kernel.dtype.unit) > kernel.dtype.largest
        return np.asarray(np.where(overflows, np.inf, allowed), np.float64)

    def _of(self, quantity: Expr, where: Definitions) -> Array:
        return self._finite(lambda values: evaluate(quantity, axes_of(quantity), values, self.sizes, where))

    def _scale(self, quantity: Expr) -> Array:
        where = self.formulas.everything
        return self._finite(lambda values: rounding_scale(quantity, axes_of(quantity), values, self.sizes, where))

    def _finite(self, computed: Any) -> Array:
        """In float64; where that overflows on the way, as exp(1000) does, in numbers of a wider range."""
        with np.errstate(all="ignore"):
            found = computed(self.values)
            if not np.isfinite(found).all():
                found = computed({name: _wide(value) for name, value in self.values.items()})
        return np.asarray(found, np.float64)


def _double(value: Any) -> npt.NDArray[Any]:
    """Labels as they are; all other numbers in float64: what is measured here must not round itself."""
    value = np.asarray(value)
    return value if np.issubdtype(value.dtype, np.integer) else value.astype(np.float64)


def _wide(value: Any) -> Any:
    return np.asarray(value, np.longdouble) if np.issubdtype(np.asarray(value).dtype, np.floating) else value
