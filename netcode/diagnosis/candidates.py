"""What the right backward pass answers at some places, and what it answers with one or two wrong lines in it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from typing import NamedTuple

import numpy as np

from netcode.diagnosis.answers import CALLS, Answer, Form, ask, joined
from netcode.diagnosis.layout import Layout, Place
from netcode.gradients.rounding import EPSILON, rounding_scale, rounding_scale_of_scores
from netcode.mistakes.catalogue import MISTAKES
from netcode.mistakes.mistake import GRADIENTS, Mistake, backward_with, corrected, touches
from netcode.network import Backward, Forward
from netcode.shapes import Array, Bool, Float

Lines = frozenset[str]
"""Wrong lines that are in the backward pass together."""

RIGHT: Lines = frozenset()
MISTAKE_OF = {line: mistake for mistake in MISTAKES for line in mistake.lines}
SINGLE_PRECISION = next(line for line, mistake in MISTAKE_OF.items() if mistake.name == "single-precision")
DIGITS = 1e-9  # to which an answer must be what a mistake makes of it, in proportion to the change that it makes


MAX_ENTRIES = 5000  # of the gradients, where two mistakes are sought in one: some 2,000 such answers are kept


class Family(NamedTuple):
    """What a line computes whatever its number is: `base` with the right one, and a direction to go from there."""

    lines: Lines
    form: Form
    base: Float[Array, " entries"]
    direction: Float[Array, " entries"]
    mistake: Mistake


class Group(NamedTuple):
    """Candidates whose answers have one form, side by side."""

    lines: Sequence[Lines]
    values: Float[Array, "candidates entries"]
    tolerances: Float[Array, "candidates entries"]

    def equal_to(self, values: Float[Array, " entries"], slack: Float[Array, " entries"]) -> Iterator[Lines]:
        """The candidates that answer so, each within its tolerance and the slack."""
        near = (np.abs(self.values - values) <= self.tolerances + slack).all(axis=1)
        return (self.lines[int(place)] for place in np.flatnonzero(near))


class Candidates:
    """All answers to expect at some places."""

    def __init__(self, places: Sequence[Place], flat_biases: bool = False, last_call: bool = False) -> None:
        """Answers of flat biases are flat, too. `last_call`: not all calls are to be answered, but the last one."""
        self._places, self._flat, self._calls = places, flat_biases, slice(-1 if last_call else 0, None)
        right = self._answers(RIGHT)
        assert right is not None
        self.right = right
        self.bounds = self._bounds()

    def is_right(self, name: str, answer: Answer) -> bool:
        """Whether it is the right gradient but for rounding, in whatever order its sums were taken."""
        return answer.form.shapes == self.right[name].form.shapes and bool(self._near_right(name, answer).all())

    def right_calls(self, name: str, answer: Answer) -> int:
        """At how many calls it is the right gradient."""
        return sum(bool(near.all()) for _, _, near in self._by_call(name, answer))

    def difference(self, name: str, answer: Answer, layout: Layout) -> str:
        """Where it differs most from the right gradient, at the first call at which it does, as seen in the layout."""
        for call, (given, right, near) in enumerate(self._by_call(name, answer)):
            if near.all():
                continue
            before = "right at the first call, but then " if call else ""
            if given.shape != right.shape:
                shapes = (layout.as_columns(name, array).shape for array in (given, right))
                return before + "shape {}; expected {}".format(*shapes)
            given, right = (layout.as_columns(name, array) for array in (given, right))
            errors = np.nan_to_num(np.abs(given - right), nan=np.inf)
            count = near.size - np.count_nonzero(near)
            at = tuple(int(place) for place in np.unravel_index(errors.argmax(), errors.shape))
            return f"{before}{given[at]:.6g} at {at}; expected {right[at]:.6g} ({count} of {right.size} entries differ)"
        return ""

    def is_right_in_single_precision(self, name: str, answer: Answer) -> bool:
        """Whether it is the right gradient but for rounding, were it as coarse as that of float32."""
        right = self.right[name]
        if answer.form.shapes != right.form.shapes:
            return False
        return bool((np.abs(answer.values - right.values) <= SINGLE * self.bounds[name]).all())

    @cached_property
    def singles(self) -> dict[str, Mapping[Form, Group]]:
        """The answers with one wrong line, for each gradient that the line makes wrong here."""
        return {name: self._grouped(name, self._single.items()) for name in GRADIENTS}

    @cached_property
    def pairs(self) -> dict[str, Mapping[Form, Group]]:
        """The answers with two wrong lines that both reach the gradient."""
        return {name: self._grouped(name, self._pair.items(), reached_by=2) for name in GRADIENTS}

    @cached_property
    def hidden(self) -> dict[str, frozenset[Lines]]:
        """The lines that reach a gradient, and leave it right here."""
        return {
            name: frozenset(
                lines
                for lines, answers in self._single.items()
                if reaching(lines, name) and self._same_as_right(name, answers[name])
            )
            for name in GRADIENTS
        }

    @cached_property
    def families(self) -> Mapping[str, Sequence[Family]]:
        """The lines with a number in them that may be any number."""
        return {
            name: [
                self._family(name, lines, self.right[name], answers[name])
                for lines, answers in self._single.items()
                if reaching(lines, name) and any(MISTAKE_OF[line].number for line in lines)
            ]
            for name in GRADIENTS
        }

    @cached_property
    def families_in_pairs(self) -> Mapping[str, Sequence[Family]]:
        """The same beside another wrong line."""
        families: dict[str, list[Family]] = {name: [] for name in GRADIENTS}
        for lines, answers in self._pair.items():
            for line in lines:
                if MISTAKE_OF[line].number and lines - {line} in self._single:
                    base = self._single[lines - {line}]
                    for name in GRADIENTS:
                        if len(reaching(lines, name)) == 2 and base[name].form == answers[name].form:
                            families[name].append(self._family(name, lines, base[name], answers[name], line))
        return families

    @cached_property
    def _single(self) -> dict[Lines, dict[str, Answer]]:
        return self._computed(frozenset({line}) for line in MISTAKE_OF if line != SINGLE_PRECISION)

    @cached_property
    def _pair(self) -> dict[Lines, dict[str, Answer]]:
        if sum(answer.values.size for answer in self.right.values()) > MAX_ENTRIES:
            return {}
        lines = [line for line in MISTAKE_OF if line != SINGLE_PRECISION]
        return self._computed(
            frozenset(pair)
            for pair in itertools.combinations(lines, 2)
            if corrected(pair[0]) != corrected(pair[1])
            and any(len(reaching(frozenset(pair), name)) == 2 for name in GRADIENTS)
        )

    def _computed(self, candidates: Iterable[Lines]) -> dict[Lines, dict[str, Answer]]:
        """The answers of those that don't fail."""
        answers = ((lines, self._answers(lines)) for lines in candidates)
        return {lines: answer for lines, answer in answers if answer is not None}

    def _answers(self, lines: Lines) -> dict[str, Answer] | None:
        """None if NumPy refuses to compute it."""
        try:
            return joined(ask(partial(_gradients, backward_with(*lines)), self._places)[self._calls], self._flat)
        except ValueError:
            return None

    def _bounds(self) -> dict[str, Float[Array, " entries"]]:
        """For each gradient how far two right ones may be apart, entry by entry.

        Twice the rounding error of a sum of so many terms in the worst order, relative to the sum of their magnitudes;
        where scores are large, their rounding errors, which are relative errors of the probabilities, come on top.
        What is 32 digits smaller than the largest entry counts as 0.
        """
        bounds: dict[str, list[Array]] = {name: [] for name in GRADIENTS}
        for X, Y, parameters, lam in self._places:
            terms = 16 + sum(X.shape) + sum(parameters.W2.shape)
            factor = EPSILON * terms * (1 + rounding_scale_of_scores(X, parameters))
            for name, magnitude in rounding_scale(X, Y, parameters, lam)._asdict().items():
                least = EPSILON**2 * magnitude.max() + np.finfo(np.float64).tiny
                bounds[f"d{name}"] += CALLS * [factor * magnitude.ravel() + least]
        return {name: np.concatenate(parts[self._calls]) for name, parts in bounds.items()}

    def _grouped(
        self, name: str, candidates: Iterable[tuple[Lines, dict[str, Answer]]], reached_by: int = 1
    ) -> dict[Form, Group]:
        members: dict[Form, list[tuple[Lines, Array]]] = {}
        for lines, answers in candidates:
            if len(reaching(lines, name)) >= reached_by and not self._same_as_right(name, answers[name]):
                members.setdefault(answers[name].form, []).append((lines, answers[name].values))
        groups = {}
        for form, group in members.items():
            values = np.stack([one for _, one in group])
            tolerances = np.stack([self._tolerance(name, form, one) for _, one in group])
            groups[form] = Group([lines for lines, _ in group], values, tolerances)
        return groups

    def _family(self, name: str, lines: Lines, base: Answer, answer: Answer, line: str = "") -> Family:
        (line,) = lines if not line else (line,)
        return Family(lines, answer.form, base.values, answer.values - base.values, MISTAKE_OF[line])

    def _tolerance(self, name: str, form: Form, values: Float[Array, " entries"]) -> Float[Array, " entries"]:
        if form.shapes != self.right[name].form.shapes:
            return np.full(values.shape, DIGITS * np.abs(values).max(initial=0))
        return self.bounds[name] + DIGITS * np.abs(values - self.right[name].values).max(initial=0)

    def _same_as_right(self, name: str, answer: Answer) -> bool:
        return answer.form == self.right[name].form and bool(self._near_right(name, answer).all())

    def _by_call(self, name: str, answer: Answer) -> Iterator[tuple[Array, Array, Array]]:
        """What was answered at each call, what is right there, and where they are the same but for rounding."""
        right, start, right_start = self.right[name], 0, 0
        for shape, right_shape in zip(answer.form.shapes, right.form.shapes, strict=True):
            end, right_end = start + math.prod(shape), right_start + math.prod(right_shape)
            given = answer.values[start:end].reshape(shape)
            expected = right.values[right_start:right_end].reshape(right_shape)
            bounds = self.bounds[name][right_start:right_end].reshape(right_shape)
            yield given, expected, np.abs(given - expected) <= bounds if shape == right_shape else np.array(False)
            start, right_start = end, right_end

    def _near_right(self, name: str, answer: Answer) -> Bool[Array, " entries"]:
        return np.abs(answer.values - self.right[name].values) <= self.bounds[name]


SINGLE = float(np.finfo(np.float32).eps) / EPSILON
"""How much coarser float32 is."""


@cache
def reaching(lines: Lines, name: str) -> Lines:
    """Those of the lines that make the gradient wrong, all of them being in the backward pass."""
    return frozenset(line for line in lines if name in touches(line, *(lines - {line})))


def _gradients(backward: Callable[..., Backward], place: Place, passed: Forward) -> dict[str, Array]:
    computed = backward(place.X, place.Y, place.parameters, passed, place.lam)
    return {name: getattr(computed, name) for name in GRADIENTS}
