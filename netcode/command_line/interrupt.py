"""Ctrl-C as a question that is answered between two updates, so that a state is never caught half made."""

from __future__ import annotations

import signal
from types import TracebackType


class Interrupt:
    """While it is open, a first Ctrl-C only sets `asked`; a second one raises KeyboardInterrupt, as ever."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> Interrupt:
        self._before = signal.getsignal(signal.SIGINT)
        if self._before is not signal.SIG_IGN:  # a program started with Ctrl-C switched off keeps it so
            signal.signal(signal.SIGINT, self._ask)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _ask(self, number: int, frame: object) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, self._before)
