"""What is wrong with my gradient? The one call that answers it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from netcode.arguments import nonnegative
from netcode.diagnosis.architecture import REDUCTIONS, Architecture, Point, forward
from netcode.diagnosis.attempt import Attempt
from netcode.diagnosis.comparison import Comparison
from netcode.diagnosis.diagnosis import Cause, Diagnosis, Finding
from netcode.diagnosis.explanation import Explanation, explain
from netcode.diagnosis.identification import Known
from netcode.diagnosis.layout import LAYOUTS, ONE_OUTPUT, Layout, with_labels
from netcode.diagnosis.lines import as_rows
from netcode.diagnosis.loss import architecture_of
from netcode.diagnosis.own_loss import OwnLoss, own_losses
from netcode.diagnosis.points import EQUAL, distinct_sizes, perturbed, random_points
from netcode.diagnosis.program import right_lines
from netcode.diagnosis.reading.choice import reader_of
from netcode.diagnosis.reading.failure import AskedError
from netcode.diagnosis.reading.reader import Reader
from netcode.diagnosis.reading.results import gradients_in, numbers
from netcode.diagnosis.words import likely_networks
from netcode.errors import InputError
from netcode.mistakes.catalogue import MEAN_OR_SUM, SLOPE_OF_OUTPUT
from netcode.shapes import Array

MOST_LAYOUTS = 8
"""So many layouts in which the function doesn't fail are considered."""
Places = Mapping[Layout, Point]
"""A point of the caller's, in each layout in which its arrays can lie."""


def diagnose(
    gradients: Any,
    X: Any = None,
    Y: Any = None,
    parameters: Any = None,
    lam: float = 0.0,
    *,
    rows: bool | None = None,
    network: Architecture | None = None,
    names: Mapping[str, str] | None = None,
    site: str = "",
) -> Diagnosis:
    """Say of each gradient whether it is right, and if not, which mistake makes it what it is.

    `gradients` is a backward pass, or the gradients that one has returned.

    A backward pass is a function, or a class or object with a method, as one writes it: its arguments are made from
    the names of its parameters (the examples X, their labels y or one-hot targets Y, weights W1, b1, ..., or a
    dictionary, list or vector of them, the penalty's strength, a cache with the values of the forward pass), and its
    gradients are found in what it returns, by name, order or shape. `names` says what a name means that can't be
    guessed, as in names={"h": "A1"}. The function is called several times, with random numbers of all sizes.

    Which network and which loss it is for is found out, unless `network` says so: activation, output, reduction,
    penalty, depth, biases. Examples may be columns or rows, weights either way round, biases columns, rows or flat,
    labels numbers or one-hot; if `rows` is None, what fits is found by trying.

    X, Y (or labels), parameters (W1, b1, W2, b2, ..., in this order or by name) and lam say where gradients were
    computed; with a function they are optional, and a further point to ask for them. Nothing that is given is changed.

    `site` is the address of a page that explains the mistakes, up to the name of one, as in
    "https://example.org/mistakes/#"; with it the answer has links.

    Raises InputError if something given can't be used.
    """
    layouts = [layout for layout in LAYOUTS if rows is None or layout.rows == rows]
    given = None if X is None else _given(X, Y, parameters, lam)
    places: Places = {layout: point for layout in layouts if given and (point := layout.point(*given))}
    if given and not places:
        raise InputError(f"the shapes don't fit: {_shapes(*given)}; expected those of n features, h units, C classes")
    if (reader := reader_of(gradients, names)) is not None:
        return diagnose_reader(reader, list(places) or layouts, places, network)._replace(site=site)
    if not given:
        raise InputError("gradients without X, Y and parameters; expected all of them, or a backward pass")
    return _of_gradients(gradients, places, network)._replace(site=site)


