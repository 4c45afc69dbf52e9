"""What is wrong with a backward pass of any layer: as people write them, right ones among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from derivations import Layer, derive, derived
from derivations.layers import operators
from derivations.proofs.claims import ClaimError
from derivations.reverse import FormulaError
from derivations.reverse.diagnosis.places import places

Array = Any

LAYER_NORM, ATTENTION, CROSS_ENTROPY = derived.layer_norm, derived.attention, derived.cross_entropy
SOFTMAX = operators()["softmax"].layer


PARTLY_DEFINED = {
    "Y[i] = log(X[i] / (1 - X[i]))": lambda dY, X: dY / (X * (1 - X)),
    "Y[i] = sqrt(1 - X[i]**2)": lambda dY, X: -dY * X / np.sqrt(1 - X**2),
    "L = -mean[i](t[i] * log(X[i]) + (1 - t[i]) * log(1 - X[i]))": lambda X, t: (X - t) / (X * (1 - X)) / len(X),
}


@pytest.mark.parametrize("forward", PARTLY_DEFINED)
def test_functions_are_asked_where_the_formulas_are_defined(forward: str) -> None:
    layer = derive(forward, wrt="X", name="partly")
    assert layer.diagnose(PARTLY_DEFINED[forward]).is_right
    assert layer.diagnose(lambda X: X).wrong == ("dX",)
    assert layer.check(PARTLY_DEFINED[forward], "bfloat16").is_right


def test_a_layer_that_is_defined_nowhere_says_so() -> None:
    layer = derive("Y[i] = log(-X[i]**2 - 1)", wrt="X", name="nowhere")
    with pytest.raises(ClaimError, match=r"^nowhere: no numbers were found at which the formulas are defined$"):
        layer.diagnose(lambda X: X)
    with pytest.raises(FormulaError, match=r"^no numbers were found at which the formulas are defined"):
        places(layer.source.definitions, layer.gradients, [], [], ())


def layer_norm(
    dY: Array, X: Array, gamma: Array, eps: float, *, through: str = "mu var", root: Callable[..., Array] | None = None
) -> tuple[Array, Array, Array]:
    centred = X - X.mean(axis=1, keepdims=True)
    variance = (centred**2).mean(axis=1, keepdims=True)
    deviation = np.sqrt(variance + eps) if root is None else root(variance, eps)
    xh, dxh = centred / deviation, dY * gamma
    dX = dxh.copy()
    if "mu" in through:
        dX -= dxh.mean(axis=1, keepdims=True)
    if "var" in through:
        dX -= xh * (dxh * xh).mean(axis=1, keepdims=True)
    return dX / deviation, (dY * xh).sum(axis=0), dY.sum(axis=0)


def attention(
    dO: Array, Q: Array, K: Array, V: Array, *, scale: bool = True, diagonal: bool = False
) -> dict[str, Array]:
    width = np.sqrt(Q.shape[1])
    E = np.exp(Q @ K.T / width)
    P = E / E.sum(axis=1, keepdims=True)
    dP = dO @ V.T
    dS = P * (dP - (P * dP if diagonal else (P * dP).sum(axis=1, keepdims=True)))
    dS = dS / width if scale else dS
    return {"grad_V": P.T @ dO, "grad_Q": dS @ K, "grad_K": dS.T @ Q}


def test_right_ones_are_right() -> None:
    assert str(LAYER_NORM.diagnose(layer_norm)) == "dX, dgamma and dbeta are right."
    assert str(ATTENTION.diagnose(attention)) == "dQ, dK and dV are right."
    assert LAYER_NORM.diagnose(lambda dY, saved: LAYER_NORM.backward(dY, saved)).is_right


def test_float32_is_judged_by_float32() -> None:
    """NumPy makes float64 of it at the first scalar, so the type of the answer says nothing."""

    def short(dO: Array, Q: Array, K: Array, V: Array) -> dict[str, Array]:
        return attention(*(value.astype(np.float32) for value in (dO, Q, K, V)))

    found = ATTENTION.diagnose(short)
    assert found.is_right
    assert "so to seven digits only: the precision of float32." in str(found)


def test_a_mistake_that_float32_would_hide_is_not_passed_over() -> None:
    def nearly(dO: Array, Q: Array, K: Array, V: Array) -> dict[str, Array]:
        right = attention(dO, Q, K, V)
        return {**right, "grad_V": right["grad_V"] * (1 + 1e-6)}

    assert str(ATTENTION.diagnose(nearly)).splitlines() == [
        "dQ, dK and dV are right.",
        "dV is so to seven digits only: the precision of float32.",
    ]


def test_a_pair_of_functions_is_asked_for_both() -> None:
    def forward(X: Array, gamma: Array, beta: Array, eps: float) -> tuple[Array, Any]:
        return gamma * X + beta, (X, gamma, eps)

    def backward(dout: Array, cache: Any) -> tuple[Array, Array, Array]:
        X, gamma, eps = cache
        return layer_norm(dout, X, gamma, eps)

    assert LAYER_NORM.diagnose((forward, backward)).is_right


def outside(variance: Array, eps: float) -> Array:
    return np.sqrt(variance) + eps


def over_examples(dY: Array, X: Array, gamma: Array, eps: float, xh: Array) -> tuple[Array, Array, Array]:
    _, dgamma, dbeta = layer_norm(dY, X, gamma, eps)
    g = dY * gamma
    deviation = np.sqrt(X.var(axis=1, keepdims=True) + eps)
    return (g - g.mean(axis=0) - xh * (g * xh).mean(axis=0)) / deviation, dgamma, dbeta


def with_dgamma(dY: Array, X: Array, gamma: Array, eps: float, dgamma: Array) -> tuple[Array, Array, Array]:
    dX, _, dbeta = layer_norm(dY, X, gamma, eps)
    return dX, dgamma, dbeta


@pytest.mark.parametrize(
    ("layer", "function", "wrong", "words"),
    [
        (LAYER_NORM, lambda dY, X, gamma, eps: layer_norm(dY, X, gamma, eps, through="mu"),
         "dX", 'the part of dX through var is missing'),
        (LAYER_NORM, lambda dY, X, gamma, eps: layer_norm(dY, X, gamma, eps, through="var"),
         "dX", 'the part of dX through mu is missing'),
        (LAYER_NORM, lambda dY, X, gamma, eps: layer_norm(dY, X, gamma, 0.0),
         'dX dgamma', 'eps is missing on the way back'),
        (LAYER_NORM, lambda dY, X, gamma, eps: layer_norm(dY, X, gamma, eps, root=outside),
         'dX dgamma', 'eps is outside of the root'),
        (LAYER_NORM, lambda dY, X, gamma, eps: layer_norm(dY, X, np.ones_like(gamma), eps),
         "dX", 'the factor gamma[j] is missing'),
        (LAYER_NORM, lambda dY, X, gamma, eps: with_dgamma(dY, X, gamma, eps, (dY * X).sum(axis=0)),
         'dgamma', 'X stands where xh belongs'),
        (LAYER_NORM, lambda dY, X, gamma, eps: (*layer_norm(dY, X, gamma, eps)[:2], dY.mean(axis=0)),
         'dbeta', 'dbeta is 1/n_i times what it should be'),
        (LAYER_NORM, lambda dY, X, gamma, eps: (0 * X, *layer_norm(dY, X, gamma, eps)[1:]),
         "dX", 'dX is all zeros'),
        (LAYER_NORM, over_examples,
         "dX", 'the sums over j run over i instead'),
        (SOFTMAX, lambda dP, P: P * dP - P * P * dP.sum(axis=0),
         "dS", "stands outside of the sum"),
        (SOFTMAX, lambda dP, P: P * (dP - (P * dP).sum(axis=0)) * P * (1 - P),
         "dS", "the slope (1 - P[c, i])*P[c, i] is there, too"),
        (SOFTMAX, lambda dP, S: S * (dP - (S * dP).sum(axis=0)),
         "dS", "S stands where P belongs"),
        (ATTENTION, lambda dO, Q, K, V: attention(dO, Q, K, V, scale=False),
         'dQ dK', 'dK and dQ are sqrt(n_d) times what they should'),
        (ATTENTION, lambda dO, Q, K, V: attention(dO, Q, K, V, diagonal=True),
         'dQ dK', "the sum sum_k'(P[q, k']*dP[q, k']) is missing"),
        (CROSS_ENTROPY, lambda P, Y: P - Y,
         'dZ', 'dZ is n_i times what it should be'),
        (CROSS_ENTROPY, lambda dL, P, Y: (P - Y) / Y.shape[1],
         'dZ', 'dZ is 1/dL times what it should be'),
        (CROSS_ENTROPY, lambda P, Y: (Y - P) / Y.shape[1],
         'dZ', 'dZ has the wrong sign'),
    ],
)  # fmt: skip
def test_one_mistake_is_named(layer: Layer, function: Callable[..., Any], wrong: str, words: str) -> None:
    found = layer.diagnose(function)
    assert found.wrong == tuple(wrong.split())
    assert not found.unexplained
    assert words in str(found)


def test_a_gradient_that_comes_back_transposed_is_told_so() -> None:
    found = SOFTMAX.diagnose(lambda dP, P: (P * (dP - (P * dP).sum(axis=0))).T)
    assert str(found).startswith("dS comes back transposed: it has the shape (")


def test_two_mistakes_in_two_gradients_are_both_named() -> None:
    def twice(dO: Array, Q: Array, K: Array, V: Array) -> dict[str, Array]:
        right = attention(dO, Q, K, V)
        return {**right, "grad_Q": -right["grad_Q"], "grad_V": 2 * right["grad_V"]}

    found = ATTENTION.diagnose(twice)
    assert found.right == ("dK",)
    assert "dQ has the wrong sign." in str(found)
    assert "dV is 2 times what it should be." in str(found)


def test_what_no_change_explains_is_said_so() -> None:
    found = LAYER_NORM.diagnose(
        lambda dY, X, gamma, eps: (np.sin(dY * X), *layer_norm(dY, X, gamma, eps)[1:])
    )  # fmt: skip
    assert found.unexplained == ("dX",)
    assert "What is wrong with dX is no single change of the derived formula." in str(found)
    assert "right: dX = " in str(found)


def test_state_between_calls_is_seen() -> None:
    calls: list[int] = []

    def counting(dO: Array, Q: Array, K: Array, V: Array) -> dict[str, Array]:
        calls.append(1)
        return {key: len(calls) * value for key, value in attention(dO, Q, K, V).items()}

    assert str(ATTENTION.diagnose(counting)) == "Asked twice with the same numbers, it answers differently."


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda dO, foo: dO, "what is the parameter foo? Call it by the layer's name for it: dO, "),
        (lambda dO, Q: dO @ Q, "fails with dO (5, 6), Q (5, 3): ValueError: matmul"),
        (lambda dO: dO, "3 gradients are wanted, dQ, dK, dV; 1 came back"),
        (lambda dO: {"dQ": dO}, "there is no dK, dV among the results, only dQ"),
        (lambda Q, K, V: {"dQ": Q.T, "dK": K, "dV": V}, "dQ has the shape (3, 5) instead of (5, 3), at n_d = 3"),
    ],
)
def test_a_function_that_cannot_be_asked_gets_one_line(function: Callable[..., Any], words: str) -> None:
    found = ATTENTION.diagnose(function)
    assert not found.is_right
    assert words in str(found)
    assert len(str(found).splitlines()) == 1


def test_nothing_of_the_layers_is_changed() -> None:
    def spoiling(dO: Array, Q: Array, K: Array, V: Array) -> dict[str, Array]:
        answer = attention(dO, Q, K, V)
        Q *= 0
        return answer

    assert ATTENTION.diagnose(spoiling).is_right


def test_in_a_test_of_ones_own() -> None:
    ATTENTION.assert_gradient(attention)
    with pytest.raises(AssertionError, match="attention: dQ and dK are wrong, dV is right"):
        ATTENTION.assert_gradient(lambda dO, Q, K, V: attention(dO, Q, K, V, scale=False))
