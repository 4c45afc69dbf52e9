"""A column of a table: its cells, and what they are as numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netcode.data import cells as cell
from netcode.data.sheet import Sheet
from netcode.errors import InputError
from netcode.shapes import Array, Float

ID_NAME = re.compile(
    r"(?i:id|index|idx|row|row\W?names?|row\W?(number|id)|no\.?|nr\.?|number|#|key|uid|uuid|guid|unnamed: ?\d+)"
    r"|.*[\W_](?i:id)|.*[a-z]I[dD]"
)

FEW = 10  # different values, some of them no numbers, that may be names of kinds


@dataclass(frozen=True)
class Column:
    """The cells of a column, which has a `number` in the file, from 1, and a name unless the file has no header."""

    number: int
    name: str
    cells: list[str]

    @property
    def title(self) -> str:
        """What to call it in a message."""
        return repr(self.name[:40]) if self.name else str(self.number)

    @property
    def option(self) -> str:
        """How to name it in an option."""
        return self.name if self.name and "," not in self.name else str(self.number)

    @cached_property
    def numbers(self) -> Float[Array, " m"]:
        """The cells as numbers; NaN for a missing value, and for what is none."""
        return cell.numbers(self.cells)

    @cached_property
    def missing(self) -> NDArray[np.bool_]:
        """Where a value is missing."""
        return cell.missing(self.cells)

    @cached_property
    def _known(self) -> Float[Array, " k"]:
        return self.numbers[~np.isnan(self.numbers)]

    @cached_property
    def odd(self) -> NDArray[np.intp]:
        """The rows whose cells are neither numbers nor missing."""
        return np.flatnonzero(np.isnan(self.numbers) & ~self.missing)

    @property
    def is_text(self) -> bool:
        """Whether most of its cells aren't numbers. Few of them among numbers are rather mistakes.

        But not if they recur among few numbers, which are names then too: 2, 3, 4 and "5more".
        """
        return len(self.odd) > 0 and (len(self.odd) >= len(self._known) or self._recurs)

    @cached_property
    def _recurs(self) -> bool:
        """Whether it holds a few values, and each that is no number in every tenth row and more than once."""
        if self.distinct > FEW:
            return False
        odd = Counter(self.cells[row] for row in self.odd)
        return min(odd.values()) >= max(2, len(self.cells) / 10)

    @property
    def is_whole(self) -> bool:
        """Whether it holds whole numbers alone, missing values aside."""
        return len(self._known) > 0 and not len(self.odd) and bool((self._known == np.rint(self._known)).all())

    @cached_property
    def distinct(self) -> int:
        """How many different values it holds, missing ones aside."""
        if not len(self.odd):
            return len(np.unique(self._known))
        return len({c for c in self.cells if not cell.is_missing(c)})

    @property
    def is_binary(self) -> bool:
        """Whether it holds 0 and 1 alone."""
        return len(self._known) == len(self.cells) and bool(((self.numbers == 0) | (self.numbers == 1)).all())

    @property
    def numbers_the_lines(self) -> bool:
        """Whether it only counts: each cell is one more than the cell before."""
        m = len(self.cells)
        first = self.numbers[0]
        return m > 1 and bool((self.numbers == first + np.arange(m)).all()) and self.is_whole

    @property
    def kind(self) -> str:
        """What it holds, in words."""
        if self.is_text:
            return f"{self.distinct:,} different texts"
        return f"{self.distinct:,} different {'whole numbers' if self.is_whole else 'numbers'}"


def columns_of(sheet: Sheet) -> list[Column]:
    """The columns of a sheet, numbered from 1."""
    names = sheet.names or [""] * sheet.width
    return [Column(k, *pair) for k, pair in enumerate(zip(names, sheet.columns, strict=True), start=1)]


def find(path: Path, columns: Sequence[Column], wanted: str, option: str) -> Column:
    """The column that an option names, or numbers from 1. Raises InputError if there is none, or several."""
    for matches in (
        [column for column in columns if column.name == wanted],
        [column for column in columns if column.name.lower() == wanted.lower() and column.name],
        [column for column in columns if str(column.number) == wanted],
    ):
        if len(matches) == 1:
            return matches[0]
    raise InputError(f"{path}: has no column {wanted[:40]!r}, which {option} names; it has {listed(columns)}")


def listed(columns: Sequence[Column], most: int = 12) -> str:
    """The columns' titles, not all of them if they are many."""
    if not columns or (not columns[0].name and not columns[-1].name):
        return f"{len(columns):,} columns without names, which are numbered from 1"
    shown = ", ".join(column.title for column in columns[:most])
    return shown if len(columns) <= most else f"{shown}, ... ({len(columns):,} in all)"
