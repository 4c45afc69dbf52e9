"""A backward pass, asked where its mistakes show: in all layouts, at points of several kinds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from netcode.diagnosis.against_loss import Place, held_against_loss
from netcode.diagnosis.architecture import Architecture, Point, forward
from netcode.diagnosis.attempt import Attempt
from netcode.diagnosis.comparison import Comparison
from netcode.diagnosis.diagnosis import Diagnosis, Finding
from netcode.diagnosis.explanation import Explanation, cost
from netcode.diagnosis.identification import Known
from netcode.diagnosis.layout import ONE_OUTPUT, Layout, with_labels
from netcode.diagnosis.points import EQUAL, distinct_sizes, perturbed, random_points
from netcode.diagnosis.reading.failure import AskedError
from netcode.diagnosis.reading.reader import Reader
from netcode.diagnosis.telling import not_judged, of_no_known_network, told
from netcode.diagnosis.words import likely_networks
from netcode.errors import InputError

__all__ = ["Asking", "Places"]

MOST_LAYOUTS = 8
"""So many layouts in which the function doesn't fail are considered."""
LIKELIEST_LAYOUTS = 3
Places = Mapping[Layout, Point]
"""A point of the caller's, in each layout in which its arrays can lie."""


class Asking:
    """A backward pass, asked at one kind of point after another."""

    def __init__(self, reader: Reader, layouts: Sequence[Layout], places: Places, network: Architecture | None) -> None:
        self._reader, self._layouts, self._places, self._network = reader, layouts, places, network
        self._failed: list[AskedError] = []
        self._unreadable: list[InputError] = []
        """That a result is none, in the layouts in which it isn't."""
        self._chosen: Place | None = None
        """Where the diagnosis was made that is kept."""
        self._lam = 0.3 if reader.takes_lam else 0.0

    def diagnosis(self) -> Diagnosis:
        layers = self._network.layers if self._network else self._reader.layers
        sizes = distinct_sizes(layers)
        found = self._asked_at(sizes)
        if (
            found is None
            or not found.explained
            or len(found.causes) > 1
            or (not found.ok and self._may_have_one_output)
        ):
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
            found = not_judged(found)
        elif found and self._network is None and self._chosen is not None and not found.misfit:
            found = held_against_loss(found, self._reader, self._chosen, self._for_network)
        if found and not found.caution and all(one.verdict == "not a known mistake" for one in found.findings):
            found = of_no_known_network(found)
        return self._with_remarks(found) if found else self._failure()

    @property
    def _may_have_one_output(self) -> bool:
        """A softmax of one output would be the constant 1."""
        return self._chosen is not None and not self._chosen.architecture.output.startswith("softmax")

    def _may_be_of_one_example(self, found: Diagnosis) -> bool:
        """Whether all is right but for biases that aren't summed, in code that knows no number of examples."""
        names = {causes[0].mistake.name for _, causes in found.causes if not causes[0].mistake.choice}
        is_sum = self._chosen is not None and "sum" in self._chosen.architecture.reduction
        return is_sum and names == {"bias-not-summed"}

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

    def _for_network(self, network: Architecture) -> Diagnosis | None:
        """The diagnosis where all sizes differ, if it is this one."""
        return Asking(self._reader, self._layouts, {}, network)._asked_at(distinct_sizes(network.layers))

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
            more = found.summary.removeprefix(f"{found.network}: ")
            return single._replace(caution=f"That holds for one output; with more of them, {more}")
        if single and (found is None or (single.explained and not _is_simpler(found, single))):
            return single
        self._chosen = kept
        return found if found and found.explained else self._of_one(found, sizes)

    def _of_one(self, found: Diagnosis | None, sizes: tuple[int, ...]) -> Diagnosis | None:
        """For one example at a time; with one output and one layer, for weights in a vector, or a single weight."""
        kept, n, *units = self._chosen, sizes[0], *sizes[2:]
        misshapen = found is None or any(one.detail.startswith("shape") for one in found.findings)
        misshapen = misshapen or (found is not None and self._may_be_of_one_example(found))
        trials: list[tuple[Sequence[Layout], tuple[int, ...], str]] = []
        if misshapen:  # else it takes several examples, and one would hide what is wrong with them
            trials.append((self._layouts, (n, 1, *units), "It is for one example at a time."))
        if len(units) == 1:
            trials += [([ONE_OUTPUT], (n, sizes[1], 1), ""), ([ONE_OUTPUT], (1, sizes[1], 1), "")]
        for layouts, small, remark in trials:
            one = self._asked_at(small, layouts, search=misshapen)
            if one and one.explained and (one.ok or found is None or not _is_simpler(found, one)):
                return one._replace(remarks=[*filter(None, [remark]), *one.remarks])
        self._chosen = kept
        return found

    def _asked_at(
        self, sizes: tuple[int, ...], layouts: Sequence[Layout] = (), search: bool = True
    ) -> Diagnosis | None:
        """At points of these sizes; without `search` only if all is right there."""
        biases = self._network.biases if self._network else self._reader.biases
        points = random_points(sizes, self._lam, biases)
        return self._best(dict.fromkeys(layouts or self._layouts, points), sizes[-1] == 1, search)

    def _asked_there(self) -> Diagnosis | None:
        return self._best({layout: perturbed(point) for layout, point in self._places.items()}, False)

    def _best(
        self, points: Mapping[Layout, Sequence[Point]], one_output: bool, search: bool = True
    ) -> Diagnosis | None:
        """The diagnosis in the layout in which all is right, else in that in which most is explained by least."""
        attempts: list[Attempt] = []
        for attempt in self._attempts(points, one_output):
            if attempt.all_right and not attempt.mixed:
                comparison = attempt.comparison(attempt.candidates[0])
                self._chosen = Place(attempt.layout, comparison.points, comparison.architecture)
                return told(attempt.layout, comparison, [Explanation(0.0, (), frozenset())])
            attempts.append(attempt)
        attempts.sort(key=_plausibility)
        found: list[tuple[float, int, Layout, Comparison, Sequence[Explanation]]] = []
        for attempt in attempts[: LIKELIEST_LAYOUTS if search else 0]:
            if _plausibility(attempt) == _plausibility(attempts[0]):
                comparison, explained = attempt.explained()
                found.append((cost(explained), len(found), attempt.layout, comparison, explained))
        if not found:
            return None
        *_, layout, comparison, explanations = min(found, key=lambda one: one[:2])
        self._chosen = Place(layout, comparison.points, comparison.architecture)
        return told(layout, comparison, explanations)

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
        except InputError as error:
            self._unreadable.append(error)
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
        """Raises InputError if what it returns can't be read in any layout."""
        if self._unreadable:
            raise self._unreadable[0]
        error = _furthest(self._failed)
        names = Architecture(self._reader.layers, biases=self._reader.biases).gradients
        findings = [Finding(name, "no answer") for name in names]
        return Diagnosis(findings, (), error.text, error.headline, self._reader.name)


def _is_simpler(found: Diagnosis, other: Diagnosis) -> bool:
    """Whether it explains all, by no more mistakes than the other."""
    return found.explained and len(found.causes) <= len(other.causes)


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
