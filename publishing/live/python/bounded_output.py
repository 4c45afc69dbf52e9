"""What a cell prints, up to a bound: a page stays usable after a million lines."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

LINES = 1000
CHARACTERS = 100_000
SECONDS = 0.1  # how long a piece may wait for the next, so that the page isn't told of each


class BoundedOutput(io.TextIOBase):
    """Takes the place of sys.stdout and sys.stderr; hands what is written on in pieces."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._waiting: list[str] = []
        self._shown_at = time.monotonic()
        self._lines = self._characters = 0
        self._left_out = 0  # lines; the one that was cut counts

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self._lines >= LINES or self._characters >= CHARACTERS:
            self._left_out += text.count("\n")
            return len(text)
        kept = "".join(text.splitlines(keepends=True)[: LINES - self._lines])[: CHARACTERS - self._characters]
        self._waiting.append(kept)
        self._lines += kept.count("\n")
        self._characters += len(kept)
        self._left_out += text.count("\n", len(kept))
        if time.monotonic() - self._shown_at > SECONDS:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Hand on what waits, but for line ends: the last ones are not shown."""
        waiting = "".join(self._waiting)
        if text := waiting.rstrip("\n"):
            self._show(text)
        self._waiting = [waiting[len(text) :]]
        self._shown_at = time.monotonic()

    def end(self) -> None:
        """Hand on what waits, and say how much was left out."""
        if self._left_out:  # what came before ends a line
            self._waiting.append(f"… {self._left_out:,} more lines were left out.")
        elif self._characters >= CHARACTERS:
            self._waiting.append("\n… The rest was left out.")
        self.flush()
