"""An NPZ archive is read array by array, each only if its header is plausible."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest

from netcode.archives import open_archive
from netcode.errors import InputError

GIGABYTE = 10**9


def header_of(shape: tuple[int, ...], dtype: str = "|u1") -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": dtype, "fortran_order": False, "shape": shape})
    return file.getvalue()


def archive(path: Path, compression: int = zipfile.ZIP_DEFLATED, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in members.items():
            file.writestr(f"{name}.npy", content)
    return path


def refusal(path: Path, name: str = "X") -> str:
    """What is said of an array; meanwhile no more than a few megabytes are taken."""
    tracemalloc.start()
    with pytest.raises(InputError) as caught, open_archive(path) as opened:
        opened.read(name)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20e6
    return str(caught.value)


def test_only_the_arrays_that_are_asked_for_are_read(tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    np.savez(path, X=np.eye(2), damaged=np.zeros(3))
    path.write_bytes(path.read_bytes().replace(np.zeros(3).tobytes(), np.ones(3).tobytes()))
    with open_archive(path) as opened:
        assert opened.names == ["X", "damaged"]
        assert np.array_equal(opened.read("X"), np.eye(2))
        with pytest.raises(InputError, match="truncated or damaged"):
            opened.read("damaged")


def test_a_small_file_that_unpacks_to_a_large_array_is_refused_before_it_does(tmp_path: Path) -> None:
    path = archive(tmp_path / "bomb.npz", X=header_of((10**8,)) + bytes(10**8))
    assert path.stat().st_size < 200_000
    assert "X takes 0.8 GB, unpacked from a file of 0.1 MB; expected at most 40 times the file" in refusal(path)


@pytest.mark.parametrize("shape", [(10**30,), (2**62, 4), (-1,), (3,)])
def test_a_header_that_announces_another_size_is_refused(tmp_path: Path, shape: tuple[int, ...]) -> None:
    path = archive(tmp_path / "lying.npz", X=header_of(shape) + bytes(10))
    assert "it is truncated or damaged" in refusal(path)


def test_pickles_and_other_compressions_are_refused_by_the_header(tmp_path: Path) -> None:
    assert "pickled objects" in refusal(archive(tmp_path / "a.npz", X=header_of((1,), "|O") + b"cos\nabort\n(tR."))
    assert "damaged" in refusal(archive(tmp_path / "b.npz", zipfile.ZIP_LZMA, X=header_of((1,)) + b"1"))
