"""A function out of somebody's file: found, asked and diagnosed in a process of its own, which ends in time."""

from __future__ import annotations

import inspect
import multiprocessing
import os
import runpy
import signal
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from netcode.diagnosis import Diagnosis, Finding
from netcode.diagnosis.diagnosing import diagnose_function
from netcode.diagnosis.layout import LAYOUTS, Place
from netcode.diagnosis.reader import wanted
from netcode.errors import InputError
from netcode.mistakes.mistake import GRADIENTS

LIKELY = ("back", "grad")  # what a backward pass is called, if a file has several functions


class Request(NamedTuple):
    """Which function to diagnose, whether examples are rows (None: find out), and where beside random places."""

    file: Path
    function: str | None
    rows: bool | None
    place: Place | None


def diagnose_file(request: Request, timeout: float) -> Diagnosis:
    """The diagnosis of a function of the file, which is executed in another process. What it prints goes to stderr.

    Where the file or the function fails, or takes more than `timeout` seconds, the diagnosis holds the error. Raises
    InputError if there is no such function, OSError if the file can't be opened.
    """
    request.file.open("rb").close()
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(request, sender), daemon=True)
    process.start()
    sender.close()
    try:
        if not receiver.poll(timeout):
            return _failed(f"{request.file} did not end within {timeout:g} s: an endless loop? (--timeout SECONDS)")
        answer = receiver.recv()
    except EOFError:
        process.join()
        return _failed(f"{request.file} ended the program (exit status {process.exitcode})")
    finally:
        process.kill()
        process.join()
    if isinstance(answer, InputError):
        raise answer
    return answer


def _answer(request: Request, sender: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is the parent's, which then ends this process
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        sender.send(_diagnosis(request))
    except InputError as error:
        sender.send(error)


def _diagnosis(request: Request) -> Diagnosis:
    sys.path.insert(0, str(request.file.resolve().parent))  # as if the file were run itself
    try:
        names = runpy.run_path(str(request.file), run_name=request.file.stem)
    except (Exception, SystemExit) as error:
        return _failed(_own_traceback(error, request.file))
    layouts = [layout for layout in LAYOUTS if request.rows is None or layout.rows == request.rows]
    places = dict.fromkeys(layouts, request.place) if request.place else {}
    return diagnose_function(_function(names, request), layouts, places)


def _function(names: dict[str, Any], request: Request) -> Callable[..., Any]:
    """Raises InputError if it isn't clear which one is meant."""
    own = {
        name: value
        for name, value in names.items()
        if inspect.isfunction(value) and value.__module__ == request.file.stem and not name.startswith("_")
    }
    if request.function:
        if not callable(names.get(request.function)):
            raise InputError(f"{request.file}: has no function {request.function}; it has {_listed(own)}")
        function: Callable[..., Any] = names[request.function]
        return function
    usable = {name: function for name, function in own.items() if _is_usable(function)} or own
    likely = [name for name in usable if any(part in name.lower() for part in LIKELY)]
    chosen = likely if len(usable) > 1 else list(usable)
    if len(chosen) != 1:
        raise InputError(f"{request.file}: has {_listed(own)}; expected --function with the name of the backward pass")
    return own[chosen[0]]


def _is_usable(function: Callable[..., Any]) -> bool:
    try:
        return bool(wanted(function))
    except InputError:
        return False


def _own_traceback(error: BaseException, file: Path) -> str:
    """From the file's own first line on."""
    shown = traceback.TracebackException.from_exception(error)
    places = [number for number, frame in enumerate(shown.stack) if Path(frame.filename).name == file.name]
    shown.stack = traceback.StackSummary.from_list(shown.stack[places[0] :] if places else [])
    return "".join(shown.format()).rstrip()


def _failed(error: str) -> Diagnosis:
    return Diagnosis([Finding(name, "no answer") for name in GRADIENTS], (), error)


def _listed(names: dict[str, Any]) -> str:
    return ", ".join(names) or "none"
