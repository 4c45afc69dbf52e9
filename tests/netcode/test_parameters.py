"""A named tuple of any number of layers, whose arrays are views of one buffer."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from netcode.deep_network import initialize
from netcode.parameters import Parameters, names

THREE = initialize((2, 5, 4, 3), seed=0)


def test_it_is_a_named_tuple() -> None:
    W1, b1, W2, b2, W3, b3 = THREE
    assert THREE._fields == names(3) == ("W1", "b1", "W2", "b2", "W3", "b3")
    assert THREE.W2 is W2
    assert THREE.W == {1: W1, 2: W2, 3: W3} or THREE.W[3] is W3
    assert THREE.b[1] is b1
    assert list(THREE._asdict()) == list(THREE._fields)
    changed = THREE._replace(b2=b2 + 1)
    assert np.array_equal(changed.b2, b2 + 1)
    assert np.array_equal(changed.W3, W3)
    assert not THREE.b2.any()
    assert b3.shape == (3, 1)


def test_by_name_the_order_is_free() -> None:
    W1, b1, W2, b2 = initialize((2, 4, 3), seed=0)
    assert np.array_equal(Parameters(b2=b2, W2=W2, b1=b1, W1=W1).flat, Parameters(W1, b1, W2, b2).flat)


def test_all_are_views_of_one_buffer_the_weights_first() -> None:
    parameters = Parameters(*THREE)
    parameters.flat[:] = np.arange(parameters.flat.size)
    assert parameters.W1[0, 0] == 0
    assert parameters.W3[-1, -1] == parameters.weights[-1] == parameters.weights.size - 1
    assert parameters.b1[0, 0] == parameters.biases[0] == parameters.weights.size
    assert parameters.b3[-1, 0] == parameters.flat[-1]
    assert all(np.shares_memory(array, parameters.flat) for array in parameters)


def test_what_is_given_is_copied() -> None:
    parameters = Parameters(*THREE)
    parameters.W1[:] = 7
    assert not (THREE.W1 == 7).any()


def test_viewing_copies_nothing() -> None:
    other = np.zeros(THREE.flat.size)
    seen = THREE.viewing(other)
    other[-1] = 5
    assert seen.b3[-1, 0] == 5
    assert [array.shape for array in seen] == [array.shape for array in THREE]


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda p: pickle.loads(pickle.dumps(p))])
def test_copies_have_a_buffer_of_their_own(duplicate: object) -> None:
    assert callable(duplicate)
    other = duplicate(THREE)
    assert isinstance(other, Parameters)
    assert np.array_equal(other.flat, THREE.flat)
    other.flat[:] = 1
    assert (other.W2 == 1).all()
    assert not (THREE.W2 == 1).any()


def test_what_is_no_network() -> None:
    with pytest.raises(ValueError, match="3 arrays; expected the weights and the bias of each layer"):
        Parameters(THREE.W1, THREE.b1, THREE.W2)
    with pytest.raises(ValueError, match="0 arrays; expected the weights and the bias of each layer"):
        Parameters()
    with pytest.raises(ValueError, match="parameters W1, c1; expected W1, b1"):
        Parameters(W1=THREE.W1, c1=THREE.b1)
    with pytest.raises(AttributeError, match="a network of 3 layers has no W4; it has W1, b1, W2, b2, W3, b3"):
        _ = THREE.W4
