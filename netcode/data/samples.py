"""Data that need no file: points in the plane, and the handwritten digits that scikit-learn ships."""

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
    y = _labels("a spiral", points_per_class, classes, noise)
    r = np.tile(np.linspace(0, 1, points_per_class), classes)
    t = np.linspace(4 * np.arange(classes), 4 * np.arange(1, classes + 1), points_per_class, axis=1).ravel()
    t += noise * np.random.default_rng(seed).standard_normal(t.size)
    return np.column_stack((r * np.sin(t), r * np.cos(t))), y


def rings(
    points_per_class: int = 100, classes: int = 3, noise: float = 0.2, seed: int = 0
) -> tuple[Float[Array, "m n"], NDArray[np.int64]]:
    """Rings around the origin, one for each class: class k has the radius (k + 1) / classes, and its points any angle.

    Each coordinate gets normal noise of standard deviation `noise` / 2.

    Returns X (classes * points_per_class, 2) and y (classes * points_per_class,), class after class.
    Raises InputError if there are no points, no classes, or the noise is negative or not finite.

    >>> X, y = rings(points_per_class=50, classes=2, noise=0.0)
    >>> np.unique(np.linalg.norm(X[y == 0], axis=1).round(6))
    array([0.5])
    """
    y = _labels("rings", points_per_class, classes, noise)
    random = np.random.default_rng(seed)
    radius, angle = (y + 1) / classes, random.uniform(0, 2 * np.pi, y.size)
    return _blurred(radius * np.sin(angle), radius * np.cos(angle), noise, random), y


def moons(
    points_per_class: int = 100, classes: int = 2, noise: float = 0.2, seed: int = 0
) -> tuple[Float[Array, "m n"], NDArray[np.int64]]:
    """Half circles that reach into one another, like the links of a chain: open below and open above in turn.

    Along each the angle grows in equal steps. All of them together are as wide as the plane from -1 to 1. Each
    coordinate gets normal noise of standard deviation `noise` / 2.

    Returns X (classes * points_per_class, 2) and y (classes * points_per_class,), class after class.
    Raises InputError if there are no points, no classes, or the noise is negative or not finite.

    >>> X, y = moons(points_per_class=50, noise=0.0)
    >>> X.min(axis=0).round(2), X.max(axis=0).round(2)
    (array([-1. , -0.5]), array([1. , 0.5]))
    """
    y = _labels("moons", points_per_class, classes, noise)
    angle = np.tile(np.linspace(0, np.pi, points_per_class), classes)
    above = 1 - 2 * (y % 2)  # 1 for half circles that are open below, -1 for the others
    scale = 2 / (classes + 1)  # of the radius, 1, and of the distance between two centres, 1
    across, up = y - (classes - 1) / 2 - np.cos(angle), above * (np.sin(angle) - 0.25)
    return _blurred(scale * across, scale * up, noise, np.random.default_rng(seed)), y


def clusters(
    points_per_class: int = 100, classes: int = 3, noise: float = 0.2, seed: int = 0
) -> tuple[Float[Array, "m n"], NDArray[np.int64]]:
    """Clusters whose centres lie on a circle of radius 0.7, class 0 at its top: normal, with deviation `noise` / 2.

    Returns X (classes * points_per_class, 2) and y (classes * points_per_class,), class after class.
    Raises InputError if there are no points, no classes, or the noise is negative or not finite.

    >>> X, y = clusters(points_per_class=1, classes=2, noise=0.0)
    >>> X.round(6) + 0
    array([[ 0. ,  0.7],
           [ 0. , -0.7]])
    """
    y = _labels("clusters", points_per_class, classes, noise)
    angle = 2 * np.pi * y / classes
    return _blurred(0.7 * np.sin(angle), 0.7 * np.cos(angle), noise, np.random.default_rng(seed)), y


def digits() -> tuple[Float[Array, "m n"], NDArray[np.int64]]:
    """The handwritten digits that scikit-learn ships (Alpaydin and Kaynak, UCI 1998): 8 x 8 pixels, row by row.

    Returns X (1797, 64), the ink from 0 to 1 (16 steps), and y (1797,), the digit.
    Raises MissingExtraError without scikit-learn.
    """
    with optional_dependency("digits", "the handwritten digits"):
        from sklearn.datasets import load_digits
    X, y = load_digits(return_X_y=True)
    return X / 16, y


def _labels(what: str, points_per_class: int, classes: int, noise: float) -> NDArray[np.int64]:
    """The class of each point, class after class, if such data can be made."""
    if points_per_class < 1 or classes < 1 or not 0 <= noise < np.inf:
        raise InputError(
            f"{what} of {points_per_class} points a class, {classes} classes and noise {noise}; "
            "expected at least 1, at least 1, and a finite number from 0"
        )
    return np.repeat(np.arange(classes), points_per_class)


def _blurred(
    across: Float[Array, " m"], up: Float[Array, " m"], noise: float, random: np.random.Generator
) -> Float[Array, "m n"]:
    X = np.column_stack((across, up))
    return X + noise / 2 * random.standard_normal(X.shape)
