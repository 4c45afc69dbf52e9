"""The parameters of a network of L layers: the weights and biases W1, b1, ..., WL, bL, in one buffer.

Whatever has an entry for each parameter is of this type: the parameters, a gradient, a tolerance, a step. The layers
are what formulas speak of, and the buffer is what an optimizer moves: one operation reaches all of it. ::

    parameters = Parameters(W1, b1, W2, b2)
    W1, b1, W2, b2 = parameters
    parameters.W2, parameters.W[2], parameters.flat
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import accumulate

import numpy as np

from netcode.shapes import Array, Shaped


def names(depth: int) -> tuple[str, ...]:
    """What the parameters of so many layers are called, in their order.

    >>> names(2)
    ('W1', 'b1', 'W2', 'b2')
    """
    return tuple(f"{kind}{l}" for l in range(1, depth + 1) for kind in "Wb")


class Parameters(tuple[Array, ...]):
    """A named tuple with as many fields as the network has weights and biases: W1 (h, n), b1 (h, 1), W2 (C, h), ...

    The arrays are views of `flat`, in which all weights, layer by layer, come before all biases: the penalty is on
    weights alone, and so takes one operation too. What is given is copied.

    >>> parameters = Parameters(np.ones((3, 2)), np.zeros((3, 1)))
    >>> parameters.W1.shape, parameters.flat
    ((3, 2), array([1., 1., 1., 1., 1., 1., 0., 0., 0.]))

    Raises ValueError unless there is a bias for each weight.
    """

    flat: Shaped[Array, " size"]

    def __new__(cls, *arrays: Array | float, **named: Array | float) -> Parameters:
        given = [np.asarray(array) for array in arrays or _in_order(named)]
        if not given or len(given) % 2:
            raise ValueError(f"{len(given)} arrays; expected the weights and the bias of each layer, W1, b1, ...")
        flat = np.concatenate([*given[::2], *given[1::2]], axis=None)
        return cls._viewing(flat, [array.shape for array in given])

    @classmethod
    def _viewing(cls, flat: Shaped[Array, " size"], shapes: Iterable[tuple[int, ...]]) -> Parameters:
        in_turns = tuple(shapes)
        in_buffer = in_turns[::2] + in_turns[1::2]
        ends = accumulate(math.prod(shape) for shape in in_buffer)
        views = [part.reshape(shape) for part, shape in zip(np.split(flat, [*ends][:-1]), in_buffer, strict=True)]
        layers = zip(views[: len(views) // 2], views[len(views) // 2 :], strict=True)
        parameters = super().__new__(cls, (array for layer in layers for array in layer))
        parameters.flat = flat
        return parameters

    def viewing(self, flat: Shaped[Array, " size"]) -> Parameters:
        """Parameters of the same shapes that are views of `flat`, whose entries are in the order of `self.flat`."""
        return self._viewing(flat, [array.shape for array in self])

    @cached_property
    def depth(self) -> int:
        """The number of layers, L."""
        return len(self) // 2

    @cached_property
    def W(self) -> dict[int, Array]:
        """The weights by the number of their layer, from 1 to L."""
        return dict(enumerate(self[::2], start=1))

    @cached_property
    def b(self) -> dict[int, Array]:
        """The biases by the number of their layer, from 1 to L."""
        return dict(enumerate(self[1::2], start=1))

    @cached_property
    def weights(self) -> Shaped[Array, " size_of_weights"]:
        """The part of `flat` that is weights."""
        return self.flat[: -self.biases.size]

    @cached_property
    def biases(self) -> Shaped[Array, " size_of_biases"]:
        """The part of `flat` that is biases."""
        return self.flat[-sum(b.size for b in self[1::2]) :]

    # As every named tuple has them

    @cached_property
    def _fields(self) -> tuple[str, ...]:
        return names(self.depth)

    def _asdict(self) -> dict[str, Array]:
        return dict(zip(self._fields, self, strict=True))

    def _replace(self, **named: Array | float) -> Parameters:
        return type(self)(**(self._asdict() | named))

    def __getattr__(self, name: str) -> Array:
        if name not in self._fields:
            raise AttributeError(f"a network of {self.depth} layers has no {name}; it has {', '.join(self._fields)}")
        return self[self._fields.index(name)]

    def __reduce__(self) -> tuple[type[Parameters], tuple[Array, ...]]:
        return type(self), tuple(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={array!r}' for name, array in self._asdict().items())})"


def _in_order(named: Mapping[str, Array | float]) -> tuple[Array | float, ...]:
    expected = names(len(named) // 2)
    if set(named) != set(expected):
        raise ValueError(f"parameters {', '.join(named) or 'of no layer'}; expected W1, b1, W2, b2, ... of each layer")
    return tuple(named[name] for name in expected)
