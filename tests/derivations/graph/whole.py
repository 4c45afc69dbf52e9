"""The network's graph, its passes as derivations, and the numbers that netcode computes of a random one."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

import netcode
from derivations import network, regularization, softmax_cross_entropy
from derivations.graph import Graph
from derivations.notation import J, L

Numbers = dict[str, npt.NDArray[Any]]

WHOLE = Graph(J, network.where)
SIMPLE = Graph(L, network.where).without("P")
FORWARD = [
    network.forward_Z1,
    network.forward_A1,
    network.forward_Z2,
    network.forward_P,
    softmax_cross_entropy.loss,
    regularization.penalty,
    network.forward_J,
]
BACKWARD = [
    network.backward_dZ2,
    network.backward_dW2,
    network.backward_db2,
    network.backward_dA1,
    network.backward_dZ1,
    network.backward_dW1,
    network.backward_db1,
]
GRADIENTS = [derivation.result_name or "" for derivation in BACKWARD]


@cache
def numbers(seed: int = 0) -> Numbers:
    """A random network of pairwise distinct sizes, and all that netcode computes of it."""
    rng = np.random.default_rng(seed)
    data, labels, strength = rng.normal(size=(2, 5)), netcode.one_hot(rng.integers(3, size=5), 3), 0.3
    parameters = netcode.Parameters(*[p + 0.1 * rng.normal(size=p.shape) for p in netcode.initialize(2, 4, 3, seed)])
    forward = netcode.forward(data, parameters)
    backward = netcode.backward(data, labels, parameters, forward, strength)
    loss, total = (netcode.loss(forward.Z2, labels, parameters, lam) for lam in (0.0, strength))
    scalars = {"L": loss, "R": total - loss, "J": total, "lam": strength}
    arrays = {"X": data, "Y": labels, **parameters._asdict(), **forward._asdict(), **backward._asdict(), **scalars}
    return {name: np.asarray(value) for name, value in arrays.items()}
