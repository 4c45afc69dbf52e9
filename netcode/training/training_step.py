"""A step of gradient descent, made again and again in the same memory: the fast twin of `deep_network.update`."""

from __future__ import annotations

import numpy as np

from netcode.parameters import Parameters
from netcode.shapes import Array, Float
from netcode.training.cross_entropy_gradient import CrossEntropyGradient

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
        # The parameters, and memory for their gradient, in which the next parameters then come to be.
        self._now, self._next = Parameters(*parameters), Parameters(*parameters)
        self._gradient = CrossEntropyGradient(parameters, block)
        self._chunk = np.empty(min(CHUNK, parameters.weights.size), parameters.flat.dtype)

    @property
    def block(self) -> int:
        """How many columns are computed at a time, at most."""
        return self._gradient.block

    @property
    def parameters(self) -> Parameters:
        """The parameters after the last complete step, as a copy."""
        return Parameters(*self._now)

    def __call__(
        self,
        X: Float[Array, "n m"],
        Y: Float[Array, "C m"],
        with_loss: bool = False,
        weights: Float[Array, " m"] | None = None,
    ) -> float | None:
        """Move the parameters one step down the gradient of the loss of the examples X with targets Y.

        With `weights`, each example's cross-entropy counts so many times.

        Returns the loss before the step if `with_loss`. It is accurate to the dtype's epsilon; `network.loss` is
        accurate even relative to a loss that is smaller than that.
        """
        now, m = self._now, X.shape[1]
        with np.errstate(over="ignore", invalid="ignore"):  # if training diverges, the loss tells
            cross_entropy = self._gradient(X, Y, now, self.learning_rate / m, self._next, with_loss, weights)
            loss = cross_entropy / m + self.lam / 2 * float(np.vdot(now.weights, now.weights)) if with_loss else None
            self._subtract(now, self._next)
        self._now, self._next = self._next, now  # at once: whenever an interrupt comes, the first is complete
        return loss

    def _subtract(self, now: Parameters, step: Parameters) -> None:
        """Turn the scaled gradient into the next parameters: W - learning_rate (dW + lam W), b - learning_rate db."""
        decay = 1 - self.learning_rate * self.lam
        for start in range(0, now.weights.size, self._chunk.size):
            part = step.weights[start : start + self._chunk.size]
            decayed = np.multiply(now.weights[start : start + part.size], decay, out=self._chunk[: part.size])
            np.subtract(decayed, part, out=part)
        np.subtract(now.biases, step.biases, out=step.biases)
