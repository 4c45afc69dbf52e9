"""The memory that a training step needs beside the data, weighed in a process of its own.

`python -m benchmarks.memory CONTENDER EXAMPLES` prints the bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks import contenders
from benchmarks.child import ChildError, run_module
from benchmarks.contenders import Contender
from benchmarks.problem import random_case

STATUS = Path("/proc/self/status")
FORGET_PEAK = Path("/proc/self/clear_refs")
TIMEOUT = 600


def peak_megabytes(contender: type[Contender], examples: int) -> float:
    """How much the process grows, at most, from having the data to having made two steps. Raises ChildError."""
    if not FORGET_PEAK.exists():
        raise ChildError(f"the peak is read from {STATUS.parent}, which only Linux has")
    done = run_module(__name__, contender.__name__, str(examples), timeout=TIMEOUT)
    if done is None:
        raise ChildError(f"not done after {TIMEOUT} s")
    return int(done.output) / 1e6


def main(name: str, examples: str) -> None:
    """Print the bytes."""
    make: type[Contender] = getattr(contenders, name)
    contender = make(random_case("memory", int(examples)))
    FORGET_PEAK.write_text("5", encoding="ascii")  # the peak starts anew, from what is resident now
    before = _bytes("VmRSS")
    contender.start()
    contender.train(2)
    print(_bytes("VmHWM") - before)


def _bytes(field: str) -> int:
    lines = STATUS.read_text(encoding="ascii").splitlines()
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith(f"{field}:"))
    return 1024 * int(kilobytes)


if __name__ == "__main__":
    main(*sys.argv[1:])
