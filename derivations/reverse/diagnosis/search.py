"""The changes that explain a gradient: they give the reader's numbers at every place."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from sympy import Add, Expr

from derivations.calculus.definitions import Definitions, name_of, names_in
from derivations.calculus.writers.text import text
from derivations.reverse.diagnosis.candidates import Candidate, value_of
from derivations.reverse.diagnosis.numbers import as_formula
from derivations.reverse.diagnosis.parts import parts_of_a_range, sides_of_a_condition
from derivations.reverse.diagnosis.places import Array, Place
from derivations.reverse.walk import axes_of

__all__ = ["Explanation", "Search"]

NEAR = 1e-6
"""How near numbers must be, relative to the largest: a change that isn't the one is far off at one of the places."""

ROUNDING = 1e-13
"""What is left, relative to the largest entry, where terms of that size cancel in float64."""

WRITTEN_IN = (0, 1, 0.01, 0.02, 0.1, 0.2, 0.25, 0.3, 0.5, 2, 1e-3, 1e-5, 1e-6, 1e-8)
"""What may stand for a scalar that isn't passed on: slopes, rates and small numbers, as they are usual."""

BEHIND_A_RIGHT_ONE = 3.0
"""What it costs that a change would have made another gradient wrong that is right."""


@dataclass(frozen=True)
class Explanation:
    """What was done in the formula of a name, and which gradients it explains."""

    where: str
    words: str
    explains: tuple[str, ...]
    cost: float
    factor: Expr | None = None
    """The number by which the whole gradient is wrong, if that is all."""
    by: Candidate | None = field(default=None, compare=False, repr=False)
    """The change of formulas that it is, if it is one."""


