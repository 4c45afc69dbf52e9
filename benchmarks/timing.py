"""Times of calls that are compared with each other: taken in turns, so that whatever slows the machine slows all.

It is the processor's time that is counted, of all threads of the process: on an idle machine the same as the time on
the clock, and on a busy one still the time of this work alone.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAST = 0.02  # seconds that one timing takes at least, so that what is done once in a call hardly counts

Repeat = Callable[[int], object]
"""Does what is to be timed so many times."""


class Times(NamedTuple):
    """Seconds for doing it once, one number for each round."""

    rounds: NDArray[np.float64]

    @property
    def median(self) -> float:
        return float(np.median(self.rounds))

    @property
    def best(self) -> float:
        return float(self.rounds.min())

    def relative_to(self, other: Times) -> float:
        """How many times as long as `other`: the median of the rounds' quotients.

        A quotient's two times were taken right after each other, so it stays good when the machine is busy.
        """
        return float(np.median(self.rounds / other.rounds))


def repeated(call: Callable[[], object]) -> Repeat:
    """The call in a loop."""

    def repeat(times: int) -> None:
        for _ in range(times):
            call()

    return repeat


def in_turns(timed: Mapping[str, Repeat], rounds: int) -> dict[str, Times]:
    """Time each in each round, every round starting with another one."""
    repeats = {name: _repeats(repeat) for name, repeat in timed.items()}
    names = list(timed)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    gc.collect()
    gc.disable()
    try:
        for first in range(rounds):
            for place in range(len(names)):
                name = names[(first + place) % len(names)]
                seconds[name].append(_seconds(timed[name], repeats[name]))
    finally:
        gc.enable()
    return {name: Times(np.array(values)) for name, values in seconds.items()}


def _repeats(repeat: Repeat) -> int:
    """How often it must be done to take LEAST seconds. Warms up, too."""
    repeat(1)
    times = 1
    while (seconds := _seconds(repeat, times)) * times < LEAST:
        times = max(2 * times, int(LEAST / max(seconds, 1e-7)))
    return times


def _seconds(repeat: Repeat, times: int) -> float:
    start = time.process_time()
    repeat(times)
    return (time.process_time() - start) / times
