"""The proof of the network's gradients: once for every size, and entry by entry at sizes that grow."""

from __future__ import annotations

from benchmarks.child import run_module
from benchmarks.result import Cell, Result

BUDGET = 60  # seconds for one proof; at the last sizes, 60 are as good as a year
SIZES = ((2, 2, 3, 3), (3, 2, 4, 3), (4, 3, 4, 3), (8, 3, 6, 3), (16, 4, 8, 4), (300, 2, 25, 3))
GRADIENTS = ("dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1")


def run(quick: bool) -> Result:
    """Each proof in a Python of its own."""
    names = (f"network.backward_{gradient}" for gradient in (GRADIENTS[:1] if quick else GRADIENTS))
    once = run_module("benchmarks.proofs", *names, timeout=10 * BUDGET)
    rows: list[dict[str, Cell]] = []
    for m, n, h, C in SIZES[:1] if quick else SIZES:
        done = run_module("benchmarks.entry_by_entry", *(str(size) for size in (m, n, h, C)), timeout=BUDGET)
        rows.append(
            {
                "sizes": f"m={m} n={n} h={h} C={C}",
                "entry_by_entry": f"not done after {BUDGET} s" if done is None else f"{done.seconds:.1f}",
                "index_calculus": once.seconds if once else None,
            }
        )
    rows.append(
        {"sizes": "any m, n, h, C", "entry_by_entry": "impossible", "index_calculus": once.seconds if once else None}
    )
    return Result(
        id="symbolic",
        title="The symbolic proof of the network's gradients",
        note=(
            "Seconds of processor time from the start of Python, which with SymPy's import takes about one. Entry by "
            "entry, SymPy differentiates the loss by each parameter at fixed sizes. In the index calculus no size "
            "occurs as a number: one and the same proof serves all rows. It is also stricter: each step of each "
            "chain is proven, and compared in numbers."
        ),
        columns={
            "sizes": "sizes",
            "entry_by_entry": "entry by entry, seconds",
            "index_calculus": "index calculus, seconds",
        },
        rows=rows,
        drawn=("entry_by_entry", "index_calculus"),
    )
