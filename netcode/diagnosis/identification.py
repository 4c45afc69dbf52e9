"""Which network and which loss is this? The architectures under which most of the gradients are right.

For each activation and output the gradients are computed once; another reduction multiplies what comes from the data
by a number, and another penalty adds another multiple of the weights.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from netcode.diagnosis.architecture import ACTIVATIONS, OUTPUTS, PENALTIES, REDUCTIONS, Architecture, Point
from netcode.diagnosis.comparison import Answers
from netcode.diagnosis.evaluation import CALLS, right_gradients
from netcode.shapes import Array

NEAR = 1e-8
"""To which a gradient must be right to be counted, in proportion to its largest entry."""

Asked = Callable[[str, str], Answers | None]
"""The answers where the forward pass has this activation and this output; None if the function fails there."""


class Candidate(NamedTuple):
    """An architecture, and how many of the gradients are right if it is that one."""

    architecture: Architecture
    answers: Answers
    right: int


class Known(NamedTuple):
    """What is known of the architecture before anything is compared."""

    layers: int = 2
    biases: bool = True
    penalty: bool = True
    """Whether there can be one: the function takes its strength."""
    activations: Collection[str] = tuple(ACTIVATIONS)
    outputs: Collection[str] = tuple(OUTPUTS)
    reductions: Collection[str] = tuple(REDUCTIONS)
    """Each of these in the order in which they are likely."""
    penalties: Collection[str] = tuple(PENALTIES)

    def networks(self) -> Iterator[tuple[str, str]]:
        """The pairs of activation and output."""
        activations = tuple(self.activations) if self.layers > 1 else ("ReLU",)
        return itertools.product(activations, self.outputs)


def candidates(asked: Asked, points: Sequence[Point], known: Known) -> list[Candidate]:
    """All that can be asked, those first under which most is right; of equals, the likely ones."""
    found = [
        candidate
        for activation, output in known.networks()
        if (answers := asked(activation, output)) is not None
        for candidate in _of_network(answers, points, known, activation, output)
    ]
    return sorted(found, key=lambda candidate: -candidate.right)


@np.errstate(all="ignore")
def _of_network(
    answers: Answers, points: Sequence[Point], known: Known, activation: str, output: str
) -> Iterator[Candidate]:
    base = Architecture(known.layers, activation, output, "mean", "none", known.biases)
    gradients = right_gradients(points, base)

    @cache
    def is_right(name: str, reduction: str, penalty: str) -> bool:
        return _is_right(name, answers[name], gradients[name], points, reduction, penalty)

    for reduction, penalty, on_biases in _conventions(known, output):
        architecture = base._replace(reduction=reduction, penalty=penalty, penalty_on_biases=on_biases)
        penalized = (name.startswith("dW") or on_biases for name in answers)
        right = sum(
            is_right(name, reduction, penalty if one else "none") for name, one in zip(answers, penalized, strict=True)
        )
        yield Candidate(architecture, answers, right)


def _conventions(known: Known, output: str) -> Iterator[tuple[str, str, bool]]:
    """A factor of 2 is one of the squared error alone."""
    squares = output.endswith("squared error")
    for reduction in known.reductions:
        if squares or not ("2" in reduction or "twice" in reduction):
            for penalty in [name for name in known.penalties if (name != "none") == known.penalty]:
                yield reduction, penalty, False
                if known.biases and penalty != "none":
                    yield reduction, penalty, True


def _is_right(
    name: str,
    given: Sequence[Array],
    data: Sequence[Array],
    points: Sequence[Point],
    reduction: str,
    penalty: str,
) -> bool:
    """Whether each call answered the data's part, times its factor, plus the penalty's."""
    for call, (answer, part) in enumerate(zip(given, data, strict=True)):
        if answer.size != part.size:
            return False
        point = points[call // CALLS]
        expected = part * factor(reduction, point) + strength(penalty, point) * point.parameters[name[1:]]
        if not _near(answer.reshape(expected.shape), expected):
            return False
    return bool(given)


def _near(given: Array, expected: Array) -> bool:
    slack = (NEAR if given.dtype != np.float32 else 1e-4) * np.abs(expected).max(initial=0)
    return bool(np.abs(given - expected).max(initial=0) <= slack)


def factor(reduction: str, point: Point) -> float:
    """By how much it multiplies the gradient of the mean."""
    (_, m), C = point.X.shape, len(point.Y)
    return {
        "mean": 1.0,
        "sum": float(m),
        "2/m": 2.0,
        "mean over entries": 1 / C,
        "2/m over entries": 2 / C,
        "twice the sum": 2.0 * m,
    }[reduction]


def strength(penalty: str, point: Point) -> float:
    """What a penalty multiplies the weights by in their gradient."""
    m = point.X.shape[1]
    return {"lam/2": 1.0, "none": 0.0, "lam": 2.0, "lam/(2m)": 1 / m, "lam/m": 2 / m}[penalty] * point.lam
