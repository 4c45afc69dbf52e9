"""Examples and their labels out of a file: the one place where what the user says of a table meets what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcode.archives import open_archive
from netcode.data.column import Column, columns_of, find, listed
from netcode.data.features import features_of, matrix, missing_rows, refuse_ids, refuse_missing
from netcode.data.label import LABEL_NAMES, choose_label
from netcode.data.schema import Feature, Schema
from netcode.data.sheet import Sheet, read_sheet
from netcode.errors import InputError
from netcode.shapes import Array, Float

MAX_LABEL_BYTES = 400_000_000  # NumPy gives each label the room of the longest
SMALL = 10  # examples of which one can't tell whether labels repeat


class Options(NamedTuple):
    """What the user says of a table: the label's column and those to leave out, by name or by number from 1.

    A `missing` value is an error, or its example is left out (drop), or it becomes the feature's mean (mean). With
    `encode`, a column of text becomes a column of 0 and 1 for each text in it.
    """

    label: str | None = None
    ignore: tuple[str, ...] = ()
    missing: str = "error"
    encode: bool = False


class Table(NamedTuple):
    """Examples as rows: features `X` (m, n) and, if there are any, labels `y` (m,), integers or strings.

    The features are finite, but NaN where a value is missing that is to become the mean. `choice` says which column is
    the label, and why, and `notes` what else was found in the file.
    """

    X: Float[Array, "m n"]
    y: NDArray[Any] | None
    schema: Schema
    choice: str = ""
    notes: tuple[str, ...] = ()


def read_csv(path: Path, options: Options | None = None) -> Table:
    """The labelled examples of a CSV file, a line each.

    Its columns are separated by tabs, semicolons, bars, commas or blanks, a header being optional. It may be in UTF-8,
    UTF-16 or Windows-1252, packed by gzip, and have comments (#), decimal commas, a trailing delimiter, or a first line
    for Excel (sep=;) or scikit-learn (sizes). The labels are integers if all are written as such, else strings.

    Raises InputError if something doesn't fit, or if it isn't plain which column is the label; OSError if the file
    can't be opened.
    """
    options = options or Options()
    sheet = read_sheet(path, LABEL_NAMES)
    if sheet.width == 1:
        raise InputError(f"{path}: one column only; expected at least one feature and a label")
    columns = _without_ignored(path, columns_of(sheet), options.ignore)
    label, reason = choose_label(path, columns, options.label)
    rest = [column for column in columns if column is not label]
    if not rest:
        raise InputError(f"{path}: no features are left beside the label, column {label.title}")
    if "none" not in options.ignore:
        refuse_ids(path, rest, named=sheet.names is not None)
    features = features_of(path, rest, options.encode)
    kept = _complete_rows(sheet, label, rest, options)
    X = matrix(path, {column.number: column for column in rest}, features, sheet.lines)[kept]
    _check_filled(path, X, features)
    choice = f"column {label.title}, {reason}"
    notes = (*sheet.notes, *_dropped(len(sheet.lines) - len(kept)))
    schema = Schema(features, label.name, label.number, sheet.width)
    return Table(X, _text_labels(path, [label.cells[row] for row in kept]), schema, choice, notes)


def read_csv_for(path: Path, schema: Schema, missing: str = "error") -> Table:
    """The examples of a CSV file for a model: its features by name in any order, or by place if one has no names.

    The labels are read if they are there. Raises InputError if features are missing, or something doesn't fit.
    """
    sheet = read_sheet(path, LABEL_NAMES)
    columns = columns_of(sheet)
    if sheet.names and schema.is_named:
        features, label = _by_name(path, columns, schema)
    else:
        features, label = _by_place(path, columns, schema)
    by_place = schema.is_named and not sheet.names
    notes = ("has no header; its columns are taken in the order of the training",) if by_place else ()
    present = list(features.values())
    if missing != "mean":
        refuse_missing(path, present, sheet.lines, "use --missing mean to fill in the training's means")
    if label is not None:
        refuse_missing(path, [label], sheet.lines, "expected a label in each line, or no column for it")
    X = matrix(path, features, schema.features, sheet.lines)
    return Table(X, _text_labels(path, label.cells) if label else None, schema, notes=notes)


def read_npz(path: Path, labelled: bool = True) -> Table:
    """The examples of an NPZ archive: `X` (m, n), real and finite, and `y` (m,), integers or strings.

    Unless it has to be `labelled`, y may be missing. Other arrays aren't read, and no pickled object is ever loaded.

    Raises InputError if something doesn't fit, OSError if the file can't be opened.
    """
    wanted = {"X", "y"} if labelled else {"X"}
    with open_archive(path) as archive:
        if lacking := sorted(wanted - {*archive.names}):
            raise InputError(
                f"{path}: no array {' and '.join(lacking)}; expected X (examples as rows) and y (their "
                f"labels), but it holds {', '.join(archive.names[:12]) or 'nothing'}"
            )
        X = _array_features(path, archive.read("X"))
        y = _array_labels(path, archive.read("y"), len(X)) if "y" in archive.names else None
    return Table(X, y, Schema.plain(X.shape[1]))


def _without_ignored(path: Path, columns: list[Column], ignore: tuple[str, ...]) -> list[Column]:
    names = {column.name for column in columns}
    ignored = [find(path, columns, name, "--ignore") for name in ignore if name != "none" or "none" in names]
    left = [column for column in columns if column not in ignored]
    if len(left) < 2:
        raise InputError(f"{path}: --ignore leaves {len(left)} columns; expected at least one feature and a label")
    return left


def _complete_rows(sheet: Sheet, label: Column, features: list[Column], options: Options) -> NDArray[np.intp]:
    """The rows to take, in their order."""
    m = len(sheet.lines)
    if options.missing == "drop":
        kept = np.flatnonzero(~missing_rows([label, *features], m))
        if not len(kept):
            raise InputError(f"{sheet.path}: no example is left: a value is missing in each; --ignore empty columns")
        return kept
    if options.missing == "mean":
        refuse_missing(sheet.path, [label], sheet.lines, "a label can't be filled in: --missing drop leaves it out")
    else:
        cure = "--missing drop leaves out these lines, --missing mean fills in the column's mean"
        refuse_missing(sheet.path, [label, *features], sheet.lines, cure)
    return np.arange(m)


def _check_filled(path: Path, X: Float[Array, "m n"], features: tuple[Feature, ...]) -> None:
    for k in np.flatnonzero(np.isnan(X).all(axis=0))[:1]:
        title = features[k].title
        raise InputError(f"{path}: column {title} holds no value at all; --ignore {title} leaves it out")


def _dropped(count: int) -> tuple[str, ...]:
    return (f"left out as a value is missing: {count:,} examples",) if count else ()


def _by_name(path: Path, columns: list[Column], schema: Schema) -> tuple[dict[int, Column], Column | None]:
    named = {column.name: column for column in columns}
    if lacking := [name for name in dict.fromkeys(f.name for f in schema.features) if name not in named]:
        shown = ", ".join(repr(name[:40]) for name in lacking[:12])
        raise InputError(
            f"{path}: has no column {shown}{', ...' if len(lacking) > 12 else ''}, which the model needs; "
            f"it has {listed(columns)}"
        )
    return {f.number: named[f.name] for f in schema.features}, named.get(schema.label) if schema.label else None


def _by_place(path: Path, columns: list[Column], schema: Schema) -> tuple[dict[int, Column], Column | None]:
    numbers = list(dict.fromkeys(feature.number for feature in schema.features))
    if len(columns) == len(numbers):
        return dict(zip(numbers, columns, strict=True)), None
    if len(columns) == schema.width:
        label = columns[schema.label_number - 1]
        if schema == Schema.plain(len(numbers)):  # as from an NPZ file: the header alone knows where the label is
            label = next((column for column in columns if column.name.lower() in LABEL_NAMES), label)
            return dict(zip(numbers, (column for column in columns if column is not label), strict=True)), label
        return {number: columns[number - 1] for number in numbers}, label
    raise InputError(f"{path}: {len(columns)} columns; expected {len(numbers)} features, and perhaps their label")


def _text_labels(path: Path, labels: list[str]) -> NDArray[Any]:
    """Integers only if nothing is lost by it: '01' and '1' stay two labels."""
    longest = max(map(len, labels))
    if 4 * longest * len(labels) > MAX_LABEL_BYTES:
        raise InputError(f"{path}: a label of {longest:,} characters; expected short ones")
    try:
        integers = np.array([int(label) for label in labels], dtype=np.int64)
    except (ValueError, OverflowError):
        return np.array(labels)
    return integers if list(map(str, integers.tolist())) == labels else np.array(labels)


def _array_features(path: Path, X: NDArray[Any]) -> Float[Array, "m n"]:
    if X.dtype.kind in "fiub" and X.ndim > 2:
        raise InputError(f"{path}: X is {_described(X)}; expected (examples, features): X.reshape(len(X), -1)")
    if X.ndim != 2 or X.dtype.kind not in "fiub":
        raise InputError(f"{path}: X is {_described(X)}; expected numbers, (examples, features)")
    if 0 in X.shape:
        raise InputError(f"{path}: X is empty, of shape {X.shape}; expected at least one example and one feature")
    X = X.astype(np.float64, copy=False)
    finite = np.isfinite(X)
    if not finite.all():
        row, column = divmod(int(finite.argmin()), X.shape[1])
        raise InputError(
            f"{path}: X[{row}, {column}] (row {row}, column {column}, from 0) is {X[row, column]}; "
            "expected a finite number"
        )
    return X


def _array_labels(path: Path, y: NDArray[Any], m: int) -> NDArray[Any]:
    if y.ndim == 2 and len(y) == m:
        cure = "y.ravel()" if y.shape[1] == 1 else "y.argmax(axis=1), if it is one-hot"
        raise InputError(f"{path}: y has shape {y.shape}; expected ({m},), a label for each row of X: {cure}")
    if y.shape != (m,):
        raise InputError(f"{path}: y has shape {y.shape}; expected ({m},), a label for each row of X")
    if y.dtype.kind == "f" and np.isfinite(y).all() and (y == np.rint(y)).all() and (np.abs(y) < 2**53).all():
        y = y.astype(np.int64)
    if y.dtype.kind not in "iubU":
        raise InputError(f"{path}: y is {_described(y)}; expected integers or strings")
    if m >= SMALL and (C := len(np.unique(y))) > m / 2:
        raise InputError(f"{path}: y holds {C:,} different labels in {m:,} examples; expected classes that repeat")
    return y


def _described(array: NDArray[Any]) -> str:
    return f"of type {array.dtype} and shape {array.shape}"
