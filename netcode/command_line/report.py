"""How often which label is taken for which: the confusion matrix, and what follows from it for each label."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcode.command_line.terminal import printable
from netcode.shapes import Array, Int

MAX_CLASSES = 20  # in a matrix that one can read
WIDTH = 12  # characters of a label
SHOWN = 10  # of the confusions, where they are too many for a matrix


def confusion(classes: NDArray[Any], y: NDArray[Any], predicted: NDArray[Any]) -> Int[Array, "C C"]:
    """How many examples with the label of the row are predicted to have that of the column.

    >>> confusion(np.array(["a", "b"]), np.array(["a", "a", "b"]), np.array(["a", "b", "b"])).tolist()
    [[1, 1], [0, 1]]
    """
    C = len(classes)
    pairs = np.searchsorted(classes, y) * C + np.searchsorted(classes, predicted)
    return np.bincount(pairs, minlength=C * C).reshape(C, C)


def report(classes: NDArray[Any], y: NDArray[Any], predicted: NDArray[Any]) -> str:
    """The confusion matrix with recall and precision, or of many classes the commonest confusions."""
    counts = confusion(classes, y, predicted)
    labels = [printable(str(label))[:WIDTH] for label in classes]
    return _matrix(labels, counts) if len(classes) <= MAX_CLASSES else _commonest(labels, counts)


def _matrix(labels: list[str], counts: Int[Array, "C C"]) -> str:
    width = max(len(f"{counts.max():,}"), *map(len, labels)) + 2
    lines = ["true label, and below each predicted label the number of examples:"]
    lines.append(" " * WIDTH + "".join(f"{label:>{width}}" for label in labels) + f"{'recall':>9}")
    for label, row, k in zip(labels, counts, range(len(labels)), strict=True):
        numbers = "".join(f"{count:>{width},}" for count in row)
        lines.append(f"{label:<{WIDTH}}{numbers}{_part(row[k], row.sum()):>9}")
    shares = (_part(counts[k, k], counts[:, k].sum()) for k in range(len(labels)))
    return "\n".join([*lines, f"{'precision':<{WIDTH}}" + "".join(f"{share:>{width}}" for share in shares)])


def _commonest(labels: list[str], counts: Int[Array, "C C"]) -> str:
    wrong = counts - np.diag(np.diag(counts))
    lines = ["the commonest confusions:"]
    for flat in np.argsort(-wrong, axis=None, kind="stable")[:SHOWN]:
        row, column = divmod(int(flat), len(labels))
        if wrong[row, column]:
            lines.append(f"  {labels[row]} taken for {labels[column]}: {wrong[row, column]:,} of {counts[row].sum():,}")
    return "\n".join(lines if len(lines) > 1 else ["no confusions"])


def _part(count: int, of: int) -> str:
    return f"{count / of:.3f}" if of else "-"
