"""How long it takes to check all claims, from the start of Python."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from benchmarks.child import Finished, run_module
from benchmarks.result import Cell, Result, Target

TIMEOUT = 600


def run(quick: bool) -> Result:
    """The symbolic claims alone, then all as `make check` does; if quick, of one chapter."""
    names = ["relu"] if quick else []
    symbolic = _done("benchmarks.proofs", *names)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "checks.json"
        everything = _done("derivations", "check", *names, "--json", str(report))
        claims = len(json.loads(report.read_text(encoding="utf-8"))["claims"])
    rows: list[dict[str, Cell]] = [
        {
            "name": "symbolic: proven or refuted, for every size",
            "claims": int(symbolic.output),
            "seconds": symbolic.seconds,
        },
        {"name": "all, those compared with netcode too", "claims": claims, "seconds": everything.seconds},
    ]
    return Result(
        id="claims",
        title="Checking every claim, cold",
        note="Seconds of processor time from the start of Python, on one thread.",
        columns={"name": "claims", "claims": "number", "seconds": "seconds"},
        rows=rows,
        drawn=("seconds",),
        targets=[Target("all symbolic proofs, seconds", symbolic.seconds, 10)],
    )


def _done(*arguments: str) -> Finished:
    done = run_module(*arguments, timeout=TIMEOUT)
    if done is None:
        raise TimeoutError(f"{' '.join(arguments)} is not done after {TIMEOUT} s")
    return done
