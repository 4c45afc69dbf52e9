"""Python started anew, with nothing imported and nothing cached in memory, and ended if it takes too long."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import NamedTuple


class ChildError(RuntimeError):
    """The child failed; the message is the last line of its complaint."""


class Finished(NamedTuple):
    """What a child did: the processor's time it took, from the start of Python to its end, and what it printed."""

    seconds: float
    output: str


def run_module(*arguments: str, timeout: float) -> Finished | None:
    """`python -m ARGUMENTS`, or None if it is not done after `timeout` seconds. Raises ChildError if it fails."""
    before = _seconds_of_children()
    try:
        done = subprocess.run(
            [sys.executable, "-m", *arguments], capture_output=True, text=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        complaint = done.stderr.strip().rpartition("\n")[2]
        raise ChildError(complaint or f"{' '.join(arguments)} ended with status {done.returncode}")
    return Finished(_seconds_of_children() - before, done.stdout)


def _seconds_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system
