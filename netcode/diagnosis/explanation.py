"""The least that must be wrong in a backward pass for its gradients to be what they are.

The lines of the backward pass are walked from the output to the input. At each, the right line or a wrong one may be in
the code; wherever a line computes a gradient, what it computes is compared with what the reader's function returned,
and all that disagrees is dropped. Of what is left at the input, the explanation with the fewest mistakes is the one.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np

from netcode.diagnosis.comparison import Comparison
from netcode.diagnosis.evaluation import Environment, environments, execute
from netcode.diagnosis.numbers import Factor
from netcode.diagnosis.program import Step, affected, program
from netcode.diagnosis.scaling import scaled_lines, scaled_quantities
from netcode.mistakes.catalogue import MISTAKES, PENALTY_NUMBER
from netcode.mistakes.mistake import Mistake

MISTAKE = 1.0
AGAIN = 0.05
"""What the same mistake costs in one more line."""
NUMBER = 0.2
"""What is added where a number was fitted."""
UNKNOWN = 1.5
MOST = 4.4
"""Beyond it, the numbers are not explained any more: more than three mistakes."""
MOST_STATES = 2000
"""So many partial explanations are followed at most, then those that leave gradients unexplained."""
SINGLE_PRECISION = next(mistake for mistake in MISTAKES if mistake.name == "single-precision")
BY_NUMBER = ("learning-rate-folded-in", "stray-factor", "weights-updated-too-early", "single-precision")
"""The mistakes whose lines are not tried as they are in the catalogue: their number may be any."""


_Way = Literal["right", "again", "wrong"]
"""How it goes on from a state: by the right line, by a mistake made before, by a new one."""


class Cause(NamedTuple):
    """A wrong line that is in the code."""

    quantity: str
    code: str
    right: str
    mistake: Mistake
    number: Factor | None = None


class Explanation(NamedTuple):
    """Wrong lines that together make the gradients what they are."""

    cost: float
    causes: tuple[Cause, ...]
    unknown: frozenset[str]
    """The gradients that are not explained."""

    def behind(self, gradient: str, lines: tuple[str, ...]) -> tuple[Cause, ...]:
        """Those of the wrong lines that reach this gradient; `lines` are the right ones."""
        wrong = {cause.quantity: cause.code for cause in self.causes}
        actual = tuple(wrong.get(line.partition(" = ")[0], line) for line in lines)
        return tuple(cause for cause in self.causes if gradient in affected(cause.quantity, actual))


class _State(NamedTuple):
    """An explanation of what comes before a step."""

    cost: float
    step: int
    calls: Sequence[Environment]
    causes: tuple[Cause, ...] = ()
    unknown: frozenset[str] = frozenset()


@np.errstate(all="ignore")  # what isn't finite is compared as well
def explain(comparison: Comparison, most: float = MOST) -> list[Explanation]:
    """The explanations that cost least; several where the numbers can't tell them apart.

    If nothing explains all gradients at a cost of up to `most`, some are left unexplained.
    """
    return _Search(comparison, most, unknown=False).found() or _Search(comparison, np.inf, unknown=True).found()


def explained(comparison: Comparison, most: float) -> list[Explanation]:
    """The same, but empty if nothing explains all gradients at this cost."""
    with np.errstate(all="ignore"):
        return _Search(comparison, most, unknown=False).found()


def cost(explanations: Sequence[Explanation]) -> float:
    """What explains all costs less than what leaves something unexplained."""
    if not explanations:
        return np.inf
    return explanations[0].cost + 100 * len(explanations[0].unknown)


class _Search:
    """Uniform-cost search: what costs least is followed first."""

    def __init__(self, comparison: Comparison, most: float, unknown: bool) -> None:
        self._comparison, self._most, self._unknown = comparison, most, unknown
        self._steps = program(comparison.architecture)
        self._order = itertools.count()
        self._heap: list[tuple[float, int, int, _Way, _State]] = []

    def found(self) -> list[Explanation]:
        found: list[Explanation] = []
        self._push(_State(0.0, 0, environments(self._comparison.points, self._comparison.architecture)), "right")
        for _ in range(MOST_STATES):
            if not self._heap or (found and self._heap[0][0] > found[0].cost + 1e-6):
                break
            *_, way, state = heapq.heappop(self._heap)
            if state.step == len(self._steps):
                found.append(Explanation(state.cost, state.causes, state.unknown))
            elif way == "right":
                self._go_on(state)
            else:
                self._deviate(state, way)
        return found

    def _push(self, state: _State, way: _Way, extra: float = 0.0) -> None:
        cost = state.cost + extra
        if cost <= self._most:
            heapq.heappush(self._heap, (cost, -state.step, next(self._order), way, state))

    def _go_on(self, state: _State) -> None:
        """With the right line, and later, if that explains nothing, with a wrong one."""
        step = self._steps[state.step]
        after = execute(step.right, state.calls)
        if after and self._agrees(step, after):
            self._push(state._replace(step=state.step + 1, calls=after), "right")
        if state.causes or state.unknown:
            self._push(state, "again", AGAIN)
        self._push(state, "wrong", MISTAKE)

    def _deviate(self, state: _State, way: _Way) -> None:
        """With a wrong line: one of the mistakes that are made already, or another one."""
        step = self._steps[state.step]
        if step.observed and not self._answered(step):
            return
        known = {cause.mistake.name for cause in state.causes}
        for cause, calls in self._wrong(step, state, known if way == "again" else None):
            self._push(
                _State(
                    state.cost + self._price(cause, state.causes),
                    state.step + 1,
                    calls,
                    (*state.causes, cause),
                    state.unknown,
                ),
                "right",
            )
        if self._unknown and (way == "wrong" or state.unknown) and step.observed:
            self._leave_unexplained(state, step)

    def _leave_unexplained(self, state: _State, step: Step) -> None:
        if after := execute(step.right, state.calls):
            price = AGAIN if state.unknown else UNKNOWN
            unknown = state.unknown | {step.quantity}
            self._push(_State(state.cost + price, state.step + 1, after, state.causes, unknown), "right")

    def _wrong(
        self, step: Step, state: _State, known: set[str] | None
    ) -> Iterator[tuple[Cause, Sequence[Environment]]]:
        for code, mistake in step.wrong:
            if mistake.name in BY_NUMBER or (known is not None and mistake.name not in known):
                continue
            after = execute(code, state.calls)
            if after and self._agrees(step, after):
                yield Cause(step.quantity, code, step.right, mistake), after
        if known is not None and not known & {*BY_NUMBER, PENALTY_NUMBER.name}:
            return
        if self._answered(step):
            yield from self._rounded(step, state)
            scaled = scaled_lines(self._comparison, step, state.calls)
        else:
            scaled = scaled_quantities(self._comparison, self._steps[state.step :], state.calls)
        for code, mistake, number, calls in scaled:
            if self._agrees(step, calls):
                yield Cause(step.quantity, code, step.right, mistake, number), calls

    def _rounded(self, step: Step, state: _State) -> Iterator[tuple[Cause, Sequence[Environment]]]:
        calls = execute(step.right, state.calls)
        if calls and self._comparison.is_rounded(step.quantity, [call[step.quantity] for call in calls]):
            quantity, _, formula = step.right.partition(" = ")
            code = f"{quantity} = ({formula}).astype(np.float32)"
            yield Cause(step.quantity, code, step.right, SINGLE_PRECISION), calls

    def _answered(self, step: Step) -> bool:
        return step.quantity in self._comparison.answers

    def _agrees(self, step: Step, calls: Sequence[Environment]) -> bool:
        if not self._answered(step):
            return True
        return self._comparison.is_answer(step.quantity, [call[step.quantity] for call in calls])

    def _price(self, cause: Cause, causes: Sequence[Cause]) -> float:
        again = any(other.mistake.name == cause.mistake.name and other.number == cause.number for other in causes)
        fitted = cause.number is not None or cause.mistake is SINGLE_PRECISION
        return AGAIN if again else MISTAKE + NUMBER * fitted
