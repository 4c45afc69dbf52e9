"""The time of a full training step, next to others' and to the floor of its five matrix products."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.contenders import FastNetcode, PyTorch, agree, installed
from benchmarks.floor import Floor
from benchmarks.problem import Problem, digits_problem, random_problem, spiral_problem
from benchmarks.result import Cell, Result, Target
from benchmarks.timing import in_turns, repeated
from netcode.errors import MissingExtraError

FLOOR = "five matrix products alone"

# The most a step may take: times the floor, and times PyTorch.
TIMES_FLOOR = {"spiral": 4.9, "digits": 1.25, "large": 1.08}
TIMES_PYTORCH = {"spiral": 0.14}


def run(quick: bool) -> Result:
    """All contenders on the spiral, the digits, and a wide network."""
    classes, left_out = installed()
    rows: list[dict[str, Cell]] = []
    targets: list[Target] = []
    problems: list[Callable[[], Problem]] = [
        spiral_problem,
        digits_problem,
        lambda: random_problem("large", m=32 if quick else 256),
    ]
    for make in problems:
        try:
            problem = make()
        except MissingExtraError as error:
            left_out.append(str(error))
            continue
        contenders = [contender(problem) for contender in classes]
        agree(contenders)
        steps = {contender.name: contender.train for contender in contenders}
        times = in_turns({FLOOR: repeated(Floor(problem).multiply), **steps}, rounds=3 if quick else 100)
        pytorch = times.get(PyTorch.name)
        for name, own in times.items():
            rows.append(
                {
                    "problem": f"{problem.name} {problem.sizes}",
                    "name": name,
                    "microseconds": 1e6 * own.median,
                    "best_microseconds": 1e6 * own.best,
                    "times_floor": own.relative_to(times[FLOOR]),
                    "times_pytorch": own.relative_to(pytorch) if pytorch else None,
                }
            )
        step = times[FastNetcode.name]
        targets.append(_target(problem, "the floor", step.relative_to(times[FLOOR]), TIMES_FLOOR))
        if pytorch and problem.name in TIMES_PYTORCH:
            targets.append(_target(problem, "PyTorch", step.relative_to(pytorch), TIMES_PYTORCH))
    return Result(
        id="training_step",
        title="A full training step, float64, one thread",
        note=(
            "All make the same step, checked before the clock runs. Taken in turns; times are medians over the rounds, "
            "quotients are medians of each round's. On the spiral, the distance between libraries is the cost of "
            "calling operations, not of computing; on large sizes all are near the floor."
        ),
        columns={
            "problem": "problem",
            "name": "step",
            "microseconds": "µs",
            "best_microseconds": "best µs",
            "times_floor": "× floor",
            "times_pytorch": "× PyTorch",
        },
        rows=rows,
        targets=targets,
        left_out=left_out,
    )


def _target(problem: Problem, other: str, value: float, limits: dict[str, float]) -> Target:
    return Target(f"a step on the {problem.name} problem, times {other}", value, limits[problem.name])
