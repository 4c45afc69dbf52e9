"""Points at which a backward pass is asked for its gradients: no mistake is hidden there, and no two look alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netcode.diagnosis.architecture import Point
from netcode.network import one_hot
from netcode.shapes import Array

Sizes = tuple[int, ...]
"""n, m, then the units of each layer; the last are the classes."""

DISTINCT = ((3, 7, 5, 4), (5, 7, 8, 6, 4), (4, 9, 6, 7, 5, 3), (4, 9, 6, 7, 5, 8, 3), (4, 10, 6, 7, 5, 8, 9, 3))
"""For 2, 3, ... 6 layers: no transpose fits by accident."""
ONE_LAYER = (3, 7, 4)
EQUAL = 5
"""Where all sizes are this, all shapes fit, so that numbers tell what was multiplied with what."""


def distinct_sizes(layers: int) -> Sizes:
    """Sizes of a network of so many layers, of which no two are equal."""
    return ONE_LAYER if layers == 1 else DISTINCT[layers - 2]


def random_points(sizes: Sizes, lam: float = 0.3, biases: bool = True, seed: int = 0) -> list[Point]:
    """Two points for the same examples, and one for others, two more than before; of one example, one other.

    The first unit of the first hidden layer is at its kink for all examples; biases aren't 0. One class is more
    frequent than the others, so that labels that are shifted can't cancel.
    """
    random = np.random.default_rng(seed)
    first = _random_point(random, sizes, lam, biases)
    second = first._replace(parameters=_random_parameters(random, sizes, biases))
    n, m, *units = sizes
    third = _random_point(random, (n, m + 2 * (m > 1), *units), lam / 2, biases)
    return [first, second, third]


def _random_point(random: np.random.Generator, sizes: Sizes, lam: float, biases: bool) -> Point:
    n, m, C = sizes[0], sizes[1], sizes[-1]
    X = random.standard_normal((n, m))
    Y = random.permutation(np.arange(m) % 3 % 2)[np.newaxis].astype(float) if C == 1 else _targets(random, m, C)
    return Point(X, Y, _random_parameters(random, sizes, biases), lam)


def _targets(random: np.random.Generator, m: int, C: int) -> Array:
    return one_hot(random.permutation(np.maximum(np.arange(m) % (C + 1) - 1, 0)), C)


def _random_parameters(random: np.random.Generator, sizes: Sizes, biases: bool) -> dict[str, Array]:
    n, _, *units = sizes
    parameters = {}
    for layer, (inputs, outputs) in enumerate(zip([n, *units[:-1]], units, strict=True), 1):
        parameters[f"W{layer}"] = random.standard_normal((outputs, inputs))
        if biases:
            parameters[f"b{layer}"] = random.standard_normal((outputs, 1))
    if len(units) > 1:
        for name in ("W1", "b1")[: 1 + biases]:
            parameters[name][0] = 0
    return parameters


def perturbed(point: Point) -> Sequence[Point]:
    """The point, and another one for the same examples."""
    random = np.random.default_rng(0)
    parameters = {name: array + 0.1 * random.standard_normal(array.shape) for name, array in point.parameters.items()}
    return point, point._replace(parameters=parameters)
