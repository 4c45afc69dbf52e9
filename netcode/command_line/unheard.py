"""Output that nobody reads any more: the terminal is closed, or the pipe's reader has enough, as `head` has.

What a command works for is its files and its exit status. Losing its readers must not cost it these: a training whose
terminal is closed is still saved.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

GONE = (errno.EPIPE, errno.EIO)  # of a pipe, and of a terminal


class Unheard:
    """A stream as it is, but that what can't be written is dropped without a word.

    >>> from io import StringIO
    >>> stream = StringIO()
    >>> print("heard", file=Unheard(stream))
    >>> stream.getvalue()
    'heard\\n'
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what can be written. Returns the length of all of it."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Pass on what can be passed on."""
        with suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:  # encoding, fileno, isatty, ...
        return getattr(self._stream, name)


@contextmanager
def heard_or_not() -> Iterator[None]:
    """Print to stdout what is not worth an error: if nobody is there to read it, the block ends, and all is well.

    Raises OSError if it can't be written for another reason, such as a full disk.
    """
    try:
        yield
        print(end="", flush=True)  # which is content with no stdout at all, as sys.stdout.flush() is not
    except OSError as error:
        if error.errno not in GONE:
            raise
        _drop_stdout()


def _drop_stdout() -> None:
    """Send what is still to come to nowhere: Python writes it when it ends, and would fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
