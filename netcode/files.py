"""Opening files without waiting for ever, and writing them so that nothing is ever half written."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from netcode.errors import InputError

HAS_LOCKS = sys.platform not in ("win32", "emscripten")  # on Windows an open file can't be removed anyway
if HAS_LOCKS:
    import fcntl


@contextmanager
def open_regular(path: Path) -> Iterator[BufferedReader]:
    """`path`, opened to read bytes. What may never end is refused: a pipe, a terminal, a device such as /dev/zero.

    Raises InputError if it isn't a regular file, OSError if it can't be opened.
    """
    _refuse_special(path, "read")
    with open(path, "rb", opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):  # replaced since the look above
            raise InputError(_special(path, "read"))
        yield file


def check_writable(path: Path) -> None:
    """Find out now, not after an hour of training, whether `path` can be written; leaves nothing behind.

    Raises InputError if not.
    """
    _refuse_special(path, "written")
    if path.is_dir():
        raise InputError(f"{path}: can't be written: it is a folder (expected the name of a file)")
    if path.exists() and not os.access(path, os.W_OK):
        raise InputError(f"{path}: can't be written: the file is read-only")
    try:
        with _temporary_file(path.resolve().parent):
            pass
    except OSError as error:
        raise InputError(
            f"{path}: can't be written: {error.strerror} (expected a file in a folder that exists and may be written)"
        ) from None


@contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of `path` in one step when the block ends, and vanishes if it raises.

    Whatever happens, power cuts included, `path` holds all of the old or all of the new. An existing file keeps its
    permissions, and of a symbolic link the target is replaced. What killed runs have left in the folder is removed.

    Raises InputError if `path` is a device, a pipe or a folder, OSError, with the name of `path`, if it can't be
    written.

        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "greeting.txt"
        ...     with atomic_write(path) as file:
        ...         size = file.write(b"hello")
        ...     path.read_bytes()
        b'hello'
    """
    _refuse_special(path, "written")
    target = path.resolve()
    try:
        with _temporary_file(target.parent) as (file, temporary):
            yield file
            file.flush()
            _copy_permissions(target, file)
            os.fsync(file.fileno())
            os.replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


@contextmanager
def _temporary_file(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A new file in `folder`, because a rename is atomic only within one file system; removed when the block ends."""
    _remove_leftovers(folder)
    while True:
        path = folder / f".netcode-{secrets.token_hex(8)}.tmp"
        try:
            with path.open("xb") as file:
                if not _is_ours(file, path):
                    continue
                yield file, path
                return
        finally:  # after an interrupt too
            path.unlink(missing_ok=True)


def _is_ours(file: BinaryIO, path: Path) -> bool:
    """Lock a new file. It is lost if, before that, another run has taken it for a killed one's, and removes it."""
    try:
        _lock(file)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks, where nothing is removed
        return True
    return path.exists()


def _remove_leftovers(folder: Path) -> None:
    """Remove the temporary files of killed runs: a lock ends with its process, so they are those without one."""
    for leftover in folder.glob(".netcode-*.tmp"):
        with suppress(OSError), leftover.open("rb") as file:
            _lock(file)
            leftover.unlink()


def _lock(file: BinaryIO) -> None:
    if HAS_LOCKS:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _copy_permissions(target: Path, file: BinaryIO) -> None:
    """Give the new file the owner and the mode of the one it replaces."""
    if not target.exists() or os.name != "posix":
        return
    old = target.stat()
    with suppress(PermissionError):  # only root may give files away
        os.fchown(file.fileno(), old.st_uid, old.st_gid)
    os.fchmod(file.fileno(), stat.S_IMODE(old.st_mode))


def _refuse_special(path: Path, participle: str) -> None:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):  # what is wrong with it is said where it is opened
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise InputError(_special(path, participle))


def _special(path: Path, participle: str) -> str:
    return f"{path}: can't be {participle}: it is a device or a pipe (expected a regular file)"


def _without_waiting(path: str, flags: int) -> int:
    """Opening a pipe would wait until somebody writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last, where folders can be synchronized (not on Windows)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
