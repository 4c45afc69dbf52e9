"""Gradient descent, full batch or mini-batch, as an iteration: one update at a time, to watch and to stop at will."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import repeat

import numpy as np

from netcode.arguments import integer, nonnegative, positive
from netcode.errors import InputError
from netcode.parameters import Parameters
from netcode.shapes import Array, Float
from netcode.training.training_step import TrainingStep

LARGE = 2_000  # examples; of more, a batch tells the direction well enough, at a fraction of the time
BATCH = 200


def automatic_batch_size(m: int) -> int:
    """How many of m examples to take for an update: all, unless they are many."""
    return m if m <= LARGE else BATCH


class GradientDescent:
    """So many updates of the parameters, each yielding the loss of its examples before it.

    ::

        descent = GradientDescent(X, Y, initialize(n, h, C, seed=0), learning_rate=1.0, lam=1e-3, updates=10_000)
        for loss in descent:
            ...
        descent.parameters

    `descent.parameters` are those of the last complete update at any time: in the loop, after a `break`, and after an
    interrupt. Nothing given is mutated.
    """

    def __init__(
        self,
        X: Float[Array, "n m"],
        Y: Float[Array, "C m"],
        parameters: Parameters,
        *,
        learning_rate: float,
        lam: float,
        updates: int,
        batch_size: int | None = None,
        seed: int = 0,
        start: int = 0,
        weights: Float[Array, " m"] | None = None,
    ) -> None:
        """Without a `batch_size`, each update takes all examples. `start` updates have been made before.

        With one, the examples are shuffled anew for each pass over them, by the seed, and the last batch of a pass
        has what is left. The batches depend on the seed alone, so that from the parameters after `start` updates the
        next are the same to the bit as in a run that was never stopped.

        With `weights`, whose mean is 1, the loss is the mean of the examples' cross-entropies times their weights.

        Raises InputError if a size or a rate makes no sense.
        """
        self.updates = integer("updates", updates, least=0)
        self._X, self._Y, self._weights = X, Y, weights
        _, m = X.shape
        self._batch_size = m if batch_size is None else min(m, integer("batch_size", batch_size, least=1))
        self._seed = seed
        self._start = integer("start", start, least=0)
        self._step = TrainingStep(parameters, positive("learning_rate", learning_rate), nonnegative("lam", lam))

    @property
    def parameters(self) -> Parameters:
        """The parameters after the last complete update, as a copy."""
        return self._step.parameters

    def __len__(self) -> int:
        return max(self.updates - self._start, 0)

    def __iter__(self) -> Iterator[float]:
        """Make the updates. Raises InputError when the loss is no longer finite."""
        for update, (X, Y, weights) in zip(range(self._start, self.updates), self._batches(), strict=False):
            loss = self._step(X, Y, with_loss=True, weights=weights)
            if loss is None or not math.isfinite(loss):
                raise InputError(
                    f"training diverged: the loss is {loss} after {update} updates; expected a learning_rate "
                    f"below {self._step.learning_rate:g}, or features of a smaller scale"
                )
            yield loss

    def _batches(self) -> Iterator[tuple[Float[Array, "n k"], Float[Array, "C k"], Float[Array, " k"] | None]]:
        _, m = self._X.shape
        if self._batch_size == m:
            yield from repeat((self._X, self._Y, self._weights))
        random = np.random.default_rng(self._seed)
        passes, batches = divmod(self._start, math.ceil(m / self._batch_size))
        for _ in range(passes):  # made before the start
            random.permutation(m)
        while True:
            order = random.permutation(m)
            for start in range(batches * self._batch_size, m, self._batch_size):
                batch = order[start : start + self._batch_size]
                weights = None if self._weights is None else self._weights[batch]
                yield self._X[:, batch], self._Y[:, batch], weights
            batches = 0
