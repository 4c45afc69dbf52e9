"""A training that is looked at gives what one gives that isn't, and says what there is to see."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from netcode import Parameters, data, deep_network, one_hot
from netcode.errors import InputError
from netcode.training.observed_training import ObservedTraining

ROWS, CLASSES = data.spiral(points_per_class=30)
X, Y = ROWS.T, one_hot(CLASSES, 3)
USUAL: dict[str, Any] = {"hidden": (6, 5), "learning_rate": 0.5, "lam": 0.01, "updates": 200, "seed": 4}


def training(**changes: Any) -> ObservedTraining:
    return ObservedTraining(ROWS, CLASSES, **(USUAL | changes))


def trained(hidden: tuple[int, ...], updates: int) -> Parameters:
    """By the formulas of any depth, one update after another."""
    parameters = deep_network.initialize((2, *hidden, 3), seed=4)
    for _ in range(updates):
        forward = deep_network.forward(X, parameters)
        gradient = deep_network.backward(X, Y, parameters, forward, 0.01).gradient
        parameters = deep_network.update(parameters, gradient, 0.5)
    return parameters


@pytest.mark.parametrize("hidden", [(), (7,), (6, 5), (4, 1, 3), (3, 4, 5, 6)])
def test_its_weights_are_those_of_the_formulas_however_it_is_asked(hidden: tuple[int, ...]) -> None:
    asked = training(hidden=hidden)
    for count in (1, 0, 4, 20):
        asked.advance(count)
        asked.observe(layer=1)
        asked.regions(1.3, 5)
    assert asked.made == 25
    np.testing.assert_allclose(asked.parameters.flat, trained(hidden, 25).flat, rtol=1e-10, atol=1e-13)


def test_what_is_seen_is_of_the_weights_now() -> None:
    asked = training()
    asked.advance(10)
    parameters = trained((6, 5), 10)
    forward = deep_network.forward(X, parameters)
    gradient = deep_network.backward(X, Y, parameters, forward, 0.01).gradient
    for layer in (1, 2, 3):
        seen = asked.observe(layer)
        assert seen["update"] == 10
        assert seen["loss"] == pytest.approx(deep_network.loss(forward.Z[3], Y, parameters, 0.01), rel=1e-12)
        assert seen["right"] == np.mean(forward.P.argmax(axis=0) == CLASSES)
        assert json.loads(json.dumps(seen)) == seen
        for array, expected in (
            (seen["W"], parameters.W[layer]),
            (seen["b"], parameters.b[layer]),
            (seen["dW"], gradient.W[layer]),
            (seen["db"], gradient.b[layer]),
        ):
            np.testing.assert_allclose(array, expected, rtol=1e-10, atol=1e-13)


def test_no_more_updates_are_made_than_there_are_to_be() -> None:
    asked = training(updates=7)
    asked.advance(100)
    asked.advance(1)
    assert asked.made == 7


def test_regions_begin_at_the_lower_left_corner() -> None:
    rows = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    asked = ObservedTraining(rows, np.arange(4), hidden=(), learning_rate=1.0, lam=0.0, updates=50, seed=0)
    asked.advance(50)
    assert asked.regions(1.0, 2).tolist() == [[0, 1], [3, 2]]


def test_a_training_that_diverges_says_so_and_shows_nothing() -> None:
    asked = training(learning_rate=100.0, lam=10.0)
    with pytest.raises(InputError, match="training diverged"):
        asked.advance(200)
    with pytest.raises(InputError, match="training diverged"):
        asked.observe(layer=1)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"hidden": (0,)}, "hidden"), ({"learning_rate": 0.0}, "learning_rate"), ({"lam": -1.0}, "lam")],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        training(**wrong)


@pytest.mark.parametrize("layer", [0, 4])
def test_a_layer_that_is_not_there_is_named(layer: int) -> None:
    with pytest.raises(InputError, match=f"layer {layer} of a network of 3"):
        training().observe(layer)
