"""Ctrl-C while the program starts or ends: one line too. Importing NumPy takes most of the first second.

It is imported before all else, and does nothing unless `python -m netcode` is starting, which shows in `sys.argv`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

STATUS = 130


def run(main: Callable[[], int]) -> int:
    """What `main` returns, a Ctrl-C meanwhile being a KeyboardInterrupt, as everywhere."""
    before: object = signal.getsignal(signal.SIGINT)
    if before is not _leave:
        return main()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return main()
    except KeyboardInterrupt:
        _leave(signal.SIGINT, None)
    finally:
        signal.signal(signal.SIGINT, _leave)
    return STATUS


def _leave(number: int, frame: object) -> None:
    os.write(2, b"netcode: stopped by Ctrl-C\n")
    os._exit(STATUS)


if sys.argv[:1] == ["-m"] and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, _leave)
