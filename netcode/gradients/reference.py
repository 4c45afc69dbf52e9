"""The loss and its gradient to 50 digits, number by number: what the others are measured against. Slow, for tests.

Independent of `netcode.network` and `netcode.deep_network`: no array operation is shared, and nothing is shifted or
rearranged to save digits, since there are digits enough. It uses mpmath, which comes with SymPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath
import numpy as np

from netcode.parameters import Parameters
from netcode.shapes import Array, Float

DIGITS = 50

Number = Any  # an mpmath.mpf
Vector = list[Number]
Matrix = list[Vector]


def reference_loss(X: Float[Array, "n m"], Y: Float[Array, "C m"], parameters: Parameters, lam: float) -> Number:
    """The loss, as an mpmath number."""
    with mpmath.workdps(DIGITS):
        layers = _exact(parameters)
        examples = list(zip(_columns(X), _columns(Y), strict=True))
        total = mpmath.mpf(0)
        for x, y in examples:
            _, scores = _pass(layers, x)
            total -= mpmath.fsum(y_c * mpmath.log(p_c) for y_c, p_c in zip(y, _softmax(scores), strict=True))
        squares = mpmath.fsum(w**2 for W, _ in layers for row in W for w in row)
        return total / len(examples) + mpmath.mpf(lam) / 2 * squares


def reference_gradient(
    X: Float[Array, "n m"], Y: Float[Array, "C m"], parameters: Parameters, lam: float
) -> dict[str, Matrix]:
    """The gradient as mpmath numbers: dW1 (h, n), db1 (h, 1), dW2 (C, h), ..., each a list of rows.

    The chain rule for one example at a time. A unit with a preactivation of 0 passes nothing on.
    """
    with mpmath.workdps(DIGITS):
        layers = _exact(parameters)
        m = X.shape[1]
        dW = [[[mpmath.mpf(lam) * w for w in row] for row in W] for W, _ in layers]
        db = [[[mpmath.mpf(0)] for _ in W] for W, _ in layers]
        for x, y in zip(_columns(X), _columns(Y), strict=True):
            inputs, scores = _pass(layers, x)
            dz = [(p_c - y_c) / m for p_c, y_c in zip(_softmax(scores), y, strict=True)]
            for l in reversed(range(len(layers))):
                W, _ = layers[l]
                _add_outer(dW[l], dz, inputs[l])
                _add_outer(db[l], dz, [mpmath.mpf(1)])
                dz = [
                    mpmath.fsum(W[j][k] * dz[j] for j in range(len(W))) if a > 0 else mpmath.mpf(0)
                    for k, a in enumerate(inputs[l])
                ]
        return {
            f"d{name}": rows for l in range(len(layers)) for name, rows in ((f"W{l + 1}", dW[l]), (f"b{l + 1}", db[l]))
        }


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


def _exact(parameters: Parameters) -> list[tuple[Matrix, Vector]]:
    arrays = [[[mpmath.mpf(float(v)) for v in row] for row in array] for array in parameters]
    return [(W, [row[0] for row in b]) for W, b in zip(arrays[::2], arrays[1::2], strict=True)]


def _pass(layers: list[tuple[Matrix, Vector]], x: Vector) -> tuple[list[Vector], Vector]:
    """What each layer gets, and the scores of the last."""
    inputs = [x]
    for W, b in layers[:-1]:
        inputs.append([max(z, mpmath.mpf(0)) for z in _affine(W, inputs[-1], b)])
    return inputs, _affine(layers[-1][0], inputs[-1], layers[-1][1])


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
