"""A function out of somebody's file: found, asked and diagnosed in a process of its own, which ends in time.

The request goes to that process, and its answer comes back, as data: arrays and JSON, nothing that is executed.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from netcode.diagnosis import Diagnosis
from netcode.diagnosis.architecture import Point
from netcode.diagnosis.file import diagnose_choice, failed
from netcode.diagnosis.layout import LAYOUTS
from netcode.diagnosis.reading.choice import Choice, choose, listed
from netcode.diagnosis.reading.definitions import definitions
from netcode.diagnosis.reading.failure import cut, own_traceback
from netcode.errors import InputError

MEMORY = 4 * 2**30
"""Bytes of memory that somebody's file gets, where the system can limit it."""
MOST_BYTES = 2**24
"""Of an answer."""
ROOT = Path(__file__).parents[2]
START = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); from netcode.command_line.user_function import answer; answer()"
)
STARTING = ("os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "subprocess.Popen")
"""What Python announces before another program is started."""


class Request(NamedTuple):
    """Which function to diagnose, whether examples are rows (None: find out), and where beside random points."""

    file: Path
    function: str | None = None
    rows: bool | None = None
    point: Point | None = None
    names: Mapping[str, str] = {}


def diagnose_file(request: Request, timeout: float) -> Diagnosis:
    """The diagnosis of a function of the file, which is executed in another process. What it prints goes to stderr.

    Where the file or the function fails, or takes more than `timeout` seconds, the diagnosis holds the error. Raises
    InputError if there is no such function, OSError if the file can't be opened.
    """
    request.file.open("rb").close()
    if request.file.stem == "numpy":
        raise InputError(f"{request.file}: has NumPy's name, so Python takes it for NumPy; expected another name")
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", START, str(writing)],
        stdin=subprocess.PIPE,
        stdout=sys.stderr.fileno() if _has_file(sys.stderr) else subprocess.DEVNULL,
        pass_fds=[writing],
        start_new_session=True,
    )
    os.close(writing)
    try:
        return _read(request, timeout, process, reading)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # with all that it has started
        process.wait()


def _read(request: Request, timeout: float, process: subprocess.Popen[bytes], reading: int) -> Diagnosis:
    import select

    with open(reading, "rb") as answer:
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(_packed(request))
            process.stdin.close()
        if not select.select([answer], [], [], timeout)[0]:
            return failed(f"{request.file} did not end within {timeout:g} s: an endless loop? (--timeout SECONDS)")
        text = answer.read(MOST_BYTES)
    if not text:
        return failed(f"{request.file} ended the program (exit status {process.wait()})")
    try:
        found = json.loads(text)
        if "complaint" in found:
            raise InputError(str(found["complaint"]))
        return Diagnosis.from_data(found)
    except (KeyError, TypeError, json.JSONDecodeError):
        return failed(f"{request.file} gave an answer that can't be read")


def answer() -> None:
    """What the other process does: diagnose, and write the diagnosis to the file whose number is its argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is the parent's, which then ends this process
    with open(int(sys.argv[1]), "wb") as output:
        os.set_inheritable(output.fileno(), False)
        threading.Thread(target=_end_with_the_reader, args=[output.fileno()], daemon=True).start()
        request = _unpacked(sys.stdin.buffer)
        _limit()
        try:
            found = _diagnosis(request).as_data()
        except InputError as error:
            found = {"complaint": cut(str(error), 1000)}
        output.write(json.dumps(found).encode())


def _end_with_the_reader(writing: int) -> None:
    """End this process when nobody can read its answer any more: the one that asked was killed, and can't end it."""
    import select

    poll = select.poll()
    poll.register(writing, 0)  # to be told of errors, which are always told
    poll.poll()
    os.killpg(0, signal.SIGKILL)  # with all that it has started


def _diagnosis(request: Request) -> Diagnosis:
    sys.path.append(str(request.file.resolve().parent))  # what the file imports, but not in the place of a library
    try:
        found = definitions(request.file)
    except InputError:
        raise
    except BaseException as error:  # SystemExit and the like are the file's own
        return failed(cut(own_traceback(error)))
    layouts = [layout for layout in LAYOUTS if request.rows is None or layout.rows == request.rows]
    places = dict.fromkeys(layouts, request.point) if request.point else {}
    return diagnose_choice(_chosen(found, request), layouts, places)


def _chosen(found: dict[str, Any], request: Request) -> Choice:
    """Raises InputError if there is no function to ask."""
    if request.function:
        name, _, method = request.function.partition(".")
        if name not in found:
            raise InputError(f"{request.file}: has no function {request.function}; it has {', '.join(found) or 'none'}")
        return choose(
            {name: found[name]}, request.names, None if inspect.isclass(found[name]) and not method else method
        )
    choice = choose(found, request.names)
    if choice.reader is None:
        has = listed(choice.passed) or "no function"
        raise InputError(f"{request.file}: has {has}; expected --function with the name of the backward pass")
    return choice


def _limit() -> None:
    """Bound the memory, and let no other program be started."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def refuse(event: str, _: object) -> None:
        if event in STARTING:
            raise PermissionError("a backward pass may not start another program here")

    sys.addaudithook(refuse)


def _packed(request: Request) -> bytes:
    """The request as arrays, of which one is JSON."""
    words = {"file": str(request.file), "function": request.function, "rows": request.rows, "names": {**request.names}}
    arrays: dict[str, Any] = {"request": np.array(json.dumps(words))}
    if request.point:
        arrays |= {"X": request.point.X, "Y": request.point.Y, "lam": np.array(request.point.lam)}
        arrays |= {f"parameter {name}": array for name, array in request.point.parameters.items()}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def _unpacked(file: BinaryIO) -> Request:
    with np.load(io.BytesIO(file.read()), allow_pickle=False) as arrays:
        words = json.loads(str(arrays["request"]))
        point = None
        if "X" in arrays:
            parameters = {name.removeprefix("parameter "): arrays[name] for name in _parameters(arrays.files)}
            point = Point(arrays["X"], arrays["Y"], parameters, float(arrays["lam"]))
    return Request(Path(words["file"]), words["function"], words["rows"], point, words["names"])


def _parameters(names: list[str]) -> Iterator[str]:
    return (name for name in names if name.startswith("parameter "))


def _has_file(stream: Any) -> bool:
    try:
        stream.fileno()
    except (AttributeError, OSError):
        return False
    return True
