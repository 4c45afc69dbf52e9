"""Data to train on: the spiral, the handwritten digits, or a file of the user's own.

Examples are rows, as everywhere in Python; the network takes their transpose.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcode.data.arrays import check_classes
from netcode.data.samples import NAMES, clusters, digits, moons, rings, spiral
from netcode.data.schema import Schema
from netcode.data.standardization import standardization
from netcode.data.table import Options, Table, read_csv, read_csv_for, read_npz
from netcode.errors import InputError
from netcode.shapes import Array, Float

__all__ = [
    "NAMES",
    "Options",
    "Schema",
    "Table",
    "clusters",
    "digits",
    "load",
    "load_for",
    "load_table",
    "moons",
    "read_csv",
    "read_npz",
    "rings",
    "spiral",
    "standardization",
]


def load(source: str) -> tuple[Float[Array, "m n"], NDArray[Any]]:
    """Labelled examples of at least two classes: `source` is "spiral", "digits", or the path of a CSV or NPZ file.

    Returns X (m, n) and y (m,). Raises InputError if something doesn't fit, OSError if a file can't be opened.

        >>> X, y = load("spiral")
        >>> X.shape, y.shape
        ((300, 2), (300,))
    """
    table = load_table(source)
    assert table.y is not None
    return table.X, table.y


def load_table(source: str, options: Options | None = None) -> Table:
    """Labelled examples, and which columns they come from. As `load`, with what the user says of a CSV file."""
    options = options or Options()
    if source in NAMES or _is_npz(source):
        if options != Options():
            raise InputError(f"{source}: --label, --ignore, --missing and --encode are for CSV files")
        table = _sample(source) if source in NAMES else read_npz(_existing(source))
    else:
        table = read_csv(_existing(source), options)
    _check_classes(source, table)
    return table


def load_for(source: str, schema: Schema, missing: str = "error") -> Table:
    """Examples to predict the labels of, with the features that `schema` tells; a file need not have labels.

    Raises InputError if something doesn't fit, OSError if a file can't be opened.
    """
    if source not in NAMES and not _is_npz(source):
        return read_csv_for(_existing(source), schema, missing)
    table = _sample(source) if source in NAMES else read_npz(_existing(source), labelled=False)
    if table.X.shape[1] != len(schema.features):
        raise InputError(f"{source}: {table.X.shape[1]} features; expected {len(schema.features)}")
    return table


def _sample(name: str) -> Table:
    X, y = spiral() if name == "spiral" else digits()
    return Table(X, y, Schema.plain(X.shape[1]))


def _is_npz(source: str) -> bool:
    return Path(source).suffix.lower() == ".npz"


def _existing(source: str) -> Path:
    path = Path(source)
    if "\0" in source or not path.exists():
        raise InputError(f"{source}: no such file (expected a CSV or NPZ file, or {' or '.join(NAMES)})")
    return path


def _check_classes(source: str, table: Table) -> None:
    y = table.y
    assert y is not None
    if (y == y[0]).all():
        raise InputError(f"{source}: all {len(y)} examples have the label {y[0]}; expected at least two classes")
    check_classes(len(np.unique(y)), len(y), source)
