"""Lines that are right but for a number: which one, is solved for from the gradients that depend on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from netcode.diagnosis.comparison import Comparison
from netcode.diagnosis.evaluation import Environment, execute
from netcode.diagnosis.numbers import Factor, read_back
from netcode.diagnosis.program import Step
from netcode.mistakes.catalogue import MISTAKES, PENALTY_NUMBER
from netcode.mistakes.mistake import Mistake
from netcode.shapes import Array

MISTAKE_OF = {mistake.name: mistake for mistake in MISTAKES}
Scaled = tuple[str, Mistake, Factor, Sequence[Environment]]
ONE = Factor(1.0, "")
BY_FACTOR = {
    Factor(1.0, "m"): "mean-forgotten",
    Factor(1.0, "1/m"): "mean-twice",
    Factor(1.0, "m/C"): "divided-by-classes",
    Factor(1.0, "1/C"): "divided-by-entries",
    Factor(-1.0, ""): "difference-reversed",
}
"""What a factor before the derivative of the scores is called."""


def scaled_quantities(comparison: Comparison, steps: Sequence[Step], calls: Sequence[Environment]) -> Iterator[Scaled]:
    """The first step's line with a number in it, as the gradients of the next layer say that it is.

    What the line computes is base + number * direction; the gradients depend on it linearly.
    """
    first = steps[0]
    base = execute(first.right, calls)
    if first.quantity.startswith("dZ"):
        lines = [(f"dZ = {{}} * ({first.right.partition(' = ')[2]})", "stray-factor")]
        directions = [base]
    else:
        wrong = [line for line in first.wrong if line.mistake.name == "weights-updated-too-early"]
        lines = [(line.code, line.mistake.name) for line in wrong]
        directions = [execute(line.code, calls) for line in wrong]
    if not base:
        return
    for (code, name), far in zip(lines, directions, strict=True):
        if not far:
            continue
        quantity = first.quantity
        start = [0 * call[quantity] if name == "stray-factor" else call[quantity] for call in base]
        direction = [one[quantity] - two for one, two in zip(far, start, strict=True)]
        for number in dict.fromkeys(_numbers(comparison, steps, calls, quantity, start, direction)):
            if number.number and number != (ONE if name == "stray-factor" else None):
                values = _values(comparison, number, len(calls))
                scaled = [s + value * d for s, value, d in zip(start, values, direction, strict=True)]
                formula = code.partition(" = ")[2]
                text = formula.format(number) if name == "stray-factor" else formula.replace("1.0", str(number))
                after = [{**call, quantity: one} for call, one in zip(calls, scaled, strict=True)]
                known = BY_FACTOR.get(number, name) if name == "stray-factor" else name
                yield f"{quantity} = {text}", MISTAKE_OF[known], number, after


def scaled_lines(comparison: Comparison, step: Step, calls: Sequence[Environment]) -> Iterator[Scaled]:
    """A gradient's line with a number before all of it, before its first term, or before the penalty."""
    quantity, _, formula = step.right.partition(" = ")
    whole, data = execute(step.right, calls), execute(step.right, [{**call, "lam": 0.0} for call in calls])
    if not whole or not data or comparison.answers[quantity][-1].shape != whole[-1][quantity].shape:
        return
    full, part = ([call[quantity] for call in one] for one in (whole, data))
    rest = [one - other for one, other in zip(full, part, strict=True)]
    term, _, penalty = formula.partition(" + ")
    before, mistake = MISTAKE_OF["learning-rate-folded-in"], MISTAKE_OF["stray-factor"]
    zero = [0 * one for one in full]
    trials = [(zero, full, f"{{}} * ({formula})", before)]
    if penalty:
        trials += [(rest, part, f"{{}} * {term} + {penalty}", mistake)]
        trials += [(part, rest, f"{term} + {{}} * {penalty}", PENALTY_NUMBER)]
    for start, direction, code, name in trials:
        number = _solved(comparison, quantity, start, direction)
        if number is not None and number != ONE:
            values = _values(comparison, number, len(calls))
            scaled = [s + value * d for s, value, d in zip(start, values, direction, strict=True)]
            after = [{**call, quantity: one} for call, one in zip(calls, scaled, strict=True)]
            known = MISTAKE_OF[BY_FACTOR[number]] if number in BY_FACTOR and number.formula else name
            yield f"{quantity} = {code.format(number)}", known, number, after


def _numbers(
    comparison: Comparison,
    steps: Sequence[Step],
    calls: Sequence[Environment],
    quantity: str,
    start: Sequence[Array],
    direction: Sequence[Array],
) -> Iterator[Factor]:
    """The numbers with which the next gradients would be as they were answered."""
    near: Sequence[Environment] = [{**call, quantity: one} for call, one in zip(calls, start, strict=True)]
    far: Sequence[Environment] = [{**call, quantity: s + d} for call, s, d in zip(calls, start, direction, strict=True)]
    for step in steps[1:]:
        ends = [execute(step.right, one) for one in (near, far)]
        if step.observed:
            if ends[0] and ends[1]:
                low, high = ([call[step.quantity] for call in end or ()] for end in ends)
                difference = [one - other for one, other in zip(high, low, strict=True)]
                number = _solved(comparison, step.quantity, low, difference)
                if number is not None:
                    yield number
        elif step.quantity.startswith("dA") or not ends[0] or not ends[1]:
            return
        else:
            near, far = ([*end] for end in ends if end)


def _solved(comparison: Comparison, name: str, start: Sequence[Array], direction: Sequence[Array]) -> Factor | None:
    """The number x for which start + x * direction is nearest to the answers, read back from all points."""
    numbers = []
    given = comparison.answers[name]
    parts = zip(*(comparison.per_point(one) for one in (given, start, direction)), strict=True)
    for answers, starts, directions in parts:
        if any(answer.shape != one.shape for answer, one in zip(answers, starts, strict=True)):
            return None
        line = np.concatenate([one.ravel() for one in directions])
        change = np.concatenate([(a - s).ravel() for a, s in zip(answers, starts, strict=True)])
        if np.count_nonzero(np.abs(line) > 1e-12 * np.abs(line).max(initial=0)) < 2:
            return None  # through a single entry there is always a number
        numbers.append(float(change @ line / (line @ line)))
    return read_back(numbers, [point.sizes for point in comparison.points])


def _values(comparison: Comparison, number: Factor, calls: int) -> list[float]:
    each = [number.at(point.sizes) for point in comparison.points]
    return [value for value in each for _ in range(calls // len(each))]
