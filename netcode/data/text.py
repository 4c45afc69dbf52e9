"""A text file as lines, whatever wrote it: UTF-8, UTF-16 or Windows-1252, perhaps packed by gzip, never without end."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netcode.errors import InputError
from netcode.files import open_regular

MAX_LINE = 10_000_000  # characters
MAX_EXPANSION = 10  # how many times as long as the file the text in a gzip archive may be,
ALWAYS_ALLOWED = 20_000_000  # unless it is shorter than this (in bytes)
CHUNK = 2**20

# What is often taken for a CSV, by the bytes it begins with.
OTHER_FORMATS = {
    b"PK\x03\x04": "a ZIP archive or an Excel workbook (unzip it, or save it as CSV)",
    b"\xd0\xcf\x11\xe0": "an Excel workbook (save it as CSV)",
    b"PAR1": "a Parquet file (write it as CSV)",
    b"\x89HDF": "an HDF5 file (write it as CSV or NPZ)",
    b"\x93NUMPY": "a single NumPy array (save X and y with numpy.savez, as NPZ)",
    b"BZh": "packed by bzip2 (unpack it)",
    b"\xfd7zXZ": "packed by xz (unpack it)",
}
Binary = io.BufferedReader | gzip.GzipFile
CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")) + b"\x7f"


@contextmanager
def open_text(path: Path) -> Iterator[io.TextIOWrapper]:
    """`path`, opened as a text with its line ends as they are. All of it is known to decode.

    Raises InputError if it is no text, or unpacks to far more than the file; OSError if it can't be opened.
    """
    with open_regular(path) as file:
        packed = file.read(2) == b"\x1f\x8b"
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        content = gzip.GzipFile(fileobj=file) if packed else file
        encoding = _encoding(path, content, max(ALWAYS_ALLOWED, MAX_EXPANSION * size) if packed else None)
        content.seek(0)
        with io.TextIOWrapper(content, encoding=encoding, newline="") as text:
            yield text


def lines(path: Path, text: io.TextIOWrapper) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, from 1. Raises InputError at one that is too long for a table's."""
    number = 0
    while line := text.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise InputError(f"{path}, line {number}: longer than {MAX_LINE:,} characters; expected a line an example")
        yield number, line


def _encoding(path: Path, file: Binary, limit: int | None) -> str:
    """The encoding in which all of the file can be read."""
    try:
        head = file.read(CHUNK)
        file.seek(0)
        _refuse_other_formats(path, head)
        for encoding in _possible_encodings(head):
            if _decodes(path, file, encoding, limit):
                return encoding
            file.seek(0)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise InputError(f"{path}: can't be unpacked: it is truncated or damaged") from None
    raise InputError(f"{path}: not a text in UTF-8, UTF-16 or Windows-1252 (expected CSV, or NPZ with the ending .npz)")


def _refuse_other_formats(path: Path, head: bytes) -> None:
    for magic, description in OTHER_FORMATS.items():
        if head.startswith(magic):
            raise InputError(f"{path}: not a text: it looks like {description}; expected CSV")


def _possible_encodings(head: bytes) -> tuple[str, ...]:
    """The encodings to try, best first. Text in UTF-16 without a mark shows by its zero bytes, half of it in Europe."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) // 4:
        return ("utf-16-be",) if even > odd else ("utf-16-le",)
    return ("utf-8-sig", "cp1252")


def _decodes(path: Path, file: Binary, encoding: str, limit: int | None) -> bool:
    decoder, size = codecs.getincrementaldecoder(encoding)(), 0
    while chunk := file.read(CHUNK):
        size += len(chunk)
        if limit is not None and size > limit:
            raise InputError(f"{path}: unpacks to more than {limit / 1e6:.0f} MB; expected less (unpack it first)")
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError:
            return False
        if "\0" in text or (encoding == "cp1252" and len(chunk.translate(None, CONTROL)) < len(chunk)):
            return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
