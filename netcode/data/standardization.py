"""Bringing features to one scale, without which gradient descent is slow or diverges."""

from __future__ import annotations

import numpy as np

from netcode.shapes import Array, Float


def standardization(X: Float[Array, "m n"]) -> tuple[Float[Array, " n"], Float[Array, " n"]]:
    """The mean and the scale of each feature, such that (X - mean) / scale has mean 0 and standard deviation 1.

    A feature that never varies has the scale 1.
    """
    peak = np.abs(X).max(axis=0)
    peak[peak == 0] = 1
    unit = X / peak  # squares of this overflow for no X
    scale = unit.std(axis=0) * peak
    return unit.mean(axis=0) * peak, np.where(X.max(axis=0) > X.min(axis=0), scale, 1.0)
