"""One full-batch step over 60,000 pictures of 28 x 28: its time next to the floor, and its memory beside the data."""

from __future__ import annotations

from benchmarks.child import ChildError
from benchmarks.contenders import FastNetcode, agree, installed
from benchmarks.floor import Floor
from benchmarks.memory import peak_megabytes
from benchmarks.problem import random_case
from benchmarks.result import Cell, Result, Target
from benchmarks.timing import in_turns, repeated
from netcode.training.training_step import TrainingStep

EXAMPLES = 60_000
WHOLE = "its matrix products, of all columns at once"
IN_BLOCKS = "its matrix products, in the step's blocks of columns"


def run(quick: bool) -> Result:
    """Time all contenders in turns, then weigh each in a process of its own."""
    classes, left_out = installed()
    case = random_case("full batch", m=EXAMPLES // 100 if quick else EXAMPLES)
    contenders = [contender(case) for contender in classes]
    agree(contenders, steps=1)
    block = TrainingStep(case.problem.parameters, case.learning_rate, case.problem.lam).block
    floors = {
        WHOLE: repeated(Floor(case.problem).multiply),
        IN_BLOCKS: repeated(Floor(case.problem, block).multiply),
    }
    steps = {contender.name: contender.train for contender in contenders}
    times = in_turns({**floors, **steps}, rounds=1 if quick else 5)
    floor = min((times[name] for name in floors), key=lambda own: own.median)
    peaks: dict[str, float | None] = dict.fromkeys(times)
    for contender in classes:
        try:
            peaks[contender.name] = peak_megabytes(contender, case.m)
        except ChildError as error:
            left_out.append(f"the memory of {contender.name}: {error}")
    rows: list[dict[str, Cell]] = [
        {
            "name": name,
            "seconds": own.median,
            "times_floor": own.relative_to(floor),
            "megabytes": peaks[name],
        }
        for name, own in times.items()
    ]
    targets = [Target("a full-batch step, times the floor", times[FastNetcode.name].relative_to(floor), 1.05)]
    peak = peaks[FastNetcode.name]
    if peak is not None:
        targets.append(Target("a full-batch step, MB beside the data", peak, 30))
    return Result(
        id="large_batch",
        title=f"One full-batch step, {case.sizes} ({case.rows.nbytes / 1e6:,.0f} MB of data)",
        note=(
            "The floor is the faster of the two ways to compute the products. Memory is the largest resident size "
            "during the first two steps, less what there was before: the data in each library's own form, the "
            "libraries, and JAX's compiled function."
        ),
        columns={
            "name": "step",
            "seconds": "seconds",
            "times_floor": "× floor",
            "megabytes": "MB beside the data",
        },
        rows=rows,
        drawn=("times_floor",),
        targets=targets,
        left_out=left_out,
    )
