"""The user's own data: a CSV with an example a line, or an NPZ archive with arrays `X` and `y`.

Nothing is guessed silently: what doesn't fit is an InputError that names the line and the column.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcode.archives import open_archive
from netcode.errors import InputError
from netcode.files import open_regular
from netcode.shapes import Array, Float

LABEL_COLUMNS = ("label", "class", "target")


class Table(NamedTuple):
    """Examples as rows: features `X` (m, n), all finite, and labels `y` (m,), integers or strings, if there are any."""

    X: Float[Array, "m n"]
    y: NDArray[Any] | None


class _Row(NamedTuple):
    line: int
    cells: list[str]


def read_csv(path: Path, features: int | None = None) -> Table:
    """The examples of a CSV file in UTF-8, separated by commas, semicolons or tabs, a header being optional.

    The labels are in the column named `label`, `class` or `target` (in this order, in any case), else in the last one;
    they are integers if all are written as such, else strings. If the number of `features` is known, a file of exactly
    so many columns has no labels.

    Raises InputError at the first line that doesn't fit, OSError if the file can't be opened.
    """
    try:
        with open_regular(path) as binary, io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as file:
            separator = max(",;\t", key=file.readline().count)
            file.seek(0)
            reader = csv.reader(file, delimiter=separator, skipinitialspace=True, strict=True)
            try:
                return _table(path, (_Row(reader.line_num, cells) for cells in reader if cells), features)
            except csv.Error as error:
                raise InputError(f"{path}, line {reader.line_num}: can't be read as CSV: {error}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not a text in UTF-8 (expected CSV, or NPZ with the ending .npz)") from None


def read_npz(path: Path, features: int | None = None) -> Table:
    """The examples of an NPZ archive: `X` (m, n), real and finite, and `y` (m,), integers or strings.

    If the number of `features` is known, `y` may be missing. No pickled object is ever loaded.

    Raises InputError if something doesn't fit, OSError if the file can't be opened.
    """
    with open_archive(path) as archive:
        held = ", ".join(archive.names) or "nothing"
        arrays = {name: archive.read(name) for name in ("X", "y") if name in archive.names}
    wanted = {"X"} if features is not None else {"X", "y"}
    if missing := sorted(wanted - arrays.keys()):
        raise InputError(
            f"{path}: no array {' and '.join(missing)}; expected X (examples as rows) and y (their "
            f"labels), but it holds {held}"
        )
    X, y = arrays["X"], arrays.get("y")
    if X.ndim != 2 or X.dtype.kind not in "fiub":
        raise InputError(f"{path}: X is {_described(X)}; expected numbers, (examples, features)")
    if 0 in X.shape:
        raise InputError(f"{path}: X is empty, of shape {X.shape}; expected at least one example and one feature")
    if features is not None and X.shape[1] != features:
        raise InputError(f"{path}: X has {X.shape[1]} features; expected {features}")
    X = X.astype(np.float64)
    if not np.isfinite(X).all():
        row, column = np.argwhere(~np.isfinite(X))[0]
        raise InputError(
            f"{path}: X[{row}, {column}] (row {row}, column {column}, from 0) is {X[row, column]}; "
            "expected a finite number"
        )
    return Table(X, None if y is None else _array_labels(path, y, len(X)))


def _table(path: Path, rows: Iterator[_Row], features: int | None) -> Table:
    first = next(rows, None)
    if first is None:
        raise InputError(f"{path}: empty (expected a line for each example: its features and its label)")
    columns = len(first.cells)
    header = _header(path, first)
    label = _label_column(path, header, columns, features)
    names = [repr(name) for name in header] if header else [str(column + 1) for column in range(columns)]

    X: list[Float[Array, " n"]] = []
    y: list[str] = []
    for row in rows if header else itertools.chain([first], rows):
        if len(row.cells) != columns:
            raise InputError(f"{path}, line {row.line}: {len(row.cells)} columns; expected {columns}, as in the first")
        if label is not None:
            y.append(row.cells.pop(label).strip())
            if not y[-1]:
                raise InputError(f"{path}, line {row.line}, column {names[label]}: the label is missing")
        X.append(_features(path, row, [name for column, name in enumerate(names) if column != label]))
    if not X:
        raise InputError(f"{path}: a header but no examples (expected a line for each)")
    return Table(np.stack(X), None if label is None else _text_labels(y))


def _header(path: Path, first: _Row) -> list[str] | None:
    """The columns' names, if the first line holds names: none is a number, but for 0, 1, 2 ... beside a named label."""
    names = [name.strip() for name in first.cells]
    numbers = [name for name in names if _is_number(name)]
    numbered = numbers in ([str(start + i) for i in range(len(names) - 1)] for start in (0, 1))
    if numbers and not (numbered and any(name.lower() in LABEL_COLUMNS for name in names)):
        return None
    for column, name in enumerate(names):
        if not name or name in names[:column]:
            what = f"the name {name!r} comes twice" if name else "has no name (does it only number the lines?)"
            raise InputError(f"{path}, line {first.line}, column {column + 1}: {what}")
    return names


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _label_column(path: Path, header: Sequence[str] | None, columns: int, features: int | None) -> int | None:
    if features is not None and columns not in (features, features + 1):
        raise InputError(f"{path}: {columns} columns; expected {features} features, and perhaps their label")
    if columns == features:
        return None
    if columns == 1:
        raise InputError(f"{path}: one column only; expected at least one feature and a label")
    names = [name.lower() for name in header or ()]
    return next((names.index(name) for name in LABEL_COLUMNS if name in names), columns - 1)


def _features(path: Path, row: _Row, names: Sequence[str]) -> Float[Array, " n"]:
    try:
        values = np.array([float(cell) for cell in row.cells])
        if np.isfinite(values).all():
            return values
    except ValueError:
        pass
    column = next(i for i, cell in enumerate(row.cells) if not _is_number(cell) or not np.isfinite(float(cell)))
    raise InputError(
        f"{path}, line {row.line}, column {names[column]}: {row.cells[column][:40]!r}; expected a finite number"
    )


def _text_labels(labels: list[str]) -> NDArray[Any]:
    """Integers only if nothing is lost by it: '01' and '1' stay two labels."""
    try:
        integers = np.array([int(label) for label in labels], dtype=np.int64)
    except (ValueError, OverflowError):
        return np.array(labels)
    return integers if [str(label) for label in integers.tolist()] == labels else np.array(labels)


def _array_labels(path: Path, y: NDArray[Any], m: int) -> NDArray[Any]:
    if y.shape != (m,):
        raise InputError(f"{path}: y has shape {y.shape}; expected ({m},), a label for each row of X")
    if y.dtype.kind == "f" and np.isfinite(y).all() and (y == np.rint(y)).all() and (np.abs(y) < 2**53).all():
        return y.astype(np.int64)
    if y.dtype.kind not in "iubU":
        raise InputError(f"{path}: y is {_described(y)}; expected integers or strings")
    return y


def _described(array: NDArray[Any]) -> str:
    return f"of type {array.dtype} and shape {array.shape}"