def diagnose_reader(
    reader: Reader, layouts: Sequence[Layout], places: Places | None = None, network: Architecture | None = None
) -> Diagnosis:
    """The diagnosis of a backward pass in the one of the layouts that is its own; `places` are further ones to ask for.

    It is asked where all sizes differ; with one output; where all are equal, if it fails otherwise; and then at the
    further points. Raises InputError if its parameters or its result can't be used.
    """
    return _Asking(reader, layouts, places or {}, network).diagnosis()


class _Asking:
    """A backward pass, asked at one kind of point after another."""

    def __init__(self, reader: Reader, layouts: Sequence[Layout], places: Places, network: Architecture | None) -> None:
        self._reader, self._layouts, self._places, self._network = reader, layouts, places, network
        self._failed: list[AskedError] = []
        self._chosen: tuple[Layout, Sequence[Point], Architecture] | None = None
        """Where the diagnosis was made that is kept."""
        self._lam = 0.3 if reader.takes_lam else 0.0

    def diagnosis(self) -> Diagnosis:
        layers = self._network.layers if self._network else self._reader.layers
        sizes = distinct_sizes(layers)
        found = self._asked_at(sizes)
        if found is None or not found.explained or (not found.ok and self._may_have_one_output):
            found = self._elsewhere(found, sizes)
        if found and self._may_be_of_one_example(found):
            found = self._of_one(found, sizes)
        if self._places and (found is None or found.ok or not found.explained):
            kept, there = self._chosen, self._asked_there()
            if there and (found is None or found.ok or there.explained):
                found = there
            else:
                self._chosen = kept
        if found and not found.explained and self._is_random():
            found = _not_judged(found)
        elif found and self._network is None:
            found = self._held_against_loss(found)
        if found and not found.caution and all(one.verdict == "not a known mistake" for one in found.findings):
            found = _of_no_known_network(found)
        return self._with_remarks(found) if found else self._failure()

    @property
    def _may_have_one_output(self) -> bool:
        """A softmax of one output would be the constant 1."""
        return self._chosen is not None and not self._chosen[2].output.startswith("softmax")

    def _may_be_of_one_example(self, found: Diagnosis) -> bool:
        """Whether all is right but for biases that aren't summed, in code that knows no number of examples."""
        names = {causes[0].mistake.name for _, causes in found.causes if not causes[0].mistake.choice}
        return names == {"bias-not-summed"} and self._chosen is not None and "sum" in self._chosen[2].reduction

    def _is_random(self) -> bool:
        """Whether a fresh start gives other gradients, unless NumPy's random numbers are the same ones."""
        if self._chosen is None:
            return False
        layout, points, architecture = self._chosen
        values, state, answers = forward(points[0], architecture), np.random.get_state(), []
        for seed in (0, 0, 1):
            np.random.seed(seed)
            self._reader.restart()
            answers.append(self._reader(layout, points[0], values))
        np.random.set_state(state)
        first = answers[0]
        return any(
            not np.array_equal(answer[name], first[name], equal_nan=True) for answer in answers[1:] for name in first
        )

    def _held_against_loss(self, found: Diagnosis) -> Diagnosis:
        """If a loss is returned beside the gradients, or computed by another function, and isn't theirs: so told."""
        if self._chosen is None or found.misfit:
            return found
        layout, points, architecture = self._chosen
        others: list[tuple[OwnLoss, Architecture | None]] = []
        for own in own_losses(self._reader, layout, architecture):
            values = [value for point in points if (value := own(point)) is not None]
            if len(values) == len(points):
                of_loss = architecture_of(values, points, architecture)
                if of_loss == architecture:
                    return found
                others.append((own, of_loss))
        for own, of_loss in others[:1]:
            return self._by_numbers(found, own) if of_loss is None else self._by_known_loss(found, own, of_loss)
        return found

    def _by_known_loss(self, found: Diagnosis, own: OwnLoss, of_loss: Architecture) -> Diagnosis:
        if own.separate and found.ok:
            return found._replace(caution=f"But {own} is another: {of_loss}.")
        held = _Asking(self._reader, self._layouts, {}, of_loss).found()
        if held is None:
            return found._replace(caution=f"But {own} is another: {of_loss}.")
        said = f"{str(own)[:1].upper()}{str(own)[1:]} is known by its value ({of_loss})"
        return held._replace(remarks=[f"{said}; the gradients are held against that.", *held.remarks])

    def _by_numbers(self, found: Diagnosis, own: OwnLoss) -> Diagnosis:
        """Beside a loss that is none of the known ones: held against its central differences."""
        assert self._chosen is not None
        layout, points, architecture = self._chosen
        _, point = perturbed(points[0])  # beside the kinks
        answered = self._reader(layout, point, forward(point, architecture))
        right = [name for name, given in answered.items() if own.has_gradient(point, name[1:], given)]
        if len(right) == len(found.findings):
            findings = [Finding(name, "right") for name in answered]
            remark = f"They agree with central differences of {own}, which is none of the losses known here by name."
            return found._replace(findings=findings, network=f"For {own}", remarks=[remark, *found.remarks])
        wrong = [name for name in answered if name not in right]
        if not own.separate and (found.ok or not found.explained):
            detail = "central differences of that loss are others"
            findings = [
                Finding(name, "not a known mistake", detail=detail) if name in wrong else Finding(name, "right")
                for name in answered
            ]
            caution = f"The gradients would be right for this one: {found.network}." if found.ok else ""
            return found._replace(findings=findings, network=f"For {own}", caution=caution)
        return found._replace(
            caution=f"But {own} is another one: its central differences differ from {', '.join(wrong)}."
        )

    def found(self) -> Diagnosis | None:
        """Where all sizes differ."""
        return self._asked_at(distinct_sizes(self._network.layers if self._network else self._reader.layers))

    def _elsewhere(self, found: Diagnosis | None, sizes: tuple[int, ...]) -> Diagnosis | None:
        """Where all sizes are equal, if the function fails otherwise; and with a single output."""
        if found is None and self._failed:
            misfit = _furthest(self._failed).headline
            equal = self._asked_at((EQUAL,) * len(sizes))
            found = None if equal is None else equal._replace(misfit=misfit)
            if found and found.explained:
                return found
        kept, single = self._chosen, self._asked_at((*sizes[:-1], 1))
        if single and found and single.ok and not found.misfit:
            remark = f"With more than one output it would be wrong: {found.summary}"
            return single._replace(remarks=[remark, *single.remarks])
        if single and (found is None or (single.explained and not found.explained)):
            return single
        self._chosen = kept
        return found if found and found.explained else self._of_one(found, sizes)

    def _of_one(self, found: Diagnosis | None, sizes: tuple[int, ...]) -> Diagnosis | None:
        """For one example at a time; with one output and one layer, for weights in a vector, or a single weight."""
        kept, n, *units = self._chosen, sizes[0], *sizes[2:]
        trials = [(self._layouts, (n, 1, *units), "It is for one example at a time.")]
        if len(units) == 1:
            trials += [([ONE_OUTPUT], (n, sizes[1], 1), ""), ([ONE_OUTPUT], (1, sizes[1], 1), "")]
        for layouts, small, remark in trials:
            one = self._asked_at(small, layouts)
            if one and one.explained and (one.ok or found is None or not found.explained):
                return one._replace(remarks=[*filter(None, [remark]), *one.remarks])
        self._chosen = kept
        return found

    def _asked_at(self, sizes: tuple[int, ...], layouts: Sequence[Layout] = ()) -> Diagnosis | None:
        biases = self._network.biases if self._network else self._reader.biases
        points = random_points(sizes, self._lam, biases)
        return self._best(dict.fromkeys(layouts or self._layouts, points), sizes[-1] == 1)

    def _asked_there(self) -> Diagnosis | None:
        return self._best({layout: perturbed(point) for layout, point in self._places.items()}, False)

    def _best(self, points: Mapping[Layout, Sequence[Point]], one_output: bool) -> Diagnosis | None:
        """The diagnosis in the layout in which all is right, else in that in which most is explained by least."""
        attempts: list[Attempt] = []
        for attempt in self._attempts(points, one_output):
            if attempt.all_right and not attempt.mixed:
                comparison = attempt.comparison(attempt.candidates[0])
                self._chosen = attempt.layout, comparison.points, comparison.architecture
                return _diagnosis(attempt.layout, comparison, [Explanation(0.0, (), frozenset())])
            attempts.append(attempt)
        attempts.sort(key=_plausibility)
        found: list[tuple[float, int, Layout, Comparison, Sequence[Explanation]]] = []
        for attempt in attempts[:LIKELIEST_LAYOUTS]:
            if _plausibility(attempt) == _plausibility(attempts[0]):
                comparison, explained = attempt.explained()
                found.append((_cost(explained), len(found), attempt.layout, comparison, explained))
        if not found:
            return None
        *_, layout, comparison, explanations = min(found, key=lambda one: one[:2])
        self._chosen = layout, comparison.points, comparison.architecture
        return _diagnosis(layout, comparison, explanations)

    def _attempts(self, points: Mapping[Layout, Sequence[Point]], one_output: bool) -> Iterator[Attempt]:
        """The layouts in which the function doesn't fail, with the likely kind of labels; with others if it must."""
        best, count = 0, 0
        for labels, layouts in itertools.groupby(
            with_labels(tuple(points), self._reader.likely_labels), lambda layout: layout.labels
        ):
            if best or (count and labels not in ("one-hot", "numbers")):
                return
            for layout in layouts:
                attempt = self._attempt(layout, points[layout._replace(labels="one-hot")], one_output)
                if attempt is not None and count < MOST_LAYOUTS:
                    best, count = max(best, attempt.right), count + 1
                    yield attempt

    def _attempt(self, layout: Layout, points: Sequence[Point], one_output: bool) -> Attempt | None:
        try:
            attempt = Attempt(
                self._reader, layout, points, self._known(points[0], one_output), self._reader.gets_forward
            )
            return attempt if attempt.candidates else None
        except AskedError as error:
            self._failed.append(error)
            return None

    def _known(self, point: Point, one_output: bool) -> Known:
        known = likely_networks(self._reader, one_output)._replace(
            layers=point.layers, biases="b1" in point.parameters, penalty=bool(point.lam)
        )
        return known if self._network is None else _exactly(self._network, known)

    def _with_remarks(self, found: Diagnosis) -> Diagnosis:
        remarks = list(self._reader.remarks)
        if changed := ", ".join(sorted(self._reader.changed)):
            remarks.append(f"The function changes its argument {changed} in place: its caller has another one now.")
        if guesses := self._reader.guesses():
            remarks.append(f"Guessed from names: {', '.join(guesses)}.")
        findings = [self._with_lines(finding) for finding in found.findings]
        return found._replace(findings=findings, asked=self._reader.name, remarks=[*found.remarks, *remarks])

    def _with_lines(self, finding: Finding) -> Finding:
        """With the lines of the reader's own text."""
        line = self._reader.line_of
        return finding._replace(
            causes=[[cause._replace(line=line(cause.quantity)) for cause in way] for way in finding.causes]
        )

    def _failure(self) -> Diagnosis:
        error = _furthest(self._failed)
        names = Architecture(self._reader.layers, biases=self._reader.biases).gradients
        findings = [Finding(name, "no answer") for name in names]
        return Diagnosis(findings, (), error.text, error.headline, self._reader.name)


