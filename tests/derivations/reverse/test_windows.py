"""Windows: X[c, p + k], strides and distances, and what comes back to the places where they overlap."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from derivations.calculus.writers.latex import latex
from derivations.calculus.writers.text import text
from derivations.reverse import FormulaError, Layer, derive

Array = npt.NDArray[np.float64]

derived = cache(derive)

CONVOLUTION = "Y[d, p] = sum[c, k](W[d, c, k] * X[c, p + k])"
STRIDED = "Y[d, p] = sum[c, k](W[d, c, k] * X[c, 2*p + k])"
DILATED = "Y[d, p] = sum[c, k](W[d, c, k] * X[c, p + 3*k])"
POOLING = "Y[c, p] = mean[k:3](X[c, 3*p + k])"
STEPS = "Y[p] = X[p + 1] - X[p]"
LAYERS = """
    A[d, p] = tanh(sum[c, k](W[d, c, k] * X[c, p + k]))
    Y[e, q] = sum[d, l](V[e, d, l] * A[d, 2*q + l])
"""


def _slid(W: Array, X: Array, stride: int = 1, apart: int = 1) -> Array:
    """By loops, as a textbook has it."""
    D, C, K = W.shape
    count = (X.shape[1] - apart * (K - 1) - 1) // stride + 1
    Y = np.zeros((D, count))
    for d in range(D):
        for p in range(count):
            for c in range(C):
                for k in range(K):
                    Y[d, p] += W[d, c, k] * X[c, stride * p + apart * k]
    return Y


def _pooled(X: Array) -> Array:
    return np.array([[row[3 * p : 3 * p + 3].mean() for p in range(len(row) // 3)] for row in X])


FORWARD: list[tuple[str, Callable[..., Array], list[tuple[int, ...]]]] = [
    (CONVOLUTION, _slid, [(2, 3, 4), (3, 9)]),
    (CONVOLUTION, _slid, [(2, 3, 1), (3, 1)]),
    (STRIDED, lambda W, X: _slid(W, X, stride=2), [(2, 3, 4), (3, 9)]),
    (STRIDED, lambda W, X: _slid(W, X, stride=2), [(2, 3, 4), (3, 10)]),
    (DILATED, lambda W, X: _slid(W, X, apart=3), [(2, 3, 2), (3, 9)]),
    (POOLING, _pooled, [(2, 9)]),
    (POOLING, _pooled, [(2, 11)]),
    (STEPS, lambda X: np.diff(X), [(7,)]),
    (LAYERS, lambda W, X, V: _slid(V, np.tanh(_slid(W, X)), stride=2), [(2, 3, 2), (3, 9), (4, 2, 3)]),
]


@pytest.mark.parametrize(("formula", "forward", "shapes"), FORWARD)
def test_it_computes_what_loops_compute(
    formula: str, forward: Callable[..., Array], shapes: list[tuple[int, ...]]
) -> None:
    layer = derived(formula)
    values = [np.random.default_rng(1).normal(size=shape) for shape in shapes]
    np.testing.assert_allclose(layer.forward(*values)[0], forward(*values), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("formula", "forward", "shapes"), FORWARD)
def test_its_gradients_are_the_slopes(
    formula: str, forward: Callable[..., Array], shapes: list[tuple[int, ...]]
) -> None:
    """Against steps of the loops, in every entry of every input: also at places that no window reads."""
    layer = derived(formula)
    rng = np.random.default_rng(2)
    values = [rng.normal(size=shape) for shape in shapes]
    Y, saved = layer.forward(*values)
    dY = rng.normal(size=Y.shape)
    found = layer.backward(dY, saved)
    gradients = found if len(values) > 1 else (found,)
    for number, gradient in enumerate(gradients):
        np.testing.assert_allclose(gradient, _slopes(forward, values, number, dY), rtol=1e-6, atol=1e-7)
    assert len(gradients) == len(values)


def _slopes(forward: Callable[..., Array], values: list[Array], number: int, dY: Array) -> Array:
    slopes = np.zeros_like(values[number])
    for place in np.ndindex(slopes.shape):
        sides = []
        for step in (1e-6, -1e-6):
            moved = [value.copy() for value in values]
            moved[number][place] += step
            sides.append(float((forward(*moved) * dY).sum()))
        slopes[place] = (sides[0] - sides[1]) / 2e-6
    return slopes


@pytest.mark.parametrize("formula", [CONVOLUTION, POOLING, STEPS])
def test_it_is_proven(formula: str) -> None:
    assert derived(formula).verdict() == "proven for all sizes"


def test_a_two_dimensional_window_is_two_windows() -> None:
    layer = derive("Y[p, q] = sum[k, l](W[k, l] * X[p + k, q + l])", "X")
    W, X = np.arange(6.0).reshape(2, 3), np.random.default_rng(3).normal(size=(5, 7))
    Y, saved = layer.forward(W, X)
    dX = np.zeros_like(X)
    for p, q in np.ndindex(*Y.shape):
        dX[p : p + 2, q : q + 3] += W
    np.testing.assert_allclose(layer.backward(np.ones_like(Y), saved), dX)


def test_the_input_is_saved_and_not_its_windows() -> None:
    assert derived(CONVOLUTION).program.saved == ("W", "X")


def test_as_text_and_on_paper() -> None:
    """On paper places are counted from 1: the window p + k begins at place p where k is 1."""
    layer = derived(CONVOLUTION)
    (read, *_), (_, back, *_) = layer.source.definitions.values(), layer.gradients.values()
    assert text(read) == "X[c, p + k]"
    assert latex(read) == r"X_{c,\,p + k - 1}"
    assert "[t = p + k]" in text(back)
    assert r"\left[t = p + k - 1\right]" in latex(back)


def test_a_wrong_gradient_of_a_window_is_refuted() -> None:
    """The places forgotten on the way back: each entry of the window goes to the first place."""
    layer = derived(CONVOLUTION)
    with pytest.raises(AssertionError, match="dX"):
        layer.assert_gradient(lambda W, X, dY: (layer.backward(dY, (W, X))[0], np.zeros_like(X)))


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("Y[p] = sum[k](w[k] * X[p - k])", "line 1, column 24: p - k: a window counts forwards"),
        ("Y[p] = mean[k](X[p + k])", "line 1, column 16: p + k: how many values k takes"),
        ("Y[p] = X[p + 1] * U[p] + sum[t](X[t] * U[t])", "X[p + 1]: p takes all places of this axis elsewhere"),
        ("Y[p + 1] = X[p]", "on the left each index is a letter"),
        ("Y[p] = mean[k:0](X[p + k])", "k:0: expected an index and how many values it takes"),
        ("Y[p] = X[p * p]", "an index is a letter, a whole number, a label y[i], or a place such as 2*p + k"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(formula: str, message: str) -> None:
    with pytest.raises(FormulaError) as caught:
        derive(formula)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_labels_are_added_up_where_they_point() -> None:
    """No matrix of zeros and ones, as large as the table times itself."""
    layer: Layer = derive("Y[d, i] = E[d, t[i]]", "E")
    assert "eye" not in layer.numpy
    Y, saved = layer.forward(np.array([2, 0, 2]), np.zeros((2, 4)))
    dE: Any = layer.backward(np.ones_like(Y), saved)
    assert dE.tolist() == [[1, 0, 2, 0]] * 2


def test_windows_may_read_what_labels_have_picked() -> None:
    """A convolution over embedded words: each word's column gets what its windows send back."""
    layer = derive("E[t, d] = V[d, w[t]]\nY[p] = sum[k, d](E[p + k, d] * F[k, d])", "V")
    w, V, F = np.array([1, 0, 1, 2]), np.zeros((2, 3)), np.array([[1.0, 2.0], [10.0, 20.0]])
    Y, saved = layer.forward(w, V, F)
    dV = np.zeros((2, 3))
    for p, k in np.ndindex(len(Y), 2):
        dV[:, w[p + k]] += F[k]
    np.testing.assert_allclose(layer.backward(np.ones(len(Y)), saved), dV)
    assert layer.verdict() == "proven for all sizes"
