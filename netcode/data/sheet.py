"""A CSV file as columns of text, whoever wrote it. Nothing is interpreted yet but the layout.

Python's own csv module splits the lines. Around it: which character separates columns, which lines are comments,
whether the first line is a header, a trailing delimiter, and decimal commas.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from netcode.data.cells import is_missing, is_number
from netcode.data.text import lines, open_text
from netcode.errors import InputError

SEPARATORS = "\t;|,"  # in this order: a comma may also be a decimal comma
SAMPLE_LINES, SAMPLE_CHARACTERS = 50, 1_000_000  # by which the separator is found
MAX_COLUMNS = 100_000
MAX_CELLS = 200_000_000
ENOUGH = 10  # examples, for their number in the first line to be no coincidence
CHUNK = 250  # rows held as rows, before they become parts of columns; more would keep Python's garbage collector busy
DECIMAL_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d*)?([eE][+-]?\d+)?")


class Sheet(NamedTuple):
    """The columns of a file, each a list of cells without blanks around them, and where the cells come from."""

    path: Path
    names: list[str] | None  # from the header, if there is one; "" for a column without a name
    columns: list[list[str]]
    lines: list[int]  # of each row of cells
    notes: tuple[str, ...]  # what was found beside a plain CSV

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.columns)


_Row = tuple[int, list[str]]  # the number of its (last) line, and its cells


def read_sheet(path: Path, label_names: Sequence[str] = ()) -> Sheet:
    """The cells of the CSV file at `path`. A header is also one whose names are 0, 1, 2 ... beside a label's name.

    Raises InputError at the first line that doesn't fit, OSError if the file can't be opened.
    """
    with open_text(path) as text:
        source = _Source(path, lines(path, text))
        rows = source.rows()
        first = next(rows, None)
        if first is None:
            raise InputError(f"{path}: empty (expected a line for each example: its features and its label)")
        columns, numbers = _columns(path, first, rows)
    return _sheet(path, first, columns, numbers, source, label_names)


class _Source:
    """The rows of a file as they come, without its comments; and what stood before them."""

    def __init__(self, path: Path, numbered: Iterator[tuple[int, str]]) -> None:
        self.path = path
        sample = list(_sample(numbered))
        start = next((i for i, (_, line) in enumerate(sample) if not _is_preamble(line)), len(sample))
        preamble = [line.strip() for _, line in sample[:start]]
        self.comments = [line.lstrip("# ") for line in preamble if line.startswith("#")]
        told = [line.strip('"')[4:] for line in preamble if _tells_separator(line)]
        self.separator = told[0] if told else _separator([line for _, line in sample[start:]])
        self._numbered = itertools.chain(sample[start:], numbered)
        self._line = 0
        self._reader = self._split(self._data())
        self.width = 0

    def rows(self) -> Iterator[_Row]:
        """The rows that aren't empty."""
        try:
            for cells in self._reader:
                if len(cells) != self.width:
                    self._widen(cells)
                if cells:
                    yield self._line, cells
        except csv.Error as error:
            raise InputError(f"{self._where}: can't be read as CSV: {error}") from None

    def _widen(self, cells: list[str]) -> None:
        self.width = len(cells) or self.width
        if self.width > MAX_COLUMNS:
            raise InputError(f"{self._where}: {self.width:,} columns; expected at most {MAX_COLUMNS:,}")

    @property
    def _where(self) -> str:
        return f"{self.path}, line {self._line}"

    def split(self, line: str) -> list[str]:
        """The cells of a line by itself."""
        try:
            return _stripped(next(self._split([line]), []))
        except csv.Error:
            return []

    def _split(self, lines: Iterable[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self.separator or " ", skipinitialspace=True, strict=True)

    def _data(self) -> Iterator[str]:
        for number, line in self._numbered:
            self._line = number
            if line[0] == "#" and len(self.split(line)) != self.width:
                continue
            yield line if self.separator else " ".join(line.split())


def _stripped(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in cells]


def _sample(numbered: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    characters = 0
    for number, line in itertools.islice(numbered, SAMPLE_LINES):
        yield number, line
        characters += len(line)
        if characters > SAMPLE_CHARACTERS:
            break


def _is_preamble(line: str) -> bool:
    return not line.strip() or line.startswith("#") or _tells_separator(line.strip())


def _tells_separator(line: str) -> bool:
    """`sep=;`, which tells Excel the separator."""
    return re.fullmatch(r'"?sep=.?"?', line, re.IGNORECASE) is not None


def _separator(sample: list[str]) -> str:
    """The separator with which all lines have equally many columns; "" for blanks between them."""
    data = [line for line in sample if line.strip() and not line.startswith("#")][: SAMPLE_LINES - 1]
    for separator in SEPARATORS:
        if separator in "".join(data[:1]) and len({line.count(separator) for line in data}) == 1:
            return separator
    most = max(SEPARATORS, key="".join(data[:2]).count)
    if most in "".join(data[:2]):
        return most
    return "" if all(len(line.split()) > 1 for line in data) else ","


def _columns(path: Path, first: _Row, source: Iterator[_Row]) -> tuple[list[list[str]], list[int]]:
    """The cells of all rows but the first, by column, and the rows' lines."""
    columns: list[list[str]] = []
    numbers: list[int] = []
    expected, where = len(first[1]), "as in the first"
    while chunk := list(itertools.islice(source, CHUNK)):
        if not columns:
            expected, where = _width(path, first, chunk[0])
            columns = [[] for _ in range(expected)]
        in_lines, rows = zip(*chunk, strict=True)
        for row in np.flatnonzero(np.fromiter(map(len, rows), int, len(rows)) != expected)[:1]:
            raise InputError(f"{path}, line {in_lines[row]}: {len(rows[row])} columns; expected {expected}, {where}")
        for column, part in zip(columns, zip(*rows, strict=True), strict=True):
            column += map(str.strip, part)
        numbers += in_lines
        if expected * len(numbers) > MAX_CELLS:
            raise InputError(f"{path}: more than {MAX_CELLS:,} cells; expected fewer (an NPZ file can hold more)")
    return columns or [[] for _ in first[1]], numbers


def _width(path: Path, first: _Row, second: _Row) -> tuple[int, str]:
    """How many columns the rows have. The first line may differ: it may name one less, or tell only sizes."""
    (_, names), (line, cells) = first, second
    found, width = len(names), len(cells)
    names_one_less = found == width - 1 and not any(map(is_number, names))
    names_one_more = found == width + 1 and not names[-1].strip()
    if found == width or names_one_less or names_one_more or _tells_sizes(names, width):
        return width, "as in the lines before" if found != width else "as in the first"
    raise InputError(f"{path}, line {line}: {width} columns; expected {found}, as in the first")


def _tells_sizes(cells: list[str], width: int, rows: int | None = None) -> bool:
    """Scikit-learn's own files begin with the number of examples, that of features, and perhaps the classes' names."""
    if len(cells) < 2 or not (cells[0].isdecimal() and cells[1].isdecimal()) or any(map(is_number, cells[2:])):
        return False
    examples, features = int(cells[0][:18]), int(cells[1][:18])
    plausible = examples >= ENOUGH and features in (width - 1, width)
    return plausible and (rows is None or rows in (examples, examples + 1))


def _sheet(
    path: Path, first: _Row, columns: list[list[str]], numbers: list[int], source: _Source, label_names: Sequence[str]
) -> Sheet:
    notes = []
    line, cells = first[0], _stripped(first[1])
    if _tells_sizes(cells, len(columns), len(numbers)):
        notes.append("its first line tells sizes")
        line, cells = numbers.pop(0), [column.pop(0) for column in columns]
    names = _names(cells, columns, label_names)
    if names is None:
        if len(cells) != len(columns):
            raise InputError(f"{path}, line {numbers[0]}: {len(columns)} columns; expected {len(cells)}")
        for column, cell in zip(columns, cells, strict=True):
            column.insert(0, cell)
        numbers.insert(0, line)
        names = _commented_names(source, columns)
    elif not numbers:
        raise InputError(f"{path}: a header but no examples (expected a line for each)")
    while len(columns) > 1 and not (names and names[-1]) and not any(columns[-1]):
        notes.append("a delimiter ends each line")
        columns, names = columns[:-1], names and names[:-1]
    _check_names(path, line, names or ())
    if source.separator != "," and _read_decimal_commas(path, columns, names):
        notes.append("decimal commas")
    return Sheet(path, names, columns, numbers, tuple(dict.fromkeys(notes)))


def _names(first: list[str], columns: list[list[str]], label_names: Sequence[str]) -> list[str] | None:
    """The columns' names, if the first line holds names."""
    if not _is_header(first, columns, label_names):
        return None
    if len(first) == len(columns) + 1:
        return first[:-1]
    if len(first) == len(columns) - 1:  # the rows have names of their own, or end in a delimiter
        return [*first, ""] if not any(columns[-1]) else ["", *first]
    return first


def _is_header(first: list[str], columns: list[list[str]], label_names: Sequence[str]) -> bool:
    numbers = [cell for cell in first if is_number(cell)]
    if numbers:
        counted = any(numbers == [str(start + i) for i in range(len(numbers))] for start in (0, 1))
        named = any(cell.lower() in label_names for cell in first)
        return counted and len(set(first)) == len(first) and (named or len(numbers) >= 5)
    if len(first) != len(columns) or not columns[0]:
        return True
    beside = list(zip(first, columns, strict=True))
    if any(cell and not is_missing(cell) and any(map(is_number, set(column[:100]))) for cell, column in beside):
        return True
    return all(first) and len(set(first)) == len(first) and not any(cell in column for cell, column in beside)


def _commented_names(source: _Source, columns: list[list[str]]) -> list[str] | None:
    """The names in a comment right before the data, as numpy.savetxt writes them."""
    cells = source.split(source.comments[-1]) if source.comments else []
    return cells if len(cells) == len(columns) > 1 and not any(map(is_number, cells)) else None


def _check_names(path: Path, line: int, names: Sequence[str]) -> None:
    seen: set[str] = set()
    for column, name in enumerate(names, start=1):
        if name and name in seen:
            raise InputError(f"{path}, line {line}, column {column}: the name {name[:40]!r} comes twice")
        seen.add(name)


def _read_decimal_commas(path: Path, columns: list[list[str]], names: list[str] | None) -> bool:
    """Write decimal commas as points, in columns that hold nothing but such numbers; whether there were any."""
    found = [k for k, column in enumerate(columns) if _has_decimal_commas(column)]
    for k in found:
        columns[k] = [cell if is_missing(cell) else cell.replace(".", "").replace(",", ".") for cell in columns[k]]
    if found:
        for k in set(range(len(columns))) - set(found):
            _refuse_points(path, names[k] if names else str(k + 1), columns[k])
    return bool(found)


def _has_decimal_commas(column: list[str]) -> bool:
    return any("," in cell for cell in column) and all(
        is_missing(cell) or DECIMAL_COMMA.fullmatch(cell) for cell in column
    )


def _refuse_points(path: Path, name: str, column: list[str]) -> None:
    for cell in column:
        if re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+", cell):
            raise InputError(
                f"{path}, column {name[:40]!r}: {cell!r} in a file with decimal commas; "
                "expected no points, which may be decimal or separate thousands"
            )