def _of_no_known_network(found: Diagnosis) -> Diagnosis:
    """Nothing is right: then it is not known either whether the network is one of those that were tried."""
    if found.network.startswith("For "):
        return found
    caution = (
        "No network that is known here has these gradients. Either more than two things are wrong, or its activation "
        "or its loss is another one: let the function return its loss as well, and its gradients are held against that."
    )
    nearest = f"The nearest one is: {found.network}."
    return found._replace(caution=caution, network="", remarks=[nearest, *found.remarks])


def _not_judged(found: Diagnosis) -> Diagnosis:
    findings = [Finding(one.gradient, "not judged") for one in found.findings]
    caution = (
        "The function is random: asked twice for the same, it gives two answers, as dropout does. Switch that off, or "
        "begin the function with np.random.seed(0), and ask again."
    )
    return found._replace(findings=findings, caution=caution, network="")


LIKELIEST_LAYOUTS = 3


def _plausibility(attempt: Attempt) -> tuple[bool, int, int]:
    """Sorts the likeliest layouts to the front."""
    return attempt.mixed, -attempt.right, -attempt.fitting


def _furthest(failed: Sequence[AskedError]) -> AskedError:
    """In a layout that isn't the function's own it fails early."""
    return max(failed, key=lambda error: error.line)


