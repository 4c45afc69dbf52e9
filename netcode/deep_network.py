"""The network with any number of layers, as its formulas: those of `netcode.network` with an index l.

    Z[l] = W[l] A[l-1] + b[l],  A[l] = ReLU(Z[l]),  A[0] = X,  P = softmax(Z[L])

With L = 2 it is that network, operation by operation; with L = 1 it is softmax regression. Read that one first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from netcode.network import cross_entropy, softmax
from netcode.parameters import Parameters
from netcode.shapes import Array, Float


class Forward(NamedTuple):
    """What a forward pass computes: scores Z[1] to Z[L], activations A[1] to A[L-1], probabilities P."""

    Z: dict[int, Float[Array, "_ m"]]
    A: dict[int, Float[Array, "_ m"]]
    P: Float[Array, "C m"]


class Backward(NamedTuple):
    """What a backward pass computes: dV[l] is the gradient of the loss with respect to V[l], in its shape."""

    dZ: dict[int, Float[Array, "_ m"]]
    dW: dict[int, Float[Array, "_ _"]]
    db: dict[int, Float[Array, "_ 1"]]
    dA: dict[int, Float[Array, "_ m"]]

    @property
    def gradient(self) -> Parameters:
        """The part of it that training needs: dW[1], db[1], ..., dW[L], db[L]."""
        return Parameters(*(array for l in sorted(self.dW) for array in (self.dW[l], self.db[l])))


def initialize(sizes: Iterable[int], seed: int) -> Parameters:
    """Random weights for layers of the given sizes: features, hidden units of each layer, classes.

    Their variance is 2 / (number of inputs), as in `netcode.network.initialize`; biases are zero.

    >>> [W.shape for W in initialize((2, 64, 32, 3), seed=0).W.values()]
    [(64, 2), (32, 64), (3, 32)]
    """
    normal = np.random.default_rng(seed).standard_normal
    layers = [
        (normal((outputs, inputs)) * np.sqrt(2 / inputs), np.zeros((outputs, 1))) for inputs, outputs in pairwise(sizes)
    ]
    return Parameters(*(array for layer in layers for array in layer))


def forward(X: Float[Array, "n m"], parameters: Parameters) -> Forward:
    """Scores, activations and probabilities of the examples X."""
    W, b, L = parameters.W, parameters.b, parameters.depth
    Z, A = {}, {0: X}
    for l in range(1, L):
        Z[l] = W[l] @ A[l - 1] + b[l]
        A[l] = np.maximum(Z[l], 0)
    Z[L] = W[L] @ A[L - 1] + b[L]
    P = softmax(Z[L])
    del A[0]
    return Forward(Z, A, P)


def loss(scores: Float[Array, "C m"], Y: Float[Array, "C m"], parameters: Parameters, lam: float) -> float:
    """Mean cross-entropy of the scores Z[L], plus the L2 penalty lam/2 (|W[1]|^2 + ... + |W[L]|^2)."""
    _, m = scores.shape
    squares = sum(float(np.sum(W**2)) for W in parameters.W.values())
    return math.fsum(cross_entropy(scores, Y) / m) + lam / 2 * squares


def backward(
    X: Float[Array, "n m"], Y: Float[Array, "C m"], parameters: Parameters, forward: Forward, lam: float
) -> Backward:
    """The gradients of the loss, from the scores back to the first layer. `forward` is what X gave at `parameters`."""
    _, m = X.shape
    W, L = parameters.W, parameters.depth
    Z, A, P = forward.Z, {0: X, **forward.A}, forward.P
    dW, db, dA = {}, {}, {}
    dZ = {L: (P - Y) / m}
    for l in range(L, 0, -1):
        dW[l] = dZ[l] @ A[l - 1].T + lam * W[l]
        db[l] = dZ[l].sum(axis=1, keepdims=True)
        if l > 1:
            dA[l - 1] = W[l].T @ dZ[l]
            dZ[l - 1] = dA[l - 1] * (Z[l - 1] > 0)  # ReLU'(0) = 0, by convention
    return Backward(dZ, dW, db, dA)


def update(parameters: Parameters, gradient: Parameters, learning_rate: float) -> Parameters:
    """One step of gradient descent: each parameter minus the learning rate times its gradient."""
    return parameters.viewing(parameters.flat - learning_rate * gradient.flat)
