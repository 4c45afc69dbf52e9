"""Reading NPZ archives without trusting them: an array's header first, and the array only if its size is plausible."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from numpy.lib import format as npy
from numpy.typing import NDArray

from netcode.errors import InputError
from netcode.files import open_regular

# Compression of real data rarely saves more than nine tenths; a few kilobytes that announce gigabytes are an attack.
MAX_EXPANSION = 40
ALWAYS_ALLOWED = 2**26  # bytes
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


class Archive(NamedTuple):
    """An open NPZ archive. Its arrays are read one by one, as they are asked for."""

    path: Path
    size: int  # of the file, in bytes
    members: zipfile.ZipFile

    @property
    def names(self) -> list[str]:
        """The names of its arrays, in sorted order."""
        return sorted(name.removesuffix(".npy") for name in self.members.namelist() if name.endswith(".npy"))

    def read(self, name: str) -> NDArray[Any]:
        """One array. Pickled objects are refused, before any of them is read.

        Raises InputError if it is damaged, no plain array, or far larger than the file it comes from.
        """
        with _damage_reported(self.path):
            info = self.members.getinfo(f"{name}.npy")
            self._check_size(name, *self._header(info))
            with self.members.open(info) as member:
                array = npy.read_array(member, allow_pickle=False)
                member.read(1)  # the checksum is compared at the end
        return array

    def _header(self, info: zipfile.ZipInfo) -> tuple[int, int]:
        """How many entries the array has, and of how many bytes each."""
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError("a compression that NumPy doesn't write")
        with self.members.open(info) as member:
            shape, _, dtype = HEADERS[npy.read_magic(member)](member)
            if dtype.hasobject:
                raise _refusal(self.path, "it holds pickled objects, which are not read")
            entries = math.prod(shape)
            if member.tell() + entries * dtype.itemsize != info.file_size:
                raise ValueError("not as long as its header says")
        return entries, dtype.itemsize

    def _check_size(self, name: str, entries: int, itemsize: int) -> None:
        size = entries * max(itemsize, 8)  # numbers become float64
        if size > max(ALWAYS_ALLOWED, MAX_EXPANSION * self.size):
            raise InputError(
                f"{self.path}: {name} takes {size / 1e9:.1f} GB, unpacked from a file of {self.size / 1e6:.1f} MB; "
                f"expected at most {MAX_EXPANSION} times the file (save it with numpy.savez, which doesn't compress)"
            )


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """The NPZ archive at `path`.

    Raises InputError if it is truncated, damaged or no NPZ archive, OSError if it can't be opened.
    """
    with open_regular(path) as file:
        if file.read(4) != b"PK\x03\x04":
            raise InputError(f"{path}: not an NPZ file (expected arrays as numpy.savez writes them)")
        size = file.seek(0, 2)
        with _damage_reported(path):
            members = zipfile.ZipFile(file)
        yield Archive(path, size, members)


@contextmanager
def _damage_reported(path: Path) -> Iterator[None]:
    try:
        yield
    except (InputError, MemoryError):
        raise
    except Exception:  # a damaged archive fails in any layer: zip, compression, header
        raise _refusal(path, "it is truncated or damaged") from None


def _refusal(path: Path, reason: str) -> InputError:
    return InputError(f"{path}: can't be read as NPZ: {reason}")