def _exactly(network: Architecture, known: Known) -> Known:
    return known._replace(
        activations=[network.activation],
        outputs=[network.output],
        reductions=[network.reduction],
        penalties=[network.penalty],
    )


def _of_gradients(gradients: Any, places: Places, network: Architecture | None) -> Diagnosis:
    remark = (
        "From gradients alone, what shows only elsewhere or at a second call can't be seen: give the function itself."
    )
    found: list[tuple[float, int, Layout, Comparison, Sequence[Explanation]]] = []
    for layout, point in places.items():
        answers = {name: [array] for name, array in read(gradients, layout, point).items()}
        base = Architecture(point.layers, biases="b1" in point.parameters, penalty="lam/2" if point.lam else "none")
        comparison = Comparison(answers, [point], network or base, flat_biases=layout.biases == "flat", last_call=True)
        explained = explain(comparison)
        found.append((_cost(explained), len(found), layout, comparison, explained))
    *_, layout, comparison, explanations = min(found, key=lambda one: one[:2])
    diagnosis = _diagnosis(layout, comparison, explanations)
    return diagnosis._replace(remarks=[remark, *diagnosis.remarks])


def read(gradients: Any, layout: Layout, point: Point) -> dict[str, Array]:
    """The gradients that were given, examples being columns. Raises InputError if they can't be found."""
    shapes = {name: layout.parameter(name, array).shape for name, array in point.parameters.items()}
    found = gradients_in(gradients, (), shapes)
    expected = ", ".join(f"d{name}" for name in shapes)
    if not found:
        what = f"{len(gradients)} values" if isinstance(gradients, Sequence) else f"a {type(gradients).__name__}"
        raise InputError(f"the gradients are {what}; expected {expected}, in this order or by name")
    if missing := [f"d{name}" for name in shapes if f"d{name}" not in found]:
        raise InputError(f"the gradients lack {', '.join(missing)}; expected {expected}")
    return {f"d{name}": layout.as_columns(name, numbers(f"d{name}", found[f"d{name}"])).copy() for name in shapes}


