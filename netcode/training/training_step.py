"""The training step of `netcode.network` once more, for speed: the same formulas in place, in blocks of columns.

Read `netcode.network` first; the tests hold the two equal. What makes this one fast: nothing is allocated after the
first call, a block's activations stay in the cache, and sums and maxima run over contiguous memory.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from netcode.parameters import Parameters
from netcode.shapes import Array, Bool, Float

# Columns in a block, as measured: few keep its activations in a core's cache. But each block also costs a pass over the
# weights and their gradients: where these are many, more columns pay.
BLOCK = 464
BLOCK_OF_MANY_WEIGHTS = 1536
MANY_WEIGHTS = 30_000
CHUNK = 32768  # weights updated at a time, few enough for the cache


class TrainingStep:
    """Gradient descent's update, to be called again and again: each call moves the parameters by one step.

    It works on a copy of the parameters it is given, and computes in their dtype. A call that is interrupted leaves
    the parameters of the last complete step.
    """

    def __init__(self, parameters: Parameters, learning_rate: float, lam: float, block: int | None = None) -> None:
        """Prepare steps of the given learning rate and L2 strength, computing at most `block` columns at a time.

        Without a `block`, it is chosen by the number of weights.
        """
        self.learning_rate = learning_rate
        self.lam = lam
        self.block = block or (BLOCK if parameters.W1.size < MANY_WEIGHTS else BLOCK_OF_MANY_WEIGHTS)
        # The parameters, and an array for their gradients, in which the next parameters then come to be.
        self._buffers = _Packed.copy_of(parameters), _Packed.copy_of(parameters)
        self._block_gradient = _Packed.copy_of(parameters)
        self._chunk = np.empty(min(CHUNK, self._block_gradient.weights.size), parameters.W1.dtype)
        self._workspaces: dict[int, _Workspace] = {}

    @property
    def parameters(self) -> Parameters:
        """The parameters after the last complete step, as a copy."""
        now, _ = self._buffers
        return Parameters(now.W1.copy(), now.b1.copy(), now.W2.copy(), now.b2.copy())

    def __call__(self, X: Float[Array, "n m"], Y: Float[Array, "C m"], with_loss: bool = False) -> float | None:
        """Move the parameters one step down the gradient of the loss of the examples X with targets Y.

        Returns the loss before the step if `with_loss`. It is accurate to the dtype's epsilon; `network.loss` is
        accurate even relative to a loss that is smaller than that.
        """
        now, gradient = self._buffers
        _, m = X.shape
        cross_entropy = 0.0
        with np.errstate(over="ignore", invalid="ignore"):  # if training diverges, the loss tells
            for start in range(0, m, self.block):
                columns = slice(start, start + self.block)
                part = self._block_gradient if start else gradient
                cross_entropy += self._scaled_gradient(X[:, columns], Y[:, columns], m, part, with_loss)
                if start:
                    np.add(gradient.all, part.all, out=gradient.all)
            loss = cross_entropy / m + self.lam / 2 * float(np.vdot(now.weights, now.weights)) if with_loss else None
            self._subtract(now, gradient)
        self._buffers = gradient, now  # at once: whenever an interrupt comes, the first is complete
        return loss

    def _scaled_gradient(
        self, X: Float[Array, "n k"], Y: Float[Array, "C k"], m: int, out: _Packed, with_loss: bool
    ) -> float:
        """Write learning_rate * (gradient of a block's share in the mean cross-entropy of m examples) to `out`.

        Returns the sum of the block's cross-entropies if `with_loss`, else 0.
        """
        now, _ = self._buffers
        A1, Z2, dZ1, active, row, ones = self._workspace(X.shape[1])
        np.matmul(now.W1, X, out=A1)
        np.add(A1, now.b1, out=A1)
        np.maximum(A1, 0, out=A1)
        np.greater(A1, 0, out=active)
        np.matmul(now.W2, A1, out=Z2)
        np.add(Z2, now.b2, out=Z2)
        np.maximum.reduce(Z2, axis=0, out=row)
        np.subtract(Z2, row, out=Z2)
        cross_entropy = -float(np.vdot(Y, Z2)) if with_loss else 0.0
        P = np.exp(Z2, out=Z2)
        np.add.reduce(P, axis=0, out=row)
        np.divide(P, row, out=P)
        if with_loss:
            cross_entropy += float(np.log(row, out=row).sum())
        dZ2 = np.subtract(P, Y, out=P)
        # Scaled here, where there is least to multiply, all gradients come out as what the update subtracts.
        np.multiply(dZ2, self.learning_rate / m, out=dZ2)
        np.matmul(dZ2, A1.T, out=out.W2)
        np.matmul(dZ2, ones, out=out.b2)  # as a product, a sum over the examples is faster
        np.matmul(now.W2.T, dZ2, out=dZ1)
        np.multiply(dZ1, active, out=dZ1)
        np.matmul(dZ1, ones, out=out.b1)
        np.matmul(dZ1, X.T, out=out.W1)
        return cross_entropy

    def _subtract(self, now: _Packed, gradient: _Packed) -> None:
        """Turn the scaled gradient into the next parameters: W - learning_rate (dW + lam W), b - learning_rate db."""
        decay = 1 - self.learning_rate * self.lam
        for start in range(0, now.weights.size, self._chunk.size):
            step = gradient.weights[start : start + self._chunk.size]
            decayed = np.multiply(now.weights[start : start + self._chunk.size], decay, out=self._chunk[: step.size])
            np.subtract(decayed, step, out=step)
        np.subtract(now.biases, gradient.biases, out=gradient.biases)

    def _workspace(self, columns: int) -> _Workspace:
        if columns not in self._workspaces:
            W2 = self._buffers[0].W2
            C, h = W2.shape
            if columns > max(self._workspaces, default=0):
                self._workspaces = {}  # they lie in the memory that is too small now
                numbers, flags = np.empty((2 * h + C + 1) * columns, W2.dtype), np.empty(h * columns, bool)
                self._memory = numbers, flags, np.ones((columns, 1), W2.dtype)
            self._workspaces[columns] = _Workspace.within(*self._memory, C, h, columns)
        return self._workspaces[columns]


class _Packed(NamedTuple):
    """Parameters side by side in one array, the weights before the biases, so that one operation reaches all."""

    all: Float[Array, " size"]
    weights: Float[Array, " size_of_weights"]
    biases: Float[Array, " size_of_biases"]
    W1: Float[Array, "h n"]
    b1: Float[Array, "h 1"]
    W2: Float[Array, "C h"]
    b2: Float[Array, "C 1"]

    @classmethod
    def copy_of(cls, parameters: Parameters) -> _Packed:
        W1, b1, W2, b2 = parameters
        packed = np.concatenate([W1, W2, b1, b2], axis=None)
        weights, biases = np.split(packed, [W1.size + W2.size])
        return cls(
            packed,
            weights,
            biases,
            W1=weights[: W1.size].reshape(W1.shape),
            b1=biases[: b1.size].reshape(b1.shape),
            W2=weights[W1.size :].reshape(W2.shape),
            b2=biases[b1.size :].reshape(b2.shape),
        )


class _Workspace(NamedTuple):
    """The arrays that a block of k columns needs; each is used for several quantities, one after the other."""

    A1: Float[Array, "h k"]
    Z2: Float[Array, "C k"]
    dZ1: Float[Array, "h k"]
    active: Bool[Array, "h k"]
    row: Float[Array, " k"]
    ones: Float[Array, "k 1"]

    @classmethod
    def within(
        cls,
        numbers: Float[Array, " numbers"],
        flags: Bool[Array, " flags"],
        ones: Float[Array, "columns 1"],
        C: int,
        h: int,
        k: int,
    ) -> _Workspace:
        """Arrays for k columns at the start of the given memory, so that blocks of all sizes share it."""
        A1, dZ1, Z2, row, _ = np.split(numbers, np.cumsum([h * k, h * k, C * k, k]))
        return cls(
            A1=A1.reshape(h, k),
            Z2=Z2.reshape(C, k),
            dZ1=dZ1.reshape(h, k),
            active=flags[: h * k].reshape(h, k),
            row=row,
            ones=ones[:k],
        )
