"""Calling somebody's function: whatever it raises becomes one error, and its variables can be looked at."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from netcode.diagnosis.reading.failure import AskedError
from netcode.errors import InputError


def called(
    function: Callable[..., Any], arguments: list[Any], named: dict[str, Any], caught: dict[str, Any] | None = None
) -> Any:
    """What it returns; its variables come into `caught`. Raises AskedError with whatever it raises."""
    try:
        return function(*arguments, **named) if caught is None else _watch(function, arguments, named, caught)
    except (InputError, KeyboardInterrupt):
        raise
    except BaseException as error:  # the author's own: SystemExit, and whatever else is raised
        raise AskedError(error) from None


def _watch(function: Callable[..., Any], arguments: list[Any], named: dict[str, Any], caught: dict[str, Any]) -> Any:
    """Call it, and keep the variables that it has at its end."""
    code = getattr(inspect.unwrap(function), "__code__", None)

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if event == "return" and frame.f_code is code:
            caught.update(frame.f_locals)

    old = sys.getprofile()
    sys.setprofile(watch)
    try:
        return function(*arguments, **named)
    finally:
        sys.setprofile(old)
