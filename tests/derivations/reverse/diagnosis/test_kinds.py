"""Kinds of mistakes that are more than one edit of one formula: each is named, by a layer that has it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from derivations import derive
from derivations.layers import operators
from derivations.reverse import Layer

Array = Any

PERCEPTRON = derive(
    """
    Z[v, i] = sum[u](W1[v, u] * X[u, i]) + b1[v]
    A[v, i] = tanh(Z[v, i])
    Y[c, i] = sum[v](W2[c, v] * A[v, i]) + b2[c]
""",
    wrt="W1, b1, W2, b2",
    name="perceptron",
)
HINGES = derive("L = sum[i](relu(1 - y[i] * p[i])**2 - relu(-1 - y[i] * p[i])**2)", wrt="p", name="hinges")
GATED = derive("Y[i, j] = g[j] * G[i, j] * X[i, j]", wrt="g, G, X", name="gated")


def layer(name: str) -> Layer:
    return operators()[name].layer


# The slope of another activation

erf = np.vectorize(math.erf, otypes=[float])


def by_erf(dA: Array, z: Array) -> Array:
    return dA * ((1 + erf(z / np.sqrt(2))) / 2 + z * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))


def by_tanh(dA: Array, z: Array) -> Array:
    inner = np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)
    return dA * (
        (1 + np.tanh(inner)) / 2 + z * (1 - np.tanh(inner) ** 2) * np.sqrt(2 / np.pi) * (1 + 0.134145 * z**2) / 2
    )


def quick(dA: Array, z: Array) -> Array:
    gate = 1 / (1 + np.exp(-1.702 * z))
    return dA * gate * (1 + 1.702 * z * (1 - gate))


@pytest.mark.parametrize(
    ("name", "function", "rival"),
    [
        ("gelu", by_tanh, "GELU by tanh"),
        ("gelu", quick, "quick GELU"),
        ("gelu_tanh", by_erf, "GELU by erf"),
        ("quick_gelu", by_erf, "GELU by erf"),
        ("silu", quick, "quick GELU"),
    ],
)
def test_the_slope_of_another_activation_is_known(name: str, function: Callable[..., Array], rival: str) -> None:
    assert f"in dz, the slope is that of {rival}." in str(layer(name).diagnose(function))


@pytest.mark.parametrize(("name", "function"), [("gelu", by_erf), ("gelu_tanh", by_tanh), ("quick_gelu", quick)])
def test_its_own_slope_is_right(name: str, function: Callable[..., Array]) -> None:
    assert layer(name).diagnose(function).is_right


# A part of a range


def convolution(dY: Array, W: Array, X: Array, b: Array, *, steps: Callable[[int], range]) -> tuple[Array, ...]:
    width, dX, dW = W.shape[2], np.zeros_like(X), np.zeros_like(W)
    for p in steps(dY.shape[2]):
        dX[:, :, p : p + width] += np.einsum("nd,dck->nck", dY[:, :, p], W)
        dW += np.einsum("nd,nck->dck", dY[:, :, p], X[:, :, p : p + width])
    return dX, dW, dY.sum((0, 2))


def test_a_window_that_is_left_out_is_named() -> None:
    def without_last(dY: Array, W: Array, X: Array, b: Array) -> tuple[Array, ...]:
        return convolution(dY, W, X, b, steps=lambda count: range(count - 1))

    def without_first(dY: Array, W: Array, X: Array, b: Array) -> tuple[Array, ...]:
        return convolution(dY, W, X, b, steps=lambda count: range(1, count))

    def with_all(dY: Array, W: Array, X: Array, b: Array) -> tuple[Array, ...]:
        return convolution(dY, W, X, b, steps=range)

    assert "the last p of dY is left out." in str(layer("convolution_1d").diagnose(without_last))
    assert "the first p of dY is left out." in str(layer("convolution_1d").diagnose(without_first))
    assert layer("convolution_1d").diagnose(with_all).is_right


def test_ends_that_stay_0_are_named() -> None:
    def inner(X: Array, lam: float, eps: float) -> Array:
        slope = np.diff(X) / np.sqrt(np.diff(X) ** 2 + eps)
        dX = np.zeros_like(X)
        dX[1:-1] = lam * (slope[:-1] - slope[1:])
        return dX

    found = layer("total_variation").diagnose(inner)
    assert "dX is 0 at the first and the last" in str(found)


def test_one_end_that_stays_0_is_named() -> None:
    found = GATED.diagnose(lambda dY, g, G, X: {"dg": (dY * G * X).sum(0), "dG": dY * g * X, "dX": _cut(dY * g * G)})
    assert str(found).splitlines()[:2] == [
        "dX is wrong, dg and dG are right.",
        "dX is 0 at the last j, and right at all others.",
    ]


def _cut(array: Array) -> Array:
    array[:, -1] = 0
    return array


# One side of a condition


def test_a_factor_on_one_side_of_a_condition_is_named() -> None:
    def half(y: Array, p: Array) -> Array:
        return np.where(y * p < -1, -4 * y, -y * np.maximum(1 - y * p, 0))

    assert "where -p[i]*y[i] - 1 <= 0, dp is 1/2 times what it should be" in str(HINGES.diagnose(half))


# What is stored, and a scalar that isn't


def test_an_array_that_is_taken_for_another_one_is_named() -> None:
    def of_the_output(dA: Array, A: Array) -> Array:
        return dA / (1 + np.exp(-A)) * (1 + A * (1 - 1 / (1 + np.exp(-A))))

    assert "A is taken for z on the way back" in str(layer("silu").diagnose(of_the_output))


def test_a_number_in_the_place_of_a_scalar_is_named() -> None:
    assert "alpha counts as 0.2 on the way back." in str(
        layer("leaky_relu").diagnose(lambda dA, z: dA * np.where(z > 0, 1, 0.2))
    )


# Two mistakes, one behind the other


def test_a_mistake_behind_another_one_is_named_too() -> None:
    def twice(dY: Array, A: Array, X: Array, W2: Array) -> dict[str, Array]:
        dZ = (W2.T @ dY) * (1 - A)
        return {"dW1": dZ @ (X * X).T, "db1": dZ.sum(1), "dW2": dY @ A.T, "db2": dY.sum(1)}

    found = PERCEPTRON.diagnose(twice)
    assert found.wrong == ("dW1", "db1")
    assert "in dZ, A[v, i] stands where A[v, i]**2 belongs." in str(found)
    assert "in dW1, the factor X[u, i] is there twice." in str(found)
    assert not found.unexplained


def test_a_sum_over_too_much_behind_a_wrong_slope_is_named_too() -> None:
    def twice(dY: Array, A: Array, X: Array, W2: Array, b1: Array) -> dict[str, Array]:
        dZ = (W2.T @ dY) * (1 - A)
        return {"dW1": dZ @ X.T, "db1": np.full_like(b1, dZ.sum()), "dW2": dY @ A.T, "db2": dY.sum(1)}

    assert "in db1, it is added up over v too." in str(PERCEPTRON.diagnose(twice))


def test_gradients_that_are_wrong_by_different_numbers_are_told_apart() -> None:
    def scaled(dY: Array, A: Array, X: Array, W2: Array) -> dict[str, Array]:
        dZ = (W2.T @ dY) * (1 - A)
        return {"dW1": dZ @ X.T, "db1": 2 * dZ.sum(1), "dW2": dY @ A.T, "db2": dY.sum(1)}

    words = "in dZ, A[v, i] stands where A[v, i]**2 belongs; db1 is 2 times what comes of that."
    assert words in str(PERCEPTRON.diagnose(scaled))


# Products that run only where all sizes are equal


def perceptron(dY: Array, A: Array, X: Array, dZ: Array) -> dict[str, Array]:
    return {"dW1": dZ @ X.T, "db1": dZ.sum(1), "dW2": dY @ A.T, "db2": dY.sum(1)}


def test_a_slope_that_is_multiplied_as_a_matrix_is_named() -> None:
    def wrong(dY: Array, A: Array, X: Array, W2: Array) -> dict[str, Array]:
        return perceptron(dY, A, X, (W2.T @ dY) @ (1 - A**2))

    found = str(PERCEPTRON.diagnose(wrong))
    assert "It runs where all sizes are equal: in dZ, 1 - A[v, i]**2 is multiplied as a matrix, with @" in found
    assert "wrong fails with dY (" in found


def test_a_transpose_that_is_missing_is_named() -> None:
    def wrong(dY: Array, A: Array, X: Array, W2: Array) -> dict[str, Array]:
        return perceptron(dY, A, X, (W2 @ dY) * (1 - A**2))

    found = str(PERCEPTRON.diagnose(wrong))
    assert "It runs where all sizes are equal: in dZ, W2 lacks its transpose, or has one too many" in found


# Asking


def test_names_that_differ_in_case_alone_are_kept_apart() -> None:
    def right(dY: Array, g: Array, G: Array, X: Array) -> dict[str, Array]:
        return {"dg": (dY * G * X).sum(0), "dG": dY * g * X, "dX": dY * g * G}

    def shouted(dY: Array, g: Array, G: Array, X: Array) -> dict[str, Array]:
        return {f"GRAD_{name[1:]}": value for name, value in right(dY, g, G, X).items()}

    assert GATED.diagnose(right).is_right
    assert GATED.diagnose(shouted).is_right


def test_it_takes_less_than_a_second_once_the_layer_is_known() -> None:
    lstm = layer("lstm_step")
    names = {f"d{name}": name for name in lstm.wrt}

    def zeros(f: Array, a: Array, g: Array, o: Array, B: Array) -> dict[str, Array]:
        values = {"f": f, "a": a, "g": g, "o": o, "B": B}
        return {gradient: np.sin(values[name]) for gradient, name in names.items()}

    assert lstm.diagnose(zeros).unexplained == tuple(names)
    start = time.process_time()
    lstm.diagnose(zeros)
    assert time.process_time() - start < 1
