"""Examples that lie in blocks on several machines: Dask arrays X (m, n) and y (m,), checked, and their labels found."""

from __future__ import annotations

from glob import glob
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcode.data.table import Table, read_npz
from netcode.errors import InputError
from netcode.training.dask_descent import Blocks, compute


class LabelledBlocks(NamedTuple):
    """Dask arrays in the same blocks of rows: examples X (m, n), and the number of each example's class (m,)."""

    X: Blocks
    indices: Blocks
    classes: NDArray[Any]  # (C,), sorted


def is_dask(X: object) -> bool:
    """Whether it is a Dask array; Dask need not be installed to ask."""
    return type(X).__module__.partition(".")[0] == "dask" and hasattr(X, "to_delayed")


def labelled_blocks(X: Blocks, y: Any) -> LabelledBlocks:
    """The examples X (m, n) with their labels y (m,), a Dask array or another one.

    Raises InputError if the shapes don't fit, X holds what is no finite number, or y fewer than two classes.
    """
    import dask.array

    X = _known_sizes(X)
    if X.ndim != 2 or 0 in X.shape:
        raise InputError(f"X has the shape {X.shape}; expected (examples, features), at least one of each")
    y = _known_sizes(y) if is_dask(y) else dask.array.from_array(np.asarray(y))
    if y.shape != (len(X),):
        raise InputError(f"y has the shape {y.shape}; expected ({len(X)},), a label for each example of X")
    if X.dtype.kind not in "fiub" or y.dtype.kind not in "iubU":
        raise InputError(f"X is {X.dtype}, y is {y.dtype}; expected real numbers, and integers, booleans or strings")
    if not compute(dask.array.isfinite(X).all()):
        raise InputError("X holds NaN or infinity; expected finite numbers")
    classes = compute(dask.array.unique(y))
    if len(classes) < 2:
        raise InputError(f"y has one class only, {classes.tolist()[0]!r}; expected at least two")
    indices = y.map_blocks(lambda labels: np.searchsorted(classes, labels), dtype=np.int64)
    return LabelledBlocks(X.rechunk({1: -1}), indices.rechunk((X.chunks[0],)), classes)


def _known_sizes(array: Blocks) -> Blocks:
    return array.compute_chunk_sizes() if np.isnan(array.shape).any() else array


def npz_blocks(pattern: str) -> tuple[Blocks, Blocks]:
    """X (m, n) and y (m,) of all NPZ files that the pattern names, a block each. Workers read them, by the same names.

    Raises InputError if there is no such file, if one of them can't be used, or if their features differ in number.
    """
    import dask.array
    from dask import delayed

    paths = sorted(glob(pattern))
    if not paths:
        raise InputError(f"{pattern}: no such file (expected NPZ files with X and y, which all workers can read)")
    parts = [delayed(read_npz)(Path(path).absolute()) for path in paths]
    shapes = compute(delayed([delayed(_shape)(part) for part in parts]))
    for path, (_, n, _) in zip(paths, shapes, strict=True):
        if n != shapes[0][1]:
            raise InputError(f"{path}: {n} features, but {paths[0]} has {shapes[0][1]}; expected the same in all")
    pairs = list(zip(parts, shapes, strict=True))
    X = dask.array.concatenate([dask.array.from_delayed(part.X, (m, n), np.float64) for part, (m, n, _) in pairs])
    y = dask.array.concatenate([dask.array.from_delayed(part.y, (m,), dtype) for part, (m, _, dtype) in pairs])
    return X, y


def _shape(table: Table) -> tuple[int, int, Any]:
    assert table.y is not None  # read_npz asks for labels
    return *table.X.shape, table.y.dtype
