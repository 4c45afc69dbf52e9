"""What a cell of a table says: a number, or that a value is missing, or a text."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from netcode.shapes import Array, Float

# What pandas takes for missing ("IO tools", na_values), and the question mark of the UCI repository.
MISSING = frozenset(
    ("", "?", "NA", "N/A", "n/a", "#N/A", "#NA", "#N/A N/A", "<NA>", "NaN", "nan", "-NaN", "-nan")
) | frozenset(("None", "NULL", "null", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"))
TRUTH = {"true": 1.0, "false": 0.0}


def is_missing(cell: str) -> bool:
    """Whether the cell says that its value isn't known."""
    return cell in MISSING


def is_number(cell: str) -> bool:
    """Whether the cell is a number, as `float` reads it. Missing values are none."""
    return cell not in MISSING and not math.isnan(_number(cell))


def numbers(cells: Sequence[str]) -> Float[Array, " m"]:
    """The cells as numbers, NaN where a cell is none. Cells that are all true or false, in any case, are 1 or 0."""
    try:
        if not any("_" in cell for cell in cells):
            return np.fromiter(map(float, cells), dtype=np.float64, count=len(cells))
    except ValueError:
        pass
    distinct = set(cells)  # what is no number takes long, so that each is tried once
    read = _truth if {cell.lower() for cell in distinct - MISSING} <= TRUTH.keys() else _number
    values = {cell: read(cell) for cell in distinct}
    return np.fromiter(map(values.__getitem__, cells), dtype=np.float64, count=len(cells))


def missing(cells: Sequence[str]) -> NDArray[np.bool_]:
    """Which of the cells say that their value isn't known."""
    return np.fromiter(map(MISSING.__contains__, cells), dtype=np.bool_, count=len(cells))


def _number(cell: str) -> float:
    try:
        return math.nan if "_" in cell else float(cell)
    except ValueError:
        return math.nan


def _truth(cell: str) -> float:
    return TRUTH.get(cell.lower(), math.nan)
