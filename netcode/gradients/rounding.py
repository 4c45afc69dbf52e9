"""How large rounding errors may be: each formula with the absolute value of every term in the place of the term.

The rounding error of a sum is a few epsilon of the sum of its terms' absolute values, however much the terms cancel.
"""

from __future__ import annotations

import numpy as np

from netcode.deep_network import forward
from netcode.parameters import Parameters
from netcode.shapes import Array, Float

EPSILON = float(np.finfo(np.float64).eps)


def rounding_scale(X: Float[Array, "n m"], Y: Float[Array, "C m"], parameters: Parameters, lam: float) -> Parameters:
    """For each entry of the gradient, its formula with every term's absolute value: the S of "8 eps S"."""
    _, m = X.shape
    Z, _, P = forward(X, parameters)
    W, b, L = parameters.W, parameters.b, parameters.depth
    A = {0: np.abs(X)}
    for l in range(1, L):
        A[l] = (np.abs(W[l]) @ A[l - 1] + np.abs(b[l])) * (Z[l] > 0)
    scales: list[Array] = []
    dZ = (P + Y) / m
    for l in range(L, 0, -1):
        scales = [dZ @ A[l - 1].T + lam * np.abs(W[l]), dZ.sum(axis=1, keepdims=True), *scales]
        if l > 1:
            dZ = (np.abs(W[l]).T @ dZ) * (Z[l - 1] > 0)
    return Parameters(*scales)


def rounding_scale_of_scores(X: Float[Array, "n m"], parameters: Parameters) -> float:
    """The largest score if all its terms had their absolute values, those of units that are not active too."""
    A = np.abs(X)
    for l, W in parameters.W.items():
        A = np.abs(W) @ A + np.abs(parameters.b[l])
    return float(A.max())
