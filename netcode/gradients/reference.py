"""The loss and its gradient to 50 digits, number by number: what the others are measured against. Slow, for tests.

Independent of `netcode.network`: no array operation is shared, and nothing is shifted or rearranged to save digits,
since there are digits enough. It uses mpmath, which comes with SymPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath
import numpy as np

from netcode.network import Parameters
from netcode.shapes import Array, Float

DIGITS = 50

Number = Any  # an mpmath.mpf
Vector = list[Number]
Matrix = list[Vector]


def reference_loss(X: Float[Array, "n m"], Y: Float[Array, "C m"], parameters: Parameters, lam: float) -> Number:
    """The loss, as an mpmath number."""
    with mpmath.workdps(DIGITS):
        W1, b1, W2, b2 = _exact(parameters)
        examples = list(zip(_columns(X), _columns(Y), strict=True))
        total = mpmath.mpf(0)
        for x, y in examples:
            a = [max(z, mpmath.mpf(0)) for z in _affine(W1, x, b1)]
            p = _softmax(_affine(W2, a, b2))
            total -= mpmath.fsum(y_c * mpmath.log(p_c) for y_c, p_c in zip(y, p, strict=True))
        squares = mpmath.fsum(w**2 for row in [*W1, *W2] for w in row)
        return total / len(examples) + mpmath.mpf(lam) / 2 * squares


def reference_gradient(
    X: Float[Array, "n m"], Y: Float[Array, "C m"], parameters: Parameters, lam: float
) -> dict[str, Matrix]:
    """The gradient as mpmath numbers: dW1 (h, n), db1 (h, 1), dW2 (C, h), db2 (C, 1), each a list of rows.

    The chain rule for one example at a time. A unit with a preactivation of 0 passes nothing on.
    """
    with mpmath.workdps(DIGITS):
        W1, b1, W2, b2 = _exact(parameters)
        lam, m = mpmath.mpf(lam), X.shape[1]
        dW1, dW2 = ([[lam * w for w in row] for row in W] for W in (W1, W2))
        db1, db2 = ([[mpmath.mpf(0)] for _ in W] for W in (W1, W2))
        for x, y in zip(_columns(X), _columns(Y), strict=True):
            z1 = _affine(W1, x, b1)
            a1 = [max(z, mpmath.mpf(0)) for z in z1]
            p = _softmax(_affine(W2, a1, b2))
            dz2 = [(p_c - y_c) / m for p_c, y_c in zip(p, y, strict=True)]
            _add_outer(dW2, dz2, a1)
            _add_outer(db2, dz2, [mpmath.mpf(1)])
            dz1 = [
                mpmath.fsum(W2[c][j] * dz2[c] for c in range(len(W2))) if z1[j] > 0 else mpmath.mpf(0)
                for j in range(len(W1))
            ]
            _add_outer(dW1, dz1, x)
            _add_outer(db1, dz1, [mpmath.mpf(1)])
        return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


def errors(array: Float[Array, "rows columns"], reference: Matrix) -> Float[Array, "rows columns"]:
    """|array - reference| for each entry, the difference taken with 50 digits and then rounded.

    Raises ValueError if the shapes differ.
    """
    shape = (len(reference), len(reference[0]))
    if array.shape != shape:
        raise ValueError(f"an array of shape {array.shape} is compared with a reference of shape {shape}")
    with mpmath.workdps(DIGITS):
        differences = [
            [float(abs(mpmath.mpf(float(given)) - exact)) for given, exact in zip(*rows, strict=True)]
            for rows in zip(array, reference, strict=True)
        ]
    return np.array(differences)


def _exact(parameters: Parameters) -> tuple[Matrix, Vector, Matrix, Vector]:
    W1, b1, W2, b2 = ([[mpmath.mpf(float(v)) for v in row] for row in parameter] for parameter in parameters)
    return W1, [row[0] for row in b1], W2, [row[0] for row in b2]


def _columns(A: Float[Array, "rows columns"]) -> list[Vector]:
    return [[mpmath.mpf(float(v)) for v in column] for column in A.T]


def _affine(W: Matrix, x: Vector, b: Vector) -> Vector:
    return [mpmath.fdot(row, x) + b_j for row, b_j in zip(W, b, strict=True)]


def _softmax(z: Vector) -> Vector:
    powers = [mpmath.exp(z_c) for z_c in z]
    total = mpmath.fsum(powers)
    return [power / total for power in powers]


def _add_outer(target: Matrix, left: Sequence[Number], right: Sequence[Number]) -> None:
    for row, factor in zip(target, left, strict=True):
        for k, other in enumerate(right):
            row[k] += factor * other
