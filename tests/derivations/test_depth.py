"""Networks of many layers: each gradient proven through all names, and computed by netcode's loop."""

from __future__ import annotations

import numpy as np
import pytest

from derivations import Layer, derive
from derivations.proofs import decide
from netcode import deep_network
from tests.statistics import EXHAUSTIVE

UNITS = "abcdefghk"
"""A letter for the units of each layer, the features first."""


def network(depth: int, activation: str) -> Layer:
    """A network as somebody would write it down, from its features to its loss."""
    lines = []
    for l in range(1, depth + 1):
        into, out = UNITS[l - 1], UNITS[l]
        below = "X" if l == 1 else f"A{l - 1}"
        lines.append(f"Z{l}[{out}, i] = sum[{into}](W{l}[{out}, {into}] * {below}[{into}, i]) + b{l}[{out}]")
        if l < depth:
            lines.append(f"A{l}[{out}, i] = {activation}(Z{l}[{out}, i])")
    last = UNITS[depth]
    lines.append(f"P[{last}, i] = softmax[{last}](Z{depth}[{last}, i])")
    lines.append(f"J = -mean[i](sum[{last}](Y[{last}, i] * log(P[{last}, i])))")
    wrt = ", ".join(f"W{l}, b{l}" for l in range(1, depth + 1))
    return derive("\n".join(lines), wrt=wrt, assume=f"sum[{last}](Y[{last}, i]) == 1", name="network")


@pytest.mark.parametrize(
    ("depth", "activation"),
    [(1, "relu"), (2, "relu"), (3, "relu"), (3, "tanh"), *([(l, "relu") for l in range(4, 9)] if EXHAUSTIVE else [])],
)
def test_each_gradient_is_the_derivative_through_all_layers(depth: int, activation: str) -> None:
    equations = network(depth, activation).end_to_end
    assert len(equations) == 2 * depth
    assert {name: decide(equation).verdict for name, equation in equations.items()} == dict.fromkeys(
        equations, "proven"
    )


@pytest.mark.parametrize("depth", [1, 2, 4, 6])
def test_the_training_codes_loop_computes_it(depth: int) -> None:
    sizes = (*range(5, 5 + depth), 3)
    rng = np.random.default_rng(depth)
    X, Y = rng.normal(size=(5, 7)), np.eye(3)[:, rng.integers(3, size=7)]
    parameters = deep_network.initialize(sizes, seed=1)
    backward = deep_network.backward(X, Y, parameters, deep_network.forward(X, parameters), lam=0.0)
    layer = network(depth, "relu")
    weights = {f"W{l}": parameters.W[l] for l in parameters.W} | {f"b{l}": parameters.b[l][:, 0] for l in parameters.b}
    *_, saved = layer.forward(X=X, Y=Y, **weights)
    gradients = layer.backward(saved)
    for l in range(1, depth + 1):
        dW, db = gradients[2 * l - 2 : 2 * l]
        np.testing.assert_allclose(dW, backward.dW[l], rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(db, backward.db[l][:, 0], rtol=1e-10, atol=1e-14)
