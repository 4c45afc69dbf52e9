"""Backward passes as readers write them, right but for what a test changes: in every layout, and in other orders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from netcode.diagnosis.architecture import Point
from netcode.diagnosis.layout import Layout
from netcode.mistakes.mistake import GRADIENTS, backward_with
from netcode.network import forward
from netcode.parameters import Parameters
from netcode.shapes import Array

Reader = Callable[..., Any]


def in_layout(layout: Layout, *lines: str) -> Reader:
    """A function of the arrays in this layout, with these wrong lines in it, that computes its own forward pass."""
    backward = backward_with(*lines)

    def my_backward(X: Array, Y: Array, W1: Array, b1: Array, W2: Array, b2: Array, lam: float) -> dict[str, Array]:
        if layout.rows:
            X, Y = X.T, Y.T
        if layout.weights == "in out":
            W1, W2 = W1.T, W2.T
        if layout.biases == "row":
            b1, b2 = b1.T, b2.T
        elif layout.biases == "flat":
            b1, b2 = b1.reshape(-1, 1), b2.reshape(-1, 1)
        _check(X, Y, W1, b1, W2, b2)
        parameters = Parameters(W1, b1, W2, b2)
        computed = backward(X, Y, parameters, forward(X, parameters), lam)
        gradients = {name: getattr(computed, name) for name in GRADIENTS}
        for name, gradient in gradients.items():
            if name.startswith("dW") and layout.weights == "in out":
                gradients[name] = gradient.T
            if name.startswith("db"):
                turned = layout.biases == "row" or (layout.biases == "flat" and layout.rows)
                gradient = gradient.T if turned else gradient
                gradients[name] = gradient.ravel() if layout.biases == "flat" and 1 in gradient.shape else gradient
        return gradients

    return my_backward


def _check(X: Array, Y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> None:
    """As a program would fail whose arrays lie in another way."""
    h, C = len(W1), len(W2)
    if (W1.shape[1], W2.shape[1], len(Y), b1.shape, b2.shape) != (len(X), h, C, (h, 1), (C, 1)):
        raise ValueError("operands could not be broadcast together")


def by_loops(point: Point) -> dict[str, Array]:
    """The gradients example by example, each term added to a sum that is divided at the end."""
    (W1, b1, W2, b2), (_, m) = point.parameters.values(), point.X.shape
    sums = [np.zeros(array.shape) for array in (W1, b1, W2, b2)]
    for i in reversed(range(m)):
        x, y = point.X[:, i], point.Y[:, i]
        z = b1[:, 0].copy()
        for u in range(len(x)):
            z += W1[:, u] * x[u]
        a = np.where(z > 0, z, 0)
        s = W2 @ a + b2[:, 0]
        e = np.exp(s - s.max())
        d = e / e.sum() - y
        back = (W2 * d[:, np.newaxis]).sum(axis=0) * (z > 0)
        for total, term in zip(sums, (np.outer(back, x), back, np.outer(d, a), d), strict=True):
            total += term.reshape(total.shape)
    dW1, db1, dW2, db2 = (total / m for total in sums)
    return dict(zip(GRADIENTS, (dW1 + point.lam * W1, db1, dW2 + point.lam * W2, db2), strict=True))


def by_einsum(point: Point) -> dict[str, Array]:
    """The gradients with every product as a sum over named indices, and 1/m at its end."""
    (W1, b1, W2, b2), (_, m) = point.parameters.values(), point.X.shape
    Z1, A1, _, P = forward(point.X, Parameters(W1, b1, W2, b2))
    dZ2 = P - point.Y
    dZ1 = np.einsum("cv,ci,vi->vi", W2, dZ2, (Z1 > 0).astype(float))
    return {
        "dW1": np.einsum("vi,ui->vu", dZ1, point.X) / m + point.lam * W1,
        "db1": np.einsum("vi->v", dZ1)[:, np.newaxis] / m,
        "dW2": np.einsum("ci,vi->cv", dZ2, A1) / m + point.lam * W2,
        "db2": np.einsum("ci->c", dZ2)[:, np.newaxis] / m,
    }