@dataclass(frozen=True)
class Search:
    """The reader's gradients beside the right formulas; `ways` are several right backward passes of the same layer."""

    definitions: Definitions
    ways: Sequence[Definitions]
    candidates: Sequence[Candidate]
    """Single changes, evaluated at the first place."""
    places: Sequence[Place]
    got: Mapping[str, Sequence[Array]]
    """By the gradient's name: at each place."""
    right: Mapping[str, Sequence[Array]]
    wrong: frozenset[str]

    @cached_property
    def vanishing(self) -> frozenset[str]:
        """The gradients that are nothing but rounding: what should be added up was added up over too much, say."""
        pairs = {name: zip(self.got[name], self.right[name], strict=True) for name in self.wrong}
        return frozenset(name for name, both in pairs.items() if all(_vanishes(got, right) for got, right in both))

    def explanations(self) -> list[Explanation]:
        """The fewest and cheapest that explain what is wrong; what nothing explains is left out."""
        found = sorted(self._all(), key=lambda explanation: (explanation.cost, explanation.words))
        chosen: list[Explanation] = []
        left = set(self.wrong)
        while left and (best := self._best(found, left)) is not None:
            chosen.append(best)
            left -= set(best.explains)
        # What is left may be wrong twice: by one of these changes, behind which it is, and by one of its own.
        for name in sorted(left):
            chosen += list(self._on_top_of(chosen, name))[:1]
        return _together(chosen)

    def _best(self, found: Sequence[Explanation], left: set[str]) -> Explanation | None:
        useful = [explanation for explanation in found if set(explanation.explains) & left]
        return min(useful, key=lambda e: e.cost - 2 * len(set(e.explains) & left), default=None)

    def _all(self) -> Iterator[Explanation]:
        for name in sorted(self.wrong):
            yield from self._by_numbers(name)
            yield from self._other_result(name)
            yield from self._right_in_part(name)
        yield from self._by_scalars()
        for candidate in self.candidates:
            yield from self._tried(candidate)

    # A number for each term

    def _by_numbers(self, name: str) -> Iterator[Explanation]:
        """c_1 term_1 + c_2 term_2 + ...: a sign, a mean for a sum, a term that is missing, all at once."""
        for way in self.ways:
            gradient = next(g for g in way if name_of(g) == name)
            terms = Add.make_args(way[gradient])
            fitted = self._fitted(name, gradient, terms, way)
            if fitted is not None:
                yield from self._in_words(terms, fitted, name)

    def _in_words(self, terms: Sequence[Expr], numbers: Sequence[Expr], name: str) -> Iterator[Explanation]:
        wrong = [(term, number) for term, number in zip(terms, numbers, strict=True) if number != 1]
        if wrong and len(set(numbers)) == 1:
            yield Explanation(name, _times(name, numbers[0]), (name,), 0.9, numbers[0])
        elif wrong:
            words = "; ".join(_times(self._part(term, name), number) for term, number in wrong)
            yield Explanation(name, words, (name,), 0.5 + 0.4 * len(wrong))

    def _part(self, term: Expr, name: str) -> str:
        """A term by the name that it comes back through, if there is one."""
        computed = {name_of(gradient) for way in self.ways for gradient in way} & names_in(term)
        through = [inner for inner in map(name_of, self.definitions) if f"d{inner}" in computed]
        return f"the part of {name} through {through[0]}" if len(through) == 1 else f"the term {text(term)} of {name}"

    # A scalar that was forgotten everywhere

    def _by_scalars(self) -> Iterator[Explanation]:
        """Computed as if it were 0, or 1, or another of the numbers that are written into code."""
        for scalar, number in itertools.product(self.places[0].scalars, WRITTEN_IN):
            places = [replace(place, values={**place.values, scalar: np.array(float(number))}) for place in self.places]
            everything = {**self.definitions, **self.ways[-1]}
            explained = self._explained(sorted(self.wrong), everything, places)
            names = tuple(name for name, factor in explained.items() if factor == 1)
            if names:
                words = f"{scalar} {'is missing' if number == 0 else f'counts as {number}'} on the way back"
                yield Explanation(scalar, words, names, 0.9 if number in (0, 1) else 1.1)

    def _fitted(self, name: str, gradient: Expr, terms: Sequence[Expr], way: Definitions) -> list[Expr] | None:
        measured = []
        for place, got in zip(self.places, self.got[name], strict=True):
            walk = place.evaluation({**self.definitions, **way})
            columns = np.array([walk.array_of(term, axes_of(gradient)).ravel() for term in terms]).T
            numbers, *_ = np.linalg.lstsq(columns, got.ravel(), rcond=None)
            if not _near(columns @ numbers, got.ravel()) or np.linalg.matrix_rank(columns) < len(terms):
                return None
            measured.append(numbers)
        formulas = [as_formula(numbers, self.places) for numbers in zip(*measured, strict=True)]
        return [f for f in formulas if f is not None] if None not in formulas else None

    # Another array in its place

    def _other_result(self, name: str) -> Iterator[Explanation]:
        """Zeros, or another gradient, or what came back to the layer, of the same shape."""
        if all(not array.any() for array in self.got[name]):
            yield Explanation(name, f"{name} is all zeros", (name,), 0.5)
        elif name in self.vanishing:
            yield Explanation(name, f"{name} is 0, but for rounding", (name,), 1.4)
        for other, arrays in self.right.items():
            if other != name and self._are_near(arrays, self.got[name]):
                yield Explanation(name, f"{other} was returned as {name}", (name,), 0.9)
        for other in self.places[0].values:
            if self._are_near([place.values[other] for place in self.places], self.got[name]):
                yield Explanation(name, f"{other} was returned as {name}, as it is", (name,), 0.9)

    def _right_in_part(self, name: str) -> Iterator[Explanation]:
        gradient = next(g for g in self.ways[-1] if name_of(g) == name)
        got, right, where = self.got[name], self.right[name], {**self.definitions, **self.ways[-1]}
        parts = (
            parts_of_a_range(name, axes_of(gradient), got, right),
            sides_of_a_condition(name, axes_of(gradient), got, right, self.places, where),
        )
        for part in itertools.chain(*parts):
            yield Explanation(name, part.words, (name,), part.cost)

    # One change in one formula

    def _tried(self, candidate: Candidate) -> Iterator[Explanation]:
        """What it explains, with a number in front where that is what is left."""
        reached = sorted(self.wrong & candidate.values.keys())
        first = [name for name in reached if self._factor(name, candidate.values[name], 0) is not None]
        where_all = {**self.definitions, **candidate.way, **candidate.changed}
        explained = self._explained(first, where_all, map(candidate.at, self.places)) if first else {}
        if not explained:
            return
        factor = _and_times(explained)
        spoiled = len((candidate.behind & self.right.keys()) - self.wrong)
        price = candidate.cost + (0.8 if factor else 0) + BEHIND_A_RIGHT_ONE * bool(spoiled)
        yield Explanation(candidate.where, candidate.words + factor, tuple(explained), price, by=candidate)

    def _on_top_of(self, chosen: Sequence[Explanation], name: str) -> Iterator[Explanation]:
        """Changes of the gradient's own formula, once what it is computed from is as wrong as it was found to be."""
        for first in [explanation.by for explanation in chosen if explanation.by is not None]:
            if name not in first.values:
                continue
            wrong = {**self.definitions, **first.way, **first.changed}
            places = [first.at(place) for place in self.places]
            walk = places[0].evaluation(wrong)
            own = (candidate for candidate in self.candidates if candidate.where == name and candidate.way is first.way)
            for candidate in sorted(own, key=lambda candidate: candidate.cost):
                where = {**wrong, **candidate.changed}
                if self._factor(name, value_of(walk, name, where), 0) is None:
                    continue
                factor = self._explained([name], where, places).get(name)
                if factor is not None:
                    words = candidate.words + _and_times({name: factor})
                    yield Explanation(name, words, (name,), candidate.cost, by=candidate)

    def _explained(self, names: Sequence[str], where: Definitions, places: Iterable[Place]) -> dict[str, Expr]:
        measured: dict[str, list[float]] = {name: [] for name in names}
        for number, place in enumerate(places):
            walk = place.evaluation(where)
            for name in list(measured):
                factor = self._factor(name, value_of(walk, name, where), number)
                if factor is None:
                    del measured[name]
                else:
                    measured[name].append(factor)
        formulas = {name: as_formula(numbers, self.places) for name, numbers in measured.items()}
        return {name: formula for name, formula in formulas.items() if formula is not None and formula != 0}

    def _factor(self, name: str, value: Array | None, number: int) -> float | None:
        """What the value has to be multiplied by to be the reader's; rounding alone is all the same."""
        if name not in self.vanishing:
            return _factor(value, self.got[name][number])
        right = self.right[name][number]
        return 1.0 if value is not None and value.shape == right.shape and _vanishes(value, right) else None

    @staticmethod
    def _are_near(arrays: Sequence[Array], others: Sequence[Array]) -> bool:
        pairs = zip(arrays, others, strict=True)
        return all(one.shape == other.shape and _near(one, other) for one, other in pairs)


