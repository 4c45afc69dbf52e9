"""Reading NPZ archives without trusting them, and writing files so that nothing is ever half written."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from netcode.errors import InputError


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """All arrays of the NPZ archive at `path`, by name. Pickled objects are refused.

    Raises InputError if it is truncated, damaged or no NPZ archive, OSError if it can't be opened.
    """
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            raise InputError(f"{path}: not an NPZ file (expected arrays as numpy.savez writes them)")
        file.seek(0)
        try:
            with np.load(file, allow_pickle=False) as archive:
                arrays = {name: archive[name] for name in archive.files}
        except Exception as error:  # a damaged archive fails in any layer: zip, compression, header, announced size
            pickled = "allow_pickle" in str(error)
            reason = "it holds pickled objects, which are not read" if pickled else "it is truncated or damaged"
            raise InputError(f"{path}: can't be read as NPZ: {reason}") from None
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray):
            raise InputError(f"{path}: '{name}' is not an array (expected arrays as numpy.savez writes them)")
    return arrays


def check_writable(path: Path) -> None:
    """Find out now, not after an hour of training, whether `path` can be written; leaves nothing behind.

    Raises InputError if not.
    """
    if path.exists() and not path.is_file():
        raise InputError(f"{path}: can't be written: it is not a regular file")
    if path.exists() and not os.access(path, os.W_OK):
        raise InputError(f"{path}: can't be written: the file is read-only")
    temporary = _beside(path.resolve())
    try:
        temporary.touch(exist_ok=False)
        temporary.unlink()
    except OSError as error:
        raise InputError(
            f"{path}: can't be written: {error.strerror} (expected a file in a folder that exists and may be written)"
        ) from None


@contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of `path` in one step when the block ends, and vanishes if it raises.

    Whatever happens, power cuts included, `path` holds all of the old or all of the new. Raises OSError, with the name
    of `path`, if it can't be written.
    """
    target = path.resolve()  # of a symbolic link, the target is replaced
    temporary = _beside(target)
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
    finally:  # after an interrupt too
        temporary.unlink(missing_ok=True)


def _beside(target: Path) -> Path:
    """A new name in the folder of `target`: a rename is atomic only within one file system."""
    return target.parent / f".netcode-{secrets.token_hex(8)}.tmp"


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last, where folders can be synchronized (not on Windows)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
