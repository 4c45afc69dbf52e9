"""Somebody's backward pass, held against the tolerance of each entry; what is beyond is diagnosed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

import numpy as np

from derivations.calculus.definitions import name_of
from derivations.reverse.diagnosis import Asked, AskingError, Function, LayerDiagnosis, Place, Subject, diagnose
from derivations.reverse.tolerance.bound import Array, Formulas, Measured, measured
from derivations.reverse.tolerance.formats import FORMATS, Format
from derivations.reverse.tolerance.kernels import Kernel

__all__ = ["GradientCheck", "LayerCheck", "check"]

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class GradientCheck:
    """What was found of one gradient, over all places at which the function was asked."""

    name: str
    entries: int
    """How many were compared: all whose right number the format can hold."""
    beyond: int
    """How many of the entries are off by more than their tolerance."""
    worst: float
    """The largest error, in tolerances."""
    where: str
    """The entry with the largest error: its indices, what came back, what is right, and how far it may be off."""

    @property
    def is_right(self) -> bool:
        """Whether something was compared, and every entry is within its tolerance."""
        return self.entries > 0 and self.beyond == 0

    def __str__(self) -> str:
        if not self.entries:
            return f"{self.name} was not compared: its right numbers are too large for the format."
        if self.is_right:
            what = "entry is" if self.entries == 1 else f"{self.entries} entries are"
            return f"{self.name} is right: its {what} off by at most {self.worst:.2g} tolerances."
        times = "not finite" if np.isinf(self.worst) else f"off by up to {self.worst:.3g} tolerances"
        return f"{self.name} is wrong: {self.beyond} of {self.entries} entries are {times}.\n{self.where}"


@dataclass(frozen=True)
class LayerCheck:
    """What was found: `print` it."""

    gradients: tuple[GradientCheck, ...] = ()
    diagnosis: LayerDiagnosis | None = None
    """Of the same function, asked in float64 if it takes NumPy's arrays; None if all is right."""
    error: str = ""
    converts: bool = False
    """Whether the function takes something else than NumPy's arrays, and so was diagnosed in its own format."""

    @property
    def is_right(self) -> bool:
        """Whether every gradient is, and there is one."""
        return bool(self.gradients) and not self.error and all(one.is_right for one in self.gradients)

    def __str__(self) -> str:
        return self.error or "\n".join([*map(str, self.gradients), *self._why()])

    def _why(self) -> list[str]:
        if self.diagnosis is None:
            return []
        if self.converts:
            named = bool(self.diagnosis.explanations)
            coarse = "Its numbers are too coarse to say why: `diagnose` can, if the function takes float64, too."
            return [str(self.diagnosis) if named else coarse]
        if self.diagnosis.is_right:
            return ["In float64 it is right: not the formula is wrong, but what is rounded, overflows or is not set."]
        return [f"In float64: {self.diagnosis}"]

    def __repr__(self) -> str:
        return str(self)


def check(
    subject: Subject,
    formulas: Formulas,
    function: Function | tuple[Function, Function],
    kernel: Kernel,
    inputs: Mapping[str, Any] | None = None,
    convert: Convert | None = None,
) -> LayerCheck:
    """Ask the function at the inputs, or at three places of distinct sizes, and compare each entry.

    Raises FormulaError if the inputs or what is stored don't fit the layer.
    """
    found: dict[str, list[_Compared]] = {f"d{name}": [] for name in subject.wrt}
    given = _handed(formulas, kernel, convert)
    for place, where in _places(subject, formulas, kernel, inputs):
        allowed = where.tolerance(kernel)
        try:
            got = Asked(subject, place, given).results(function)
        except AskingError as error:
            return LayerCheck(error=str(error))
        for name, right in where.right.items():
            if got[name].shape != right.shape:
                return LayerCheck(
                    error=f"{name} has the shape {got[name].shape} instead of {right.shape}, at {_at(place)}."
                )
            found[name].append(_compared(got[name], right, allowed[name], _at(place)))
    gradients = tuple(_summed(name, compared) for name, compared in found.items())
    wrong = any(one.beyond for one in gradients)
    found_out = diagnose(subject, _asked_in_its_types(function, convert)) if wrong else None
    return LayerCheck(gradients, found_out, converts=convert is not None)


