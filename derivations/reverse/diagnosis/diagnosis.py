"""The answer: which gradients are wrong, what was done wrong, and the right line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from derivations.reverse.diagnosis.asked import Asked, Function, Subject
from derivations.reverse.diagnosis.asking import AskingError
from derivations.reverse.diagnosis.places import Array
from derivations.reverse.diagnosis.search import Explanation, Search
from derivations.reverse.diagnosis.square import why_only_square
from derivations.reverse.errors import FormulaError

__all__ = ["LayerDiagnosis", "diagnose"]

TOLERANCE = {np.dtype(np.float16): 2e-2, np.dtype(np.float32): 2e-4}
"""Relative to the largest entry; of float64, `FINE`."""
FINE, COARSE = 1e-8, 1e-5
"""Numbers that were float32 are float64 again once they meet a NumPy scalar, so a float64 may be no better than that:
it is told apart, never passed over."""


@dataclass(frozen=True)
class LayerDiagnosis:
    """What was found: `print` it.

    >>> from derivations import derive
    >>> layer = derive("A[i] = tanh(z[i])", wrt="z")
    >>> print(layer.diagnose(lambda dA, A: dA * (1 - A)))
    dz is wrong.
    in dz, A[i] stands where A[i]**2 belongs.
    right: dz = dA * (1 - A**2)
    """

    right: tuple[str, ...]
    wrong: tuple[str, ...]
    explanations: tuple[Explanation, ...]
    lines: Mapping[str, str]
    error: str = ""
    rounded: tuple[str, ...] = ()
    """Those of the right ones that are so to the precision of float32 alone, although they are float64."""

    @property
    def is_right(self) -> bool:
        """Whether every gradient is, and there is one."""
        return bool(self.right) and not self.wrong and not self.error

    @property
    def unexplained(self) -> tuple[str, ...]:
        """The wrong gradients that no change explains."""
        known = {name for explanation in self.explanations for name in explanation.explains}
        return tuple(name for name in self.wrong if name not in known)

    def __str__(self) -> str:
        if self.error:
            return self.error
        mended = [f"right: {self.lines[name]}" for name in self._shown()] if self.wrong else []
        return "\n".join([self._headline(), *map(_sentence, self.explanations), *self._remarks(), *mended])

    def _headline(self) -> str:
        """`dX is wrong, dgamma and dbeta are right.`"""
        found = {"wrong": self.wrong, "right": self.right}
        return ", ".join(f"{_are(names)} {word}" for word, names in found.items() if names) + "."

    def _remarks(self) -> list[str]:
        """What is left to say."""
        said = []
        if self.unexplained:
            said.append(f"What is wrong with {_listed(self.unexplained)} is no single change of the derived formula.")
        if self.rounded:
            said.append(f"{_are(self.rounded)} so to seven digits only: the precision of float32.")
        return said

    def _shown(self) -> list[str]:
        """The gradients whose right line is worth showing."""
        names = [name for explanation in self.explanations for name in (explanation.where, *explanation.explains[:1])]
        return [name for name in dict.fromkeys([*names, *self.unexplained]) if name in self.lines][:3]

    def __repr__(self) -> str:
        return str(self)


def diagnose(subject: Subject, function: Function | tuple[Function, Function]) -> LayerDiagnosis:
    """What is wrong with a backward pass of this layer; `function` may be a pair, its forward pass first."""
    asked = [Asked(subject, place) for place in subject.places]
    try:
        got = [place.results(function) for place in asked]
        again = asked[0].results(function)
    except AskingError as error:
        return LayerDiagnosis((), (), (), {}, f"{error}{_only_square(subject, function)}")
    right = {name: [place.right[name] for place in asked] for name in got[0]}
    shapes = {name: (got[0][name].shape, right[name][0].shape) for name in right}
    if misshapen := [name for name, (one, other) in shapes.items() if one != other]:
        words = "; ".join(_misshapen(name, got[0][name], right[name][0]) for name in misshapen)
        return LayerDiagnosis((), (), (), {}, f"{words}, at {asked[0].sizes}.")
    if any(not np.array_equal(again[name], got[0][name]) for name in right):
        return LayerDiagnosis((), (), (), {}, "Asked twice with the same numbers, it answers differently.")
    errors = {name: _error([g[name] for g in got], right[name]) for name in right}
    wrong = [name for name, error in errors.items() if error > COARSE]
    found = Search(
        subject.definitions,
        subject.ways,
        subject.candidates if wrong else [],
        subject.places,
        {name: [np.asarray(g[name], float) for g in got] for name in right},
        right,
        frozenset(wrong),
    )
    explained = tuple(found.explanations()) if wrong else ()
    rounded = tuple(name for name, error in errors.items() if FINE < error <= COARSE)
    right_ones = tuple(name for name in right if name not in wrong)
    return LayerDiagnosis(right_ones, tuple(wrong), explained, subject.lines, rounded=rounded)


def _only_square(subject: Subject, function: Function | tuple[Function, Function]) -> str:
    """Why a function that has failed runs where all sizes are equal; empty if it doesn't, or nothing explains it."""
    try:
        asked = [Asked(subject, place) for place in subject.places_of_equal_sizes]
        got = [place.results(function) for place in asked]
    except (AskingError, FormulaError, ValueError):
        return ""
    found = why_only_square(subject.definitions, subject.ways, subject.places_of_equal_sizes, got)
    return f". It runs where all sizes are equal: {found}" if found else ""


def _misshapen(name: str, got: Array, right: Array) -> str:
    transposed = got.shape == right.shape[::-1] and _error_at(got.T, right) <= COARSE
    verb = "comes back transposed: it has" if transposed else "has"
    return f"{name} {verb} the shape {got.shape} instead of {right.shape}"


def _error(got: Sequence[Array], right: Sequence[Array]) -> float:
    """The largest, relative to the largest entry; 0 for what the type of the numbers, if it is a short one, allows."""
    return max(_error_at(one, other) for one, other in zip(got, right, strict=True))


def _error_at(got: Array, right: Array) -> float:
    if not np.isfinite(got).all():
        return np.inf
    error = float(np.max(np.abs(got - right), initial=0.0)) / (float(np.max(np.abs(right), initial=0.0)) or 1.0)
    return 0.0 if error <= TOLERANCE.get(got.dtype, 0.0) else error


def _sentence(explanation: Explanation) -> str:
    place = "" if explanation.where in explanation.words else f"in {explanation.where}, "
    return f"{place}{explanation.words}."


def _are(names: Sequence[str]) -> str:
    return f"{_listed(names)} {'is' if len(names) == 1 else 'are'}"


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
