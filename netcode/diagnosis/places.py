"""Places at which a backward pass is asked for its gradients: no mistake is hidden there, and no two look alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from netcode.diagnosis.layout import Place
from netcode.network import one_hot
from netcode.parameters import Parameters

DISTINCT = (3, 7, 5, 4)  # n, m, h, C: no transpose fits by accident
EQUAL = (5, 5, 5, 5)  # all shapes fit, so that numbers tell what was multiplied with what


def random_places(sizes: tuple[int, int, int, int], seed: int = 0) -> list[Place]:
    """Two places for the same examples, of the sizes n, m, h, C.

    The first hidden unit is at its kink for all examples; biases aren't 0, and there is a penalty. One class is more
    frequent than the others, so that labels that are shifted can't cancel.
    """
    n, m, h, C = sizes
    random = np.random.default_rng(seed)
    X = random.standard_normal((n, m))
    Y = one_hot(random.permutation(np.maximum(np.arange(m) % (C + 1) - 1, 0)), C)
    shapes = (h, n), (h, 1), (C, h), (C, 1)
    places = [Place(X, Y, Parameters(*(random.standard_normal(shape) for shape in shapes)), 0.3) for _ in range(2)]
    for place in places:
        place.parameters.W1[0], place.parameters.b1[0] = 0, 0
    return places


def moved(place: Place) -> Sequence[Place]:
    """The place, and another one for the same examples."""
    random = np.random.default_rng(0)
    parameters = (array + 0.1 * random.standard_normal(array.shape) for array in place.parameters)
    return place, place._replace(parameters=Parameters(*parameters))