def _and_times(factors: Mapping[str, Expr]) -> str:
    """What is left to say: `, and it is 2 times that`, or of each gradient by itself; nothing where all are 1."""
    if len(set(factors.values())) == 1:
        (factor,) = set(factors.values())
        return "" if factor == 1 else f", and it is {text(factor)} times that"
    return "".join(f"; {name} is {text(f)} times what comes of that" for name, f in factors.items() if f != 1)


def _factor(value: Array | None, got: Array) -> float | None:
    """c with got = c value; None if there is none."""
    if value is None or value.shape != got.shape or not np.isfinite(value).all():
        return None
    square = float((value * value).sum())
    if square == 0:
        return None
    factor = float((value * got).sum()) / square
    return factor if factor and _near(factor * value, got) else None


def _vanishes(value: Array, right: Array) -> bool:
    scale = float(np.max(np.abs(right), initial=0.0))
    return bool(np.isfinite(value).all()) and float(np.max(np.abs(value), initial=0.0)) <= ROUNDING * scale


def _near(one: Array, other: Array) -> bool:
    scale = float(np.max(np.abs(other), initial=0.0))
    return bool(np.isfinite(one).all()) and bool(np.max(np.abs(one - other), initial=0.0) <= NEAR * scale)


def _together(found: Sequence[Explanation]) -> list[Explanation]:
    """Gradients that are wrong by the same number are told in one sentence."""
    by_factor: dict[Expr | int, list[Explanation]] = {}
    for number, explanation in enumerate(found):
        by_factor.setdefault(-1 - number if explanation.factor is None else explanation.factor, []).append(explanation)
    return [_joined(alike) for alike in by_factor.values()]


def _joined(alike: Sequence[Explanation]) -> Explanation:
    first, names = alike[0], sorted({name for explanation in alike for name in explanation.explains})
    if len(names) == 1 or first.factor is None:
        return first
    return replace(first, words=_times(" and ".join(names), first.factor, plural=True), explains=tuple(names))


def _times(what: str, number: Expr, plural: bool = False) -> str:
    if number == 0:
        return f"{what} {'are' if plural else 'is'} missing"
    if number == -1:
        return f"{what} {'have' if plural else 'has'} the wrong sign"
    return f"{what} {'are' if plural else 'is'} {text(number)} times what {'they' if plural else 'it'} should be"
