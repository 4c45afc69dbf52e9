"""A reader's function asked in one layout, and which network it is for there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from netcode.diagnosis.architecture import Architecture, Point, forward
from netcode.diagnosis.comparison import Answers, Comparison
from netcode.diagnosis.evaluation import CALLS
from netcode.diagnosis.explanation import MOST, Explanation, explain, explained
from netcode.diagnosis.identification import Candidate, Known, candidates
from netcode.diagnosis.layout import Layout
from netcode.diagnosis.reading.failure import AskedError
from netcode.diagnosis.reading.reader import Reader

ONE_MISTAKE, TWO_MISTAKES = 1.9, 2.9
"""What an explanation costs at most with one mistake, or with two."""
LIKELIEST = 3
"""So many networks, of those that fit alike, are considered with all mistakes."""


class Attempt:
    """What was answered in a layout at some points."""

    def __init__(
        self, reader: Reader, layout: Layout, points: Sequence[Point], known: Known, depends_on_forward: bool
    ) -> None:
        """Raises AskedError if the function fails at the first point."""
        self.layout, self._reader, self._known = layout, reader, known
        self._depends = depends_on_forward
        self._kept: dict[tuple[str, str], Answers | None] = {}
        self._ask_once(points[0])
        self.points = self._usable(points)

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The architectures, those first under which most is right."""
        return candidates(self._answers, self.points, self._known)

    @property
    def right(self) -> int:
        """How many gradients are right, in the network in which most are."""
        return self.candidates[0].right if self.candidates else 0

    @property
    def all_right(self) -> bool:
        best = self.candidates[0] if self.candidates else None
        if best is None or best.right < len(best.answers) or not best.answers:
            return False
        return all(map(self.comparison(best).is_right, best.answers))

    def comparison(self, candidate: Candidate) -> Comparison:
        """The answers beside what is right in that architecture."""
        flat = self.layout.biases == "flat"
        return Comparison(candidate.answers, self.points, candidate.architecture, flat_biases=flat)

    def explained(self) -> tuple[Comparison, list[Explanation]]:
        """The explanations that cost least, in the likeliest network in which one mistake, or two, or three do."""
        likely = self._likely()
        for most, networks in ((ONE_MISTAKE, len(likely)), (TWO_MISTAKES, LIKELIEST), (MOST, 1)):
            for comparison in likely[:networks]:
                if explanations := explained(comparison, most):
                    return self._by_usual_loss(comparison, explanations)
        return likely[0], explain(likely[0], 0)

    def _by_usual_loss(
        self, comparison: Comparison, explanations: list[Explanation]
    ) -> tuple[Comparison, list[Explanation]]:
        """If no more is wrong by the usual loss, by that one; else as it is."""
        found, usual = comparison.architecture, Architecture()
        wanted = found._replace(reduction=usual.reduction, penalty=self._usual_penalty, penalty_on_biases=False)
        if wanted != found and explanations[0].cost > ONE_MISTAKE:
            for candidate in self.candidates:
                if candidate.architecture == wanted:
                    other = self.comparison(candidate)
                    if others := explained(other, explanations[0].cost):
                        return other, others
        return comparison, explanations

    @property
    def _usual_penalty(self) -> str:
        return "lam/2" if self._known.penalty else "none"

    @property
    def mixed(self) -> bool:
        """Whether biases are flat here, but only some of their gradients are: rather a sum without keepdims."""
        axes = {array.ndim for name, array in self.found.items() if name.startswith("db")}
        return self.layout.biases == "flat" and len(axes) > 1

    @property
    def fitting(self) -> int:
        """How many gradients have the shape of their parameters."""
        parameters = self.points[0].parameters
        flat = self.layout.biases == "flat"
        return sum(
            array.shape == parameters[name[1:]].shape or (flat and array.shape == parameters[name[1:]].shape[:1])
            for name, array in self.found.items()
        )

    def _likely(self) -> list[Comparison]:
        """The networks in which most is right; if that is nothing, each with the usual loss."""
        most = self.right
        chosen = [one for one in self.candidates if one.right == most]
        if most == 0:
            usual = [one for one in chosen if one.architecture.reduction == "mean" and _is_usual(one.architecture)]
            chosen = usual or chosen
        return [self.comparison(one) for one in chosen[: 5 * LIKELIEST if most == 0 else 2 * LIKELIEST]]

    def _ask_once(self, point: Point) -> None:
        network = next(iter(self._known.networks()))
        with np.errstate(all="ignore"):
            values = forward(point, self._architecture(*network))
            self.found = self._reader(self.layout, point, values)

    def _architecture(self, activation: str, output: str) -> Architecture:
        return Architecture(self._known.layers, activation, output, biases=self._known.biases)

    def _usable(self, points: Sequence[Point]) -> Sequence[Point]:
        """Without those of other sizes, if the function can't be asked for these."""
        network = next(iter(self._known.networks()))
        if self._ask(points, *network) is not None:
            return points
        return [point for point in points if point.X.shape == points[0].X.shape]

    def _answers(self, activation: str, output: str) -> Answers | None:
        key = (activation, output) if self._depends else ("", "")
        if key not in self._kept:
            self._kept[key] = self._ask(self.points, activation, output)
        return self._kept[key]

    def _ask(self, points: Sequence[Point], activation: str, output: str) -> Answers | None:
        architecture = self._architecture(activation, output)
        answered = []
        self._reader.restart()
        try:
            with np.errstate(all="ignore"):
                for point in points:
                    values = forward(point, architecture)
                    answered += [self._reader(self.layout, point, values) for _ in range(CALLS)]
        except AskedError:
            return None
        names = [name for name in architecture.gradients if all(name in one for one in answered)]
        return {name: [one[name] for one in answered] for name in names}


def _is_usual(architecture: Architecture) -> bool:
    return not architecture.penalty_on_biases and architecture.penalty in ("lam/2", "none")
