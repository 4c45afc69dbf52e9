"""The network of any depth is the two-layer one at L = 2, and its gradient is right at every depth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from netcode import deep_network, network
from netcode.parameters import Parameters
from tests.netcode.problems import DEPTHS, Sizes, deep_problem, random_problem, seeds, sizes


@given(sizes(), seeds)
def test_with_two_layers_it_is_the_network_of_the_chapters_bit_for_bit(size: Sizes, seed: int) -> None:
    X, Y, parameters, lam = random_problem(*size, seed)
    plain, deep = network.forward(X, parameters), deep_network.forward(X, parameters)
    for one, other in ((plain.Z1, deep.Z[1]), (plain.A1, deep.A[1]), (plain.Z2, deep.Z[2]), (plain.P, deep.P)):
        assert np.array_equal(one, other)
    assert (set(deep.Z), set(deep.A)) == ({1, 2}, {1})
    backward = network.backward(X, Y, parameters, plain, lam)
    general = deep_network.backward(X, Y, parameters, deep, lam)
    assert np.array_equal(backward.gradient.flat, general.gradient.flat)
    assert np.array_equal(backward.dZ1, general.dZ[1])
    assert np.array_equal(backward.dA1, general.dA[1])
    assert np.array_equal(backward.dZ2, general.dZ[2])
    assert network.loss(plain.Z2, Y, parameters, lam) == deep_network.loss(deep.Z[2], Y, parameters, lam)
    moved = network.update(parameters, backward, 0.5)
    assert np.array_equal(moved.flat, deep_network.update(parameters, general.gradient, 0.5).flat)


def test_two_layers_start_as_those_of_the_chapters() -> None:
    assert np.array_equal(network.initialize(2, 5, 3, seed=7).flat, deep_network.initialize((2, 5, 3), seed=7).flat)


@pytest.mark.parametrize("depth", DEPTHS)
def test_nothing_given_is_mutated(depth: int) -> None:
    problem, same = deep_problem(depth, seed=3), deep_problem(depth, seed=3)
    X, Y, parameters, lam = problem
    passed = deep_network.forward(X, parameters)
    kept = [array.copy() for array in (*passed.Z.values(), *passed.A.values(), passed.P)]
    backward = deep_network.backward(X, Y, parameters, passed, lam)
    deep_network.update(parameters, backward.gradient, 0.5)
    assert len(kept) == 2 * depth
    for one, other in zip((*passed.Z.values(), *passed.A.values(), passed.P), kept, strict=True):
        assert np.array_equal(one, other)
    for before, after in ((X, same.X), (Y, same.Y), (parameters.flat, same.parameters.flat)):
        assert np.array_equal(before, after)


def test_one_layer_is_softmax_regression() -> None:
    X, Y, parameters, lam = deep_problem(1, seed=0)
    W, b = parameters
    P = network.softmax(W @ X + b)
    assert np.array_equal(deep_network.forward(X, parameters).P, P)
    gradient = deep_network.backward(X, Y, parameters, deep_network.forward(X, parameters), lam).gradient
    assert np.allclose(gradient.W1, (P - Y) @ X.T / X.shape[1] + lam * W, rtol=1e-14)


def test_each_layer_keeps_the_scale_of_its_inputs() -> None:
    """The variance of the scores stays near that of the inputs, through six layers of 500 units."""
    X = np.random.default_rng(1).standard_normal((500, 200))
    Z = deep_network.forward(X, deep_network.initialize([500] * 7, seed=0)).Z
    scales = [np.var(Z[l]) for l in range(1, 7)]
    assert len(scales) == 6
    assert scales == pytest.approx([2.0] * 6, rel=0.4)


def test_a_gradient_is_of_the_type_of_the_parameters() -> None:
    X, Y, parameters, lam = deep_problem(4, seed=0)
    backward = deep_network.backward(X, Y, parameters, deep_network.forward(X, parameters), lam)
    assert isinstance(backward.gradient, Parameters)
    assert [array.shape for array in backward.gradient] == [array.shape for array in parameters]
    assert np.array_equal(backward.gradient.W3, backward.dW[3])
    assert np.array_equal(backward.gradient.b4, backward.db[4])
