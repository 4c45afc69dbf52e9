"""The time of a full training step, next to others' and to the floor of its matrix products."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.contenders import OURS, FastNetcode, PyTorch, agree, installed
from benchmarks.floor import Floor
from benchmarks.problem import Case, digits_case, random_case, spiral_case
from benchmarks.result import Cell, Result, Target
from benchmarks.timing import in_turns, repeated
from netcode.errors import MissingExtraError

FLOOR = "its matrix products alone"

# The most a step may take. Ratios to other libraries depend on the processor, those to the floor hardly.
TIMES_FLOOR = {"spiral": 3.7, "digits": 1.25, "large": 1.05, "deep": 1.10}
DEEP = "deep"  # here it is to be the fastest of all


def run(quick: bool) -> Result:
    """All contenders on the spiral, the digits, a wide network, and one of three layers."""
    classes, left_out = installed()
    rows: list[dict[str, Cell]] = []
    targets: list[Target] = []
    cases: list[Callable[[], Case]] = [
        spiral_case,
        digits_case,
        lambda: random_case("large", m=32 if quick else 256),
        lambda: random_case(DEEP, m=32 if quick else 256, hidden=(256, 128)),
    ]
    for make in cases:
        try:
            case = make()
        except MissingExtraError as error:
            left_out.append(str(error))
            continue
        contenders = [contender(case) for contender in classes]
        agree(contenders)
        steps = {contender.name: contender.train for contender in contenders}
        times = in_turns({FLOOR: repeated(Floor(case.problem).multiply), **steps}, rounds=3 if quick else 100)
        pytorch = times.get(PyTorch.name)
        for name, own in times.items():
            rows.append(
                {
                    "problem": f"{case.name} {case.sizes}",
                    "name": name,
                    "microseconds": 1e6 * own.median,
                    "best_microseconds": 1e6 * own.best,
                    "times_floor": own.relative_to(times[FLOOR]),
                    "times_pytorch": own.relative_to(pytorch) if pytorch else None,
                }
            )
        step = times[FastNetcode.name]
        targets.append(_target(case, "the floor", step.relative_to(times[FLOOR]), TIMES_FLOOR[case.name]))
        if case.name == DEEP:
            rivals = [contender.name for contender in classes if contender not in OURS]
            targets += [_target(case, rival, step.relative_to(times[rival]), 1.0) for rival in rivals]
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
        drawn=("times_floor",),
        targets=targets,
        left_out=left_out,
    )


def _target(case: Case, other: str, value: float, limit: float) -> Target:
    return Target(f"a step on the {case.name} problem, times {other}", value, limit)
