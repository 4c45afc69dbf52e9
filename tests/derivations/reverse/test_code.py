"""The code: finite where a spelled-out formula overflows, common parts once, and no more saved than is needed."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from derivations.reverse import Layer, derive
from derivations.reverse.execution import functions

SOFTMAX = """
    P[c, i] = softmax[c](S[c, i])
    L = -mean[i](sum[c](Y[c, i] * log(P[c, i])))
"""
SPELLED = "L = -mean[i](log(exp(S[y[i], i]) / sum[d](exp(S[d, i]))))"
BINARY = """
    A[i] = 1 / (1 + exp(-z[i]))
    L = -mean[i](t[i] * log(A[i]) + (1 - t[i]) * log(1 - A[i]))
"""
SCORES = np.array([[1000.0, -1000.0, 3.0], [-1000.0, 0.0, 1.0]])

STABLE = {
    "softmax": (derive(SOFTMAX, "S", assume="sum[c](Y[c, i]) == 1"), {"S": SCORES, "Y": np.eye(2)[:, [1, 0, 0]]}),
    "labels": (derive(SPELLED, "S"), {"S": SCORES, "y": np.array([1, 0, 0])}),
    "binary": (derive(BINARY, "z"), {"z": np.array([1000.0, -1000.0, 2.0]), "t": np.array([0.0, 0.0, 1.0])}),
}


@pytest.mark.parametrize(("layer", "values"), STABLE.values(), ids=STABLE)
def test_scores_times_1000_overflow_nowhere(layer: Layer, values: dict[str, np.ndarray]) -> None:
    forward, backward = functions(layer.numpy, layer.name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loss, saved = forward(*[values[name] for name in layer.program.inputs])
        gradient = backward(saved)
    assert np.isfinite(loss)
    assert loss > 300
    assert np.isfinite(gradient).all()
    assert np.abs(gradient).max() == pytest.approx(1 / 3)


def test_the_loss_is_that_of_the_formula_where_that_is_finite() -> None:
    layer = STABLE["labels"][0]
    S, y = np.random.default_rng(0).normal(size=(4, 5)), np.array([0, 3, 1, 2, 3])
    loss, _ = functions(layer.numpy, layer.name)[0](y, S)
    P = np.exp(S) / np.exp(S).sum(axis=0)
    assert loss == pytest.approx(-np.log(P[y, np.arange(5)]).mean(), rel=1e-14)


def test_what_is_needed_twice_is_computed_once_and_saved() -> None:
    layer = derive("A[i] = z[i] * sigmoid(z[i])", "z")
    assert layer.numpy.count("np.logaddexp") == 1
    assert layer.program.saved == ("sigmoid_z", "A")


def test_what_is_needed_once_gets_no_name() -> None:
    layer = derive("A[i] = tanh(z[i])", "z")
    assert [statement.name for statement in (*layer.program.forward, *layer.program.backward)] == ["A", "dz"]


def test_only_what_the_backward_pass_reads_is_saved() -> None:
    layer = derive("Z[v, i] = sum[u](W[v, u] * X[u, i]) + b[v]", "W, b")
    assert layer.program.saved == ("X",)
