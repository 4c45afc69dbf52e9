"""Data that need no file: the spiral, and the handwritten digits that scikit-learn ships."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netcode.errors import InputError, optional_dependency
from netcode.shapes import Array, Float

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
