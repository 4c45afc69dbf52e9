"""A training to look at: so many updates at a time, and between them all that there is to see.

It classifies points in the plane, with a network of any depth, so that one can draw which class each place would get.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from netcode import deep_network
from netcode.arguments import integer
from netcode.errors import InputError
from netcode.network import one_hot
from netcode.parameters import Parameters
from netcode.shapes import Array, Float, Int
from netcode.training.gradient_descent import GradientDescent


class Observation(TypedDict):
    """A moment of a training, as plain numbers and lists: after so many updates, before the next."""

    update: int
    loss: float
    """Of all examples, with the penalty."""
    right: float
    """The share of examples whose class the network predicts."""
    W: list[list[float]]
    """The weights of the layer that is looked at, row by row; the other three have the same form."""
    b: list[list[float]]
    dW: list[list[float]]
    db: list[list[float]]


class ObservedTraining:
    """Full-batch gradient descent on points in the plane, which makes updates when it is asked to.

    >>> from netcode import data
    >>> rows, y = data.spiral()
    >>> training = ObservedTraining(rows, y, hidden=(16, 8), learning_rate=1.0, lam=1e-3, updates=1000, seed=0)
    >>> training.advance(300)
    >>> seen = training.observe(layer=2)
    >>> seen["update"], len(seen["W"]), len(seen["W"][0])
    (300, 8, 16)
    """

    def __init__(
        self,
        rows: Float[Array, "m 2"],
        y: Int[Array, " m"],
        *,
        hidden: Iterable[int],
        learning_rate: float,
        lam: float,
        updates: int,
        seed: int,
    ) -> None:
        """`rows` are the points, `y` their classes, counted from 0; `hidden` has the units of each hidden layer.

        At most so many `updates` are made. Raises InputError if a size or a rate makes no sense.
        """
        widths = [integer("hidden", width, least=1) for width in hidden]
        C = int(y.max()) + 1
        self.updates = updates
        self.made = 0
        self._lam = lam
        self._X, self._y, self._Y = np.ascontiguousarray(rows.T), y, one_hot(y, C)
        start = deep_network.initialize((2, *widths, C), seed)
        self._descent = GradientDescent(self._X, self._Y, start, learning_rate=learning_rate, lam=lam, updates=updates)
        self._losses = iter(self._descent)

    @property
    def parameters(self) -> Parameters:
        """The parameters now, as a copy."""
        return self._descent.parameters

    def advance(self, updates: int) -> None:
        """Make so many more updates, or as many as are left. Raises InputError when the loss is no longer finite."""
        for _ in islice(self._losses, updates):
            self.made += 1

    def observe(self, layer: int) -> Observation:
        """What there is to see now, with the weights and gradients of `layer`, counted from 1.

        Raises InputError if there is no such layer, or if the loss or a gradient is no longer finite.
        """
        parameters = self.parameters
        if not 1 <= layer <= parameters.depth:
            raise InputError(f"layer {layer} of a network of {parameters.depth}; they are counted from 1")
        with np.errstate(over="ignore", invalid="ignore"):  # if the training has diverged, this is said below
            forward = deep_network.forward(self._X, parameters)
            loss = deep_network.loss(forward.Z[parameters.depth], self._Y, parameters, self._lam)
            gradient = deep_network.backward(self._X, self._Y, parameters, forward, self._lam).gradient
        if not (np.isfinite(loss) and np.isfinite(gradient.flat).all()):
            raise InputError(
                f"training diverged: after {self.made} updates the loss is {loss}; take a smaller learning rate"
            )
        return Observation(
            update=self.made,
            loss=loss,
            right=float(np.mean(forward.P.argmax(axis=0) == self._y)),
            W=parameters.W[layer].tolist(),
            b=parameters.b[layer].tolist(),
            dW=gradient.W[layer].tolist(),
            db=gradient.b[layer].tolist(),
        )

    def regions(self, reach: float, side: int) -> NDArray[np.int64]:
        """The class that the network gives to each of side x side places from -reach to reach, the lowest row first."""
        line = np.linspace(-reach, reach, side)
        plane = np.stack(np.meshgrid(line, line)).reshape(2, -1)
        parameters = self.parameters
        scores = deep_network.forward(plane, parameters).Z[parameters.depth]
        return scores.argmax(axis=0).reshape(side, side)