def _cost(explanations: Sequence[Explanation]) -> float:
    """What explains all costs less than what leaves something unexplained."""
    if not explanations:
        return np.inf
    return explanations[0].cost + 100 * len(explanations[0].unknown)


@np.errstate(all="ignore")
def _diagnosis(layout: Layout, comparison: Comparison, explanations: Sequence[Explanation]) -> Diagnosis:
    findings = [_finding(name, layout, comparison, explanations) for name in comparison.architecture.gradients]
    remarks = [f"Read with {layout}."]
    if comparison.single_precision:
        remarks.insert(0, "The gradients are float32, and judged to its seven digits.")
    return Diagnosis(findings, remarks, network=str(comparison.architecture))


def _finding(name: str, layout: Layout, comparison: Comparison, explanations: Sequence[Explanation]) -> Finding:
    if name not in comparison.answers:
        return Finding(name, "not returned")
    if comparison.is_right(name):
        chosen = conventions(comparison.architecture)
        return Finding(name, "another choice", [chosen]) if chosen else Finding(name, "right")
    if not explanations or name in explanations[0].unknown:
        return Finding(name, "not a known mistake", detail=difference(comparison, name, layout))
    lines = right_lines(comparison.architecture)
    ways: list[list[Cause]] = []
    for explanation in explanations:
        causes = [_cause(one, layout) for one in explanation.behind(name, lines)]
        if causes and [cause.mistake for cause in causes] not in [[cause.mistake for cause in way] for way in ways]:
            ways.append(causes)
    choice = any(all(cause.mistake.choice for cause in way) for way in ways)
    return Finding(name, "another choice" if choice else "known mistake", ways)


