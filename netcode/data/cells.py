"""What a cell of a table says: a number, or that a value is missing, or a text."""

from __future__ import annotations

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
    return cell not in MISSING and not np.isnan(_number(cell))


def numbers(cells: Sequence[str]) -> Float[Array, " m"]:
    """The cells as numbers, NaN where a cell is none. Cells that are all true or false, in any case, are 1 or 0."""
    try:
        if not any("_" in cell for cell in cells):
            return np.fromiter(map(float, cells), dtype=np.float64, count=len(cells))
    except ValueError:
        pass
    if {cell.lower() for cell in cells if not is_missing(cell)} <= TRUTH.keys():
        return np.array([TRUTH.get(cell.lower(), np.nan) for cell in cells])
    return np.array([_number(cell) for cell in cells])


def missing(cells: Sequence[str]) -> NDArray[np.bool_]:
    """Which of the cells say that their value isn't known."""
    return np.fromiter(map(MISSING.__contains__, cells), dtype=np.bool_, count=len(cells))


def _number(cell: str) -> float:
    try:
        return np.nan if "_" in cell else float(cell)
    except ValueError:
        return np.nan