def _places(
    subject: Subject, formulas: Formulas, kernel: Kernel, inputs: Mapping[str, Any] | None
) -> list[tuple[Place, Measured]]:
    """Each with the formulas there, at numbers that the kernel's format has."""
    if inputs is not None:
        where = measured(formulas, {name: _rounded(value, kernel.dtype) for name, value in inputs.items()})
        losses = {f"d{loss}": np.ones(()) for loss in subject.losses}
        return [(Place(where.sizes, {**where.values, **losses}), where)]
    found = []
    for drawn in subject.places:
        place = replace(drawn, values={name: _rounded(value, kernel.dtype) for name, value in drawn.values.items()})
        found.append((place, Measured(formulas, place.values, place.sizes)))
    return found


def _rounded(value: Any, form: Format) -> Any:
    """Arrays of numbers; labels and scalars stay as they are."""
    value = np.asarray(value)
    return form.rounded(value) if value.ndim and np.issubdtype(value.dtype, np.floating) else value


def _handed(formulas: Formulas, kernel: Kernel, convert: Convert | None) -> Callable[[str, Array], Any]:
    """How arrays are handed over: inputs with numbers of the kernel's format, what is stored with numbers of its own.

    They are float32, or float64 if the kernel adds up in that: arithmetic of NumPy's float16 would round each step.
    """
    inputs = set(map(name_of, formulas.inputs))
    double = kernel.accumulate is FORMATS["float64"]

    def given(name: str, value: Array) -> Any:
        if not np.ndim(value):
            return value.copy()
        if np.issubdtype(value.dtype, np.floating):
            form = kernel.stored.get(name, kernel.dtype if name in inputs else kernel.accumulate)
            value = form.rounded(value).astype(np.float64 if double else np.float32)
        return convert(value.copy()) if convert else value.copy()

    return given


@dataclass(frozen=True)
class _Compared:
    entries: int
    beyond: int
    worst: float
    where: str


def _compared(got: Any, right: Array, allowed: Array, at: str) -> _Compared:
    got = np.asarray(got, np.float64)
    with np.errstate(all="ignore"):
        off = np.abs(got - right) / allowed
    off = np.asarray(np.where(np.isnan(off), np.inf, off), np.float64)
    compared = np.isfinite(allowed) | np.isnan(got)
    if not compared.any():
        return _Compared(0, 0, 0.0, "")
    off = np.where(compared, off, 0.0)
    worst = np.unravel_index(int(np.argmax(off)), off.shape)
    entry = f"[{', '.join(map(str, worst))}]" if worst else ""
    where = f"Most at {entry or 'the number'}: {got[worst]:.6g} for {right[worst]:.6g} ± {allowed[worst]:.2g} ({at})."
    return _Compared(int(np.sum(compared)), int(np.sum(off > 1)), float(off[worst]), where)


def _summed(name: str, compared: Sequence[_Compared]) -> GradientCheck:
    worst = max(compared, key=lambda one: one.worst)
    entries, beyond = (sum(getattr(one, what) for one in compared) for what in ("entries", "beyond"))
    return GradientCheck(name, entries, beyond, worst.worst, worst.where)


def _at(place: Place) -> str:
    return ", ".join(f"{size} = {number}" for size, number in place.sizes.items())


def _asked_in_its_types(
    function: Function | tuple[Function, Function], convert: Convert | None
) -> Function | tuple[Function, Function]:
    """The function as the diagnosis asks it: with what it takes."""
    if convert is None:
        return function
    if isinstance(function, tuple):
        return _converted(function[0], convert), _converted(function[1], convert)
    return _converted(function, convert)


def _converted(function: Function, convert: Convert) -> Function:
    @wraps(function)
    def converted(*given: Any, **named: Any) -> Any:
        return function(*map(_convert, given), **{name: _convert(value) for name, value in named.items()})

    def _convert(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(_convert, value))
        return convert(value) if isinstance(value, np.ndarray) and value.ndim else value

    return converted