def conventions(architecture: Architecture) -> list[Cause]:
    """What would be a mistake for the usual loss, the mean cross-entropy, and is none for this one."""
    quantity = f"dZ{architecture.layers}"
    if architecture.output == "sigmoid output, squared error":
        factor = REDUCTIONS[architecture.reduction]
        return [Cause(SLOPE_OF_OUTPUT, f"{quantity} = (P - Y) * P * (1 - P){factor}", f"{quantity} = (P - Y){factor}")]
    if architecture.reduction == "sum" and architecture.output.endswith("cross-entropy"):
        return [Cause(MEAN_OR_SUM, f"{quantity} = P - Y", f"{quantity} = (P - Y) / m")]
    return []


def _cause(cause: Any, layout: Layout) -> Cause:
    wrong, right = (as_rows(one) if layout.rows else one for one in (cause.code, cause.right))
    return Cause(cause.mistake, wrong, right, None if cause.number is None else str(cause.number), cause.quantity)


def difference(comparison: Comparison, name: str, layout: Layout) -> str:
    """Where it differs most from the right gradient, at the first call at which it does, as seen in the layout."""
    near = comparison.near(name)
    for call, (given, right) in enumerate(zip(comparison.answers[name], comparison.right[name], strict=True)):
        if near[call].all():
            continue
        before = "right at the first call, but then " if call else ""
        given, right = (layout.as_columns(name, array) for array in (given, right))
        if given.shape != right.shape:
            return f"{before}shape {given.shape}; expected {right.shape}"
        errors = np.nan_to_num(np.abs(given - right), nan=np.inf)
        count = near[call].size - np.count_nonzero(near[call])
        at = tuple(int(index) for index in np.unravel_index(errors.argmax(), errors.shape))
        return f"{before}{given[at]:.6g} at {at}; expected {right[at]:.6g} ({count} of {right.size} entries differ)"
    return ""


def _given(X: Any, Y: Any, parameters: Any, lam: float) -> tuple[Array, Array, dict[str, Array], float]:
    if Y is None or parameters is None:
        raise InputError("X without Y or parameters; expected all three")
    if not isinstance(parameters, Mapping):
        if hasattr(parameters, "_asdict"):
            parameters = parameters._asdict()
        elif len(parameters) % 2 or len(parameters) < 4:
            raise InputError(f"{len(parameters)} parameters; expected W1, b1, W2, b2")
        else:
            names = [f"{kind}{layer + 1}" for layer in range(len(parameters) // 2) for kind in "Wb"]
            parameters = dict(zip(names, parameters, strict=True))
    layers = max(int(name[1:]) for name in parameters)
    expected = [f"{kind}{layer + 1}" for layer in range(layers) for kind in "Wb"]
    if missing := [name for name in expected if name not in parameters]:
        raise InputError(f"the parameters lack {', '.join(missing)}; expected {', '.join(expected)}")
    arrays = {name: numbers(name, parameters[name]).astype(np.float64) for name in expected}
    return numbers("X", X).astype(np.float64), numbers("Y", Y), arrays, nonnegative("lam", lam)


def _shapes(X: Array, Y: Array, parameters: Mapping[str, Array], _: float) -> str:
    shapes = {"X": X.shape, "Y": Y.shape} | {name: array.shape for name, array in parameters.items()}
    return ", ".join(f"{name} {shape}" for name, shape in shapes.items())
