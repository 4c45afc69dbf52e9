"""Ctrl-C, SIGTERM and SIGHUP as a question that is answered between two updates: no state is ever caught half made."""

from __future__ import annotations

import signal
from types import TracebackType
from typing import Any

# SIGHUP comes when the terminal is closed; Windows has none.
SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Interrupt:
    """While it is open, a first signal is only kept in `asked`; a second one does what it always does.

    But not a second SIGHUP: of one terminal that is closed the shell and the system both tell.
    """

    def __init__(self) -> None:
        self.asked: signal.Signals | None = None

    def __enter__(self) -> Interrupt:
        self._before: dict[signal.Signals, Any] = {number: signal.getsignal(number) for number in SIGNALS}
        for number, handler in self._before.items():
            if handler is not signal.SIG_IGN:  # what is switched off, as by nohup, stays so
                signal.signal(number, self._ask)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._restore(*SIGNALS)

    @property
    def cause(self) -> str:
        """What has asked to stop, in words."""
        return "Ctrl-C" if self.asked == signal.SIGINT else str(self.asked and self.asked.name)

    @property
    def status(self) -> int:
        """The exit status that says so, by the shell's convention: 0 if nothing has asked."""
        return 128 + self.asked if self.asked else 0

    def _ask(self, number: int, frame: object) -> None:
        self.asked = self.asked or signal.Signals(number)
        self._restore(*(number for number in SIGNALS if number.name != "SIGHUP"))

    def _restore(self, *numbers: signal.Signals) -> None:
        for number in numbers:
            signal.signal(number, self._before[number])
