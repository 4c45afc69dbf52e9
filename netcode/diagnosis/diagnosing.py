"""What is wrong with my gradient? The one call that answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from netcode.arguments import nonnegative
from netcode.diagnosis.answers import Answer, ask, joined
from netcode.diagnosis.candidates import MISTAKE_OF, Candidates, Lines
from netcode.diagnosis.diagnosis import Cause, Diagnosis, Finding
from netcode.diagnosis.explanation import explain
from netcode.diagnosis.layout import LAYOUTS, Layout, Place
from netcode.diagnosis.lines import as_rows
from netcode.diagnosis.places import DISTINCT, EQUAL, moved, random_places
from netcode.diagnosis.reader import AskedError, ReadersBackward, numbers, read
from netcode.errors import InputError
from netcode.mistakes.mistake import GRADIENTS, corrected
from netcode.parameters import Parameters, names
from netcode.shapes import Array


class Problem(NamedTuple):
    """Where gradients were computed, in whatever layout."""

    X: Array
    Y: Array
    parameters: Parameters
    lam: float


_Expected = Callable[[Sequence[Place], bool], Candidates]


class _Attempt(NamedTuple):
    """What was answered in a layout, and what is to be expected there."""

    layout: Layout
    answers: Mapping[str, Answer]
    candidates: Candidates
    remarks: Sequence[str]

    @property
    def right(self) -> tuple[int, int]:
        """How much of it is right: so many gradients, call by call, and so many shapes."""
        calls = sum(self.candidates.right_calls(*answer) for answer in self.answers.items())
        right = self.candidates.right
        return calls, sum(answer.form.shapes == right[name].form.shapes for name, answer in self.answers.items())


def diagnose(
    gradients: Any,
    X: Any = None,
    Y: Any = None,
    parameters: Any = None,
    lam: float = 0.0,
    *,
    rows: bool | None = None,
) -> Diagnosis:
    """Say of each of dW1, db1, dW2, db2 whether it is right, and if not, which mistake makes it what it is.

    `gradients` is a backward pass, or the gradients that one has returned.

    A backward pass is a function of any of these, in any order, by these names: the examples X, their labels y or
    one-hot targets Y, the parameters W1, b1, W2, b2, the strength lam of the penalty, and the values Z1, A1, Z2, P of
    the forward pass. It returns dW1, db1, dW2, db2: as a tuple or list in this order, a dict, or an object with
    attributes of these names. It is called several times, with random numbers of all sizes.

    X, Y (or labels), parameters (W1, b1, W2, b2, in this order or by name) and lam say where gradients were computed;
    with a function they are optional, and a further place to ask for them. Nothing that is given is changed.

    Examples may be columns or rows, weights either way round, biases columns, rows or flat: if `rows` is None, what
    fits is found by trying.

    Raises InputError if something given can't be used.
    """
    layouts = [layout for layout in LAYOUTS if rows is None or layout.rows == rows]
    problem = None if X is None else _problem(X, Y, parameters, lam)
    places = {layout: place for layout in layouts if problem and (place := layout.place(*problem))}
    if problem and not places:
        raise InputError(f"the shapes don't fit: {_shapes(problem)}; expected those of n features, h units, C classes")
    if callable(gradients):
        return diagnose_function(gradients, list(places) or layouts, places)
    if not problem:
        raise InputError("gradients without X, Y and parameters; expected all of them, or a backward pass")
    return _of_gradients(gradients, places)


def diagnose_function(
    backward: Callable[..., Any], layouts: Sequence[Layout], places: Mapping[Layout, Place]
) -> Diagnosis:
    """The diagnosis of a backward pass in the one of the layouts that is its own; `places` are further ones to ask for.

    It is asked where all sizes differ; where all are equal, if it fails there; and then at the further place.
    Raises InputError if its parameters or its result can't be used.
    """
    failed: list[AskedError] = []

    def asked(places: Mapping[Layout, Sequence[Place]], candidates: _Expected) -> Diagnosis | None:
        attempts = []
        for layout, own in places.items():
            try:
                attempts.append(_attempt(backward, layout, own, candidates))
            except AskedError as error:
                failed.append(error)
        return _best(attempts) if attempts else None

    found = asked(dict.fromkeys(layouts, random_places(DISTINCT)), _where_sizes_differ)
    if found is None:
        remark = f"Where all sizes differ, the function fails: {_furthest(failed)}"
        found = asked(dict.fromkeys(layouts, random_places(EQUAL)), _where_sizes_are_equal)
        found = None if found is None or found.ok else found._replace(remarks=[remark, *found.remarks])
    if places and (found is None or found.ok or not found.explained):
        there = asked({layout: moved(place) for layout, place in places.items()}, Candidates)
        if there and (found is None or found.ok or there.explained):
            found = there
    if found is None:
        return Diagnosis([Finding(name, "no answer") for name in GRADIENTS], (), _furthest(failed).text)
    return found


def _furthest(failed: Sequence[AskedError]) -> AskedError:
    """In a layout that isn't the function's own it fails early."""
    return max(failed, key=lambda error: error.line)


def _of_gradients(gradients: Any, places: Mapping[Layout, Place]) -> Diagnosis:
    remark = (
        "From gradients alone, what shows only elsewhere or at a second call can't be seen: give the function itself."
    )
    attempts = []
    for layout, place in places.items():
        candidates = Candidates([place], layout.biases == "flat", last_call=True)
        attempts.append(_Attempt(layout, joined([read(gradients, layout)]), candidates, [remark]))
    return _best(attempts)


def _attempt(backward: Callable[..., Any], layout: Layout, places: Sequence[Place], candidates: _Expected) -> _Attempt:
    reader = ReadersBackward(backward, layout)
    answers = joined(ask(reader, places))
    remarks = []
    if reader.changed:
        changed = ", ".join(sorted(reader.changed))
        remarks.append(f"The function changes its argument {changed} in place: its caller has another one now.")
    return _Attempt(layout, answers, candidates(places, layout.biases == "flat"), remarks)


@cache
def _own(sizes: tuple[int, int, int, int], flat_biases: bool) -> Candidates:
    return Candidates(random_places(sizes), flat_biases)


def _where_sizes_differ(places: Sequence[Place], flat_biases: bool) -> Candidates:
    return _own(DISTINCT, flat_biases)


def _where_sizes_are_equal(places: Sequence[Place], flat_biases: bool) -> Candidates:
    return _own(EQUAL, flat_biases)


@np.errstate(all="ignore")  # what isn't finite is compared as well
def _best(attempts: Sequence[_Attempt]) -> Diagnosis:
    """The diagnosis in the layout in which most is right; of several the first that explains everything."""
    most = max(attempt.right for attempt in attempts)
    diagnoses = []
    for attempt in attempts:
        if attempt.right == most:
            diagnoses.append(_diagnosis(attempt))
            if diagnoses[-1].explained:
                return diagnoses[-1]
    return diagnoses[0]


def _diagnosis(attempt: _Attempt) -> Diagnosis:
    explanation = explain(attempt.answers, attempt.candidates)
    findings = []
    for name, ways in explanation.lines.items():
        if not ways:
            detail = attempt.candidates.difference(name, attempt.answers[name], attempt.layout)
            findings.append(Finding(name, "not a known mistake", detail=detail))
            continue
        causes = [_causes(name, way, attempt.layout, explanation.numbers) for way in ways]
        if not causes[0]:
            findings.append(Finding(name, "right"))
        else:
            choice = any(all(cause.mistake.choice for cause in way) for way in causes)
            findings.append(Finding(name, "another choice" if choice else "known mistake", causes))
    return Diagnosis(findings, [*attempt.remarks, f"Read with {attempt.layout}."])


def _causes(name: str, way: Lines, layout: Layout, numbers: Mapping[tuple[str, Lines], float]) -> list[Cause]:
    causes = []
    for line in sorted(way):
        mistake = MISTAKE_OF[line]
        number = numbers.get((name, way), mistake.number.written) if mistake.number else None
        wrong, right = (as_rows(one) if layout.rows else one for one in (line, corrected(line)))
        causes.append(Cause(mistake, wrong, right, number))
    return causes


def _problem(X: Any, Y: Any, parameters: Any, lam: float) -> Problem:
    if Y is None or parameters is None:
        raise InputError("X without Y or parameters; expected all three")
    if isinstance(parameters, Mapping):
        if missing := [name for name in names(2) if name not in parameters]:
            raise InputError(f"the parameters lack {', '.join(missing)}; expected W1, b1, W2, b2")
        parameters = [parameters[name] for name in names(2)]
    if len(parameters) != len(names(2)):
        raise InputError(f"{len(parameters)} parameters; expected W1, b1, W2, b2")
    arrays = [numbers(name, value) for name, value in zip(names(2), parameters, strict=True)]
    floats = Parameters(*(array.astype(np.float64) for array in arrays))
    return Problem(numbers("X", X).astype(np.float64), numbers("Y", Y), floats, nonnegative("lam", lam))


def _shapes(problem: Problem) -> str:
    shapes = {"X": problem.X.shape, "Y": problem.Y.shape}
    shapes |= {name: array.shape for name, array in problem.parameters._asdict().items()}
    return ", ".join(f"{name} {shape}" for name, shape in shapes.items())
