"""The two-layer network as its formulas: ReLU, softmax, cross-entropy, L2. Examples are columns; nothing is mutated."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from netcode.parameters import Parameters
from netcode.shapes import Array, Float, Int


class Forward(NamedTuple):
    """What a forward pass computes, in its order: Z1 and Z2 are scores, A1 activations, P probabilities."""

    Z1: Float[Array, "h m"]
    A1: Float[Array, "h m"]
    Z2: Float[Array, "C m"]
    P: Float[Array, "C m"]


class Backward(NamedTuple):
    """What a backward pass computes, in its order: dV is the gradient of the loss with respect to V, in V's shape."""

    dZ2: Float[Array, "C m"]
    dW2: Float[Array, "C h"]
    db2: Float[Array, "C 1"]
    dA1: Float[Array, "h m"]
    dZ1: Float[Array, "h m"]
    dW1: Float[Array, "h n"]
    db1: Float[Array, "h 1"]

    @property
    def gradient(self) -> Parameters:
        """The part of it that training needs: dW1, db1, dW2, db2."""
        return Parameters(self.dW1, self.db1, self.dW2, self.db2)


def initialize(n: int, h: int, C: int, seed: int) -> Parameters:
    """Random weights of variance 2 / (number of inputs), which keep ReLU activations at one scale from layer to layer.

    The variance is that of He, Zhang, Ren and Sun, "Delving Deep into Rectifiers" (2015), equation 10. Biases are zero.
    """
    normal = np.random.default_rng(seed).standard_normal
    return Parameters(
        W1=normal((h, n)) * np.sqrt(2 / n),
        b1=np.zeros((h, 1)),
        W2=normal((C, h)) * np.sqrt(2 / h),
        b2=np.zeros((C, 1)),
    )


def one_hot(y: Int[Array, " m"], C: int) -> Float[Array, "C m"]:
    """Each example's class as a column that is 1 in the class's row and 0 elsewhere.

    Raises ValueError if a class is not one of 0, ..., C - 1.
    """
    for i in np.flatnonzero((y < 0) | (y >= C))[:1]:
        raise ValueError(f"class {y[i]} of example {i} is not one of 0 to {C - 1}")
    return (np.arange(C)[:, np.newaxis] == y).astype(np.float64)


@np.errstate(over="ignore")
def margin_to_max(Z: Float[Array, "C m"]) -> Float[Array, "C m"]:
    """How far each score is below the largest of its example: not negative, and finite for all finite scores."""
    return np.minimum(Z.max(axis=0) - Z, np.finfo(Z.dtype).max)


def softmax(Z: Float[Array, "C m"]) -> Float[Array, "C m"]:
    """The probabilities exp(Z) / sum exp(Z) of each column."""
    # A shift of all scores cancels in the quotient; this one leaves nothing for exp to overflow on.
    E = np.exp(-margin_to_max(Z))
    return E / E.sum(axis=0)


def cross_entropy(Z: Float[Array, "C m"], Y: Float[Array, "C m"]) -> Float[Array, " m"]:
    """-sum(Y log softmax(Z)) of each column, for columns of Y that are not negative and sum to 1."""
    # log sum exp Z - z_y = (max - z_y) + log(1 + sum over the classes other than the largest of exp(z - max)).
    # Neither term is negative, so nothing cancels: the loss is accurate relative to itself, however small it is.
    G = margin_to_max(Z)
    others = np.sort(G, axis=0)[1:]
    return (Y * G).sum(axis=0) + np.log1p(np.exp(-others).sum(axis=0))


def forward(X: Float[Array, "n m"], parameters: Parameters) -> Forward:
    """Scores, activations and probabilities of the examples X."""
    W1, b1, W2, b2 = parameters
    Z1 = W1 @ X + b1
    A1 = np.maximum(Z1, 0)
    Z2 = W2 @ A1 + b2
    P = softmax(Z2)
    return Forward(Z1, A1, Z2, P)


def loss(Z2: Float[Array, "C m"], Y: Float[Array, "C m"], parameters: Parameters, lam: float) -> float:
    """Mean cross-entropy of the scores Z2, plus the L2 penalty lam/2 (|W1|^2 + |W2|^2).

    It takes the scores, not the probabilities: a probability rounded to 0 or 1 has lost its logarithm.
    """
    _, m = Z2.shape
    W1, _, W2, _ = parameters
    return math.fsum(cross_entropy(Z2, Y) / m) + lam / 2 * float(np.sum(W1**2) + np.sum(W2**2))


def backward(
    X: Float[Array, "n m"], Y: Float[Array, "C m"], parameters: Parameters, forward: Forward, lam: float
) -> Backward:
    """The gradients of the loss, from the scores back to the first layer. `forward` is what X gave at `parameters`."""
    _, m = X.shape
    W1, _, W2, _ = parameters
    Z1, A1, _, P = forward
    dZ2 = (P - Y) / m
    dW2 = dZ2 @ A1.T + lam * W2
    db2 = dZ2.sum(axis=1, keepdims=True)
    dA1 = W2.T @ dZ2
    dZ1 = dA1 * (Z1 > 0)  # ReLU'(0) = 0, by convention
    dW1 = dZ1 @ X.T + lam * W1
    db1 = dZ1.sum(axis=1, keepdims=True)
    return Backward(dZ2, dW2, db2, dA1, dZ1, dW1, db1)


def update(parameters: Parameters, gradients: Backward, learning_rate: float) -> Parameters:
    """One step of gradient descent: each parameter minus the learning rate times its gradient."""
    W1, b1, W2, b2 = parameters
    return Parameters(
        W1=W1 - learning_rate * gradients.dW1,
        b1=b1 - learning_rate * gradients.db1,
        W2=W2 - learning_rate * gradients.dW2,
        b2=b2 - learning_rate * gradients.db2,
    )
