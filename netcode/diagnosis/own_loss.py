"""The loss that the reader's own code computes: returned beside the gradients, or by another function of the file."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from netcode.diagnosis.architecture import Architecture, Point, forward
from netcode.diagnosis.layout import Layout
from netcode.diagnosis.reading.failure import AskedError
from netcode.diagnosis.reading.reader import Reader
from netcode.errors import InputError
from netcode.shapes import Array

STEP = 1e-5
NEAR = 1e-5
"""To which differences of a loss agree with its gradient, in proportion to the gradient's largest entry.

A central difference is wrong by about STEP^2 and by the loss's rounding error over STEP: some 1e-10 each. What counts
is the small number that many add within the logarithm, 1e-7 beside probabilities of some hundredths.
"""


class OwnLoss:
    """A loss as a function of the point, in the layout in which the backward pass is asked."""

    def __init__(self, reader: Reader, layout: Layout, architecture: Architecture, separate: bool) -> None:
        """`architecture` makes the values of a forward pass, for a function that wants them."""
        self._reader, self._layout, self._architecture = reader, layout, architecture
        self.separate = separate
        """Whether it is a function of its own."""

    def __str__(self) -> str:
        return f"the loss that {self._reader.name} computes" if self.separate else "the loss that it returns"

    def __call__(self, point: Point) -> float | None:
        """Its value; None if there is none."""
        values = forward(point, self._architecture)
        try:
            if self.separate:
                return self._reader.value(self._layout, point, values)
            self._reader(self._layout, point, values)
        except (AskedError, InputError):
            return None
        value: float | None = self._reader.loss
        return value

    def derivative(self, point: Point, name: str) -> Array | None:
        """By one parameter, from central differences; None if it has no value somewhere. Shape: the parameter's."""
        parameter, slopes = point.parameters[name], []
        for at in np.ndindex(parameter.shape):
            beside = [self(_moved(point, name, at, step)) for step in (STEP, -STEP)]
            if beside[0] is None or beside[1] is None:
                return None
            slopes.append((beside[0] - beside[1]) / (2 * STEP))
        return np.array(slopes).reshape(parameter.shape)

    def has_gradient(self, point: Point, name: str, gradient: Array) -> bool:
        """Whether this is its derivative by the parameter. The point must lie beside all kinks."""
        derivative = self.derivative(point, name)
        if derivative is None or gradient.size != derivative.size:
            return False
        apart = np.abs(gradient.reshape(derivative.shape) - derivative).max()
        return bool(apart <= NEAR * max(np.abs(derivative).max(), np.abs(gradient).max()))


def own_losses(reader: Reader, layout: Layout, architecture: Architecture) -> Iterator[OwnLoss]:
    """The loss that is returned beside the gradients, and then those of functions beside it."""
    yield OwnLoss(reader, layout, architecture, separate=False)
    yield from (OwnLoss(loss, layout, architecture, separate=True) for loss in reader.losses)


def _moved(point: Point, name: str, at: tuple[int, ...], step: float) -> Point:
    array = point.parameters[name].copy()
    array[at] += step
    return point._replace(parameters={**point.parameters, name: array})
