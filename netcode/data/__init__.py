"""Data to train on: the spiral, the handwritten digits, or a file of the user's own.

Examples are rows, as everywhere in Python; the network takes their transpose.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcode.data.tables import Table, read_csv, read_npz
from netcode.errors import InputError, optional_dependency
from netcode.shapes import Array, Float

__all__ = ["NAMES", "digits", "load", "read_csv", "read_npz", "spiral", "standardization"]

NAMES = ("spiral", "digits")


def spiral(
    points_per_class: int = 100, classes: int = 3, noise: float = 0.2, seed: int = 0
) -> tuple[Float[Array, "m n"], NDArray[np.int64]]:
    """The spiral of the CS231n course (Stanford, "Minimal neural network case study"): an arm for each class.

    Along arm j the radius r grows from 0 to 1 and the angle t from 4j to 4(j+1) radians, plus normal noise of standard
    deviation `noise`; a point is (r sin t, r cos t). All arms start at the origin exactly, whatever the noise.

    Returns X (classes * points_per_class, 2) and y (classes * points_per_class,), class after class.
    Raises InputError if there are no points, no classes, or the noise is negative or not finite.
    """
    if points_per_class < 1 or classes < 1 or not 0 <= noise < np.inf:
        raise InputError(
            f"a spiral of {points_per_class} points a class, {classes} classes and noise {noise}; "
            "expected at least 1, at least 1, and a finite number from 0"
        )
    y = np.repeat(np.arange(classes), points_per_class)
    r = np.tile(np.linspace(0, 1, points_per_class), classes)
    t = np.linspace(4 * np.arange(classes), 4 * np.arange(1, classes + 1), points_per_class, axis=1).ravel()
    t += noise * np.random.default_rng(seed).standard_normal(t.size)
    return np.column_stack((r * np.sin(t), r * np.cos(t))), y


def digits() -> tuple[Float[Array, "m n"], NDArray[np.int64]]:
    """The handwritten digits that scikit-learn ships (Alpaydin and Kaynak, UCI 1998): 8 x 8 pixels, row by row.

    Returns X (1797, 64), the ink from 0 to 1 (16 steps), and y (1797,), the digit.
    Raises MissingExtraError without scikit-learn.
    """
    with optional_dependency("digits", "the handwritten digits"):
        from sklearn.datasets import load_digits
    X, y = load_digits(return_X_y=True)
    return X / 16, y


def load(source: str) -> tuple[Float[Array, "m n"], NDArray[Any]]:
    """Labelled examples of at least two classes: `source` is "spiral", "digits", or the path of a CSV or NPZ file.

    Returns X (m, n) and y (m,). Raises InputError if something doesn't fit, OSError if a file can't be opened.
    """
    X, y = _load(source, features=None)
    assert y is not None  # without a number of features, a table always has labels
    if (y == y[0]).all():
        raise InputError(f"{source}: all {len(y)} examples have the label {y[0]}; expected at least two classes")
    return X, y


def load_features(source: str, features: int) -> Table:
    """Examples with so many `features` to predict the labels of; a file need not have labels.

    Raises InputError if something doesn't fit, OSError if a file can't be opened.
    """
    table = _load(source, features)
    if table.X.shape[1] != features:
        raise InputError(f"{source}: {table.X.shape[1]} features; expected {features}")
    return table


def standardization(X: Float[Array, "m n"]) -> tuple[Float[Array, " n"], Float[Array, " n"]]:
    """The mean and the scale of each feature, such that (X - mean) / scale has mean 0 and standard deviation 1.

    A feature that never varies has the scale 1.
    """
    peak = np.abs(X).max(axis=0)
    peak[peak == 0] = 1
    unit = X / peak  # squares of this overflow for no X
    scale = unit.std(axis=0) * peak
    return unit.mean(axis=0) * peak, np.where(X.max(axis=0) > X.min(axis=0), scale, 1.0)


def _load(source: str, features: int | None) -> Table:
    if source in NAMES:
        return Table(*(spiral() if source == "spiral" else digits()))
    path = Path(source)
    if not path.exists():
        raise InputError(f"{source}: no such file (expected a CSV or NPZ file, or {' or '.join(NAMES)})")
    return (read_npz if path.suffix.lower() == ".npz" else read_csv)(path, features)
