"""A backward pass as its author wrote it: called by its parameters' names, its result read by name or order."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from netcode.diagnosis.layout import Layout, Place
from netcode.errors import InputError
from netcode.mistakes.mistake import GRADIENTS
from netcode.network import Forward
from netcode.parameters import names
from netcode.shapes import Array

NAMES = ("X", "Y", "y", *names(2), "lam", *Forward._fields, "parameters", "forward")
IN_ORDER = ("X", "Y", *names(2), "lam")
HERE = Path(__file__).parent


class AskedError(Exception):
    """What the author's function raised."""

    text: str
    """The traceback of the author's own lines."""
    line: int
    """The number of the line that the author's function had come to."""

    def __init__(self, error: BaseException) -> None:
        shown = traceback.TracebackException.from_exception(error)
        part: traceback.TracebackException | None = shown
        while part is not None:
            own = (frame for frame in part.stack if Path(frame.filename).parent != HERE)
            part.stack = traceback.StackSummary.from_list(list(own))
            part = part.__cause__ or part.__context__
        self.text = "".join(shown.format()).rstrip()
        self.line = shown.stack[0].lineno or 0 if shown.stack else 0
        super().__init__(self.text.splitlines()[-1])


class ReadersBackward:
    """Somebody's backward pass, asked in the layout that it expects."""

    def __init__(self, backward: Callable[..., Any], layout: Layout) -> None:
        self._backward, self._layout = backward, layout
        self._wanted = wanted(backward)
        self._passed: tuple[Forward, dict[str, Any]] | None = None
        self.changed: set[str] = set()
        """The arguments that a call has changed in place; a change of forward values shows in the gradients instead."""

    def __call__(self, place: Place, passed: Forward) -> Mapping[str, Array]:
        """Raises AskedError if the function fails, InputError if its result can't be read."""
        given: dict[str, Any] = self._layout.given(place, passed)
        if self._passed is None or self._passed[0] is not passed:
            self._passed = passed, {name: given[name] for name in (*Forward._fields, "forward")}
        given |= self._passed[1]  # the same arrays at each call, as between functions of one program
        before = {name: np.copy(array) for name, array in given.items() if isinstance(array, np.ndarray)}
        positional = [given[_known(name)] for name, by_name in self._wanted.items() if not by_name]
        named = {name: given[_known(name)] for name, by_name in self._wanted.items() if by_name}
        try:
            result = self._backward(*positional, **named)
        except (Exception, SystemExit) as error:
            raise AskedError(error) from None
        finally:
            self.changed |= {
                name
                for name, array in before.items()
                if name not in Forward._fields and not np.array_equal(array, given[name], equal_nan=True)
            }
        return read(result, self._layout)


def wanted(backward: Callable[..., Any]) -> dict[str, bool]:
    """The names of what the function wants, each with whether it is passed by name.

    Raises InputError if the function wants something that is not there.
    """
    try:
        parameters = inspect.signature(backward).parameters.values()
    except (TypeError, ValueError):  # a function without a signature, as some compiled ones
        return dict.fromkeys(IN_ORDER, False)
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        return dict.fromkeys(IN_ORDER, False)
    names = {}
    for parameter in parameters:
        if parameter.kind is parameter.VAR_KEYWORD:
            continue
        if _known(parameter.name):
            names[parameter.name] = parameter.kind is not parameter.POSITIONAL_ONLY
        elif parameter.default is parameter.empty:
            called = getattr(backward, "__name__", "the function")
            raise InputError(f"{called} has a parameter {parameter.name}; expected names among {', '.join(NAMES)}")
    return names


def read(result: Any, layout: Layout) -> dict[str, Array]:
    """The four gradients of a result, examples being columns. Raises InputError if they can't be found in it."""
    if isinstance(result, Mapping):
        found = {name: result[key] for name in GRADIENTS for key in (name, name[1:]) if key in result}
    elif all(hasattr(result, name) for name in GRADIENTS):
        found = {name: getattr(result, name) for name in GRADIENTS}
    elif isinstance(result, Sequence) and len(result) == len(GRADIENTS):
        found = dict(zip(GRADIENTS, result, strict=True))
    else:
        what = f"{len(result)} values" if isinstance(result, Sequence) else f"a {type(result).__name__}"
        raise InputError(f"the gradients are {what}; expected {', '.join(GRADIENTS)}, in this order or by name")
    if missing := [name for name in GRADIENTS if name not in found]:
        raise InputError(f"the gradients lack {', '.join(missing)}; expected {', '.join(GRADIENTS)}")
    return {name: layout.as_columns(name, numbers(name, found[name])).copy() for name in GRADIENTS}


def numbers(name: str, value: Any) -> Array:
    """An array of real numbers. Raises InputError if it is none."""
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        array = np.asarray(None)
    if array.dtype.kind not in "iubf":
        raise InputError(f"{name} is {type(value).__name__} of type {array.dtype}; expected an array of real numbers")
    return array


def _known(name: str) -> str:
    """The name as it is known here, capital or not; empty if it isn't."""
    return name if name in NAMES else next((known for known in NAMES if known.lower() == name.lower()), "")
