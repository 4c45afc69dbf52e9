"""From a forward pass to its gradients: as one would write them, proven, and as code that was run."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from sympy import tanh

from derivations import network
from derivations.__main__ import main
from derivations.calculus import Index, array, size
from derivations.calculus.writers.text import text
from derivations.reverse import FormulaError, Layer, derive
from derivations.reverse.execution import functions
from netcode.network import backward, forward, initialize, one_hot

LAYER_NORM = """
    mu[i]    = mean[j](X[i, j])
    var[i]   = mean[j]((X[i, j] - mu[i])**2)
    xh[i, j] = (X[i, j] - mu[i]) / sqrt(var[i] + eps)
    Y[i, j]  = gamma[j] * xh[i, j] + beta[j]
"""
SOFTMAX_CROSS_ENTROPY = """
    P[c, i] = softmax[c](S[c, i])
    L       = -mean[i](sum[c](Y[c, i] * log(P[c, i])))
"""
ATTENTION = """
    S[q, k] = sum[d](Q[q, d] * K[k, d]) / sqrt(size(d))
    P[q, k] = softmax[k](S[q, k])
    O[q, v] = sum[k](P[q, k] * V[k, v])
"""

LAYERS = {
    "affine": ("Z[v, i] = sum[u](W[v, u] * X[u, i]) + b[v]", "X, W, b", ""),
    "tanh": ("A[i] = tanh(Z[i])", "Z", ""),
    "layer_norm": (LAYER_NORM, "X, gamma, beta", "eps > 0"),
    "softmax_cross_entropy": (SOFTMAX_CROSS_ENTROPY, "S", "sum[c](Y[c, i]) == 1"),
    "labels": ("L = mean[i](logsumexp[c](S[c, i]) - S[y[i], i])", "S", ""),
    "attention": (ATTENTION, "Q, K, V", ""),
    "rms_norm": ("r[i] = 1 / sqrt(mean[j](X[i, j]**2) + eps)\nY[i, j] = g[j] * X[i, j] * r[i]", "X, g", "eps > 0"),
}


@cache
def layer(name: str) -> Layer:
    forward, wrt, assume = LAYERS[name]
    return derive(forward, wrt, assume=assume, name=name)


def lines(name: str) -> list[str]:
    """The gradients in the order of the code, as text."""
    return [f"{text(gradient)} = {text(value)}" for gradient, value in layer(name).gradients.items()]


def test_the_affine_layer_comes_out_as_in_its_chapter() -> None:
    assert lines("affine") == [
        "dX[u, i] = sum_v(W[v, u]*dZ[v, i])",
        "dW[v, u] = sum_i(X[u, i]*dZ[v, i])",
        "db[v] = sum_i(dZ[v, i])",
    ]


def test_a_slope_is_written_by_the_output() -> None:
    assert lines("tanh") == ["dZ[i] = (1 - A[i]**2)*dA[i]"]


def test_softmax_and_cross_entropy_come_out_as_the_difference() -> None:
    assert lines("softmax_cross_entropy") == ["dS[c, i] = (P[c, i] - Y[c, i])/n_i"]


def test_layer_norm_comes_out_as_textbooks_have_it() -> None:
    (line,) = [line for line in lines("layer_norm") if line.startswith("dX")]
    inner = "dxh[i, j] - xh[i, j]*sum_j'(dxh[i, j']*xh[i, j'])/n_j - sum_j'(dxh[i, j'])/n_j"
    assert line == f"dX[i, j] = ({inner})/sqrt(eps + var[i])"


def test_what_adds_up_to_zero_is_left_out() -> None:
    reasons = [reason for step in layer("layer_norm")._chains.of.values() for _, reason in step]
    assert "the rest adds up to 0" in reasons


@pytest.mark.parametrize("name", LAYERS)
def test_every_link_every_gradient_and_the_code_are_right(name: str) -> None:
    outcomes = layer(name).outcomes
    assert [outcome for outcome in outcomes if not outcome.as_expected] == []
    assert {f"{name}.d{wrt}" for wrt in layer(name).wrt} <= {outcome.claim.id for outcome in outcomes}
    assert outcomes[-1].claim.id == f"{name}.code"
    assert layer(name).verdict().startswith("proven for all sizes")


def test_the_text_has_steps_verdict_and_code() -> None:
    written = str(layer("tanh"))
    assert "chain rule: through A" in written
    assert "\nproven for all sizes\n" in written
    assert "dZ = dA * (1 - A**2)" in written


def test_every_gradient_that_a_step_speaks_of_is_shown() -> None:
    assert [step.result_name for step in layer("layer_norm").steps] == ["dxh", "dvar", "dmu", "dX", "dgamma", "dbeta"]


@pytest.mark.parametrize("name", LAYERS)
def test_the_code_is_run_before_it_is_returned(name: str) -> None:
    assert f"def {name}_backward" in layer(name).numpy


def test_a_wrong_sign_in_the_code_is_seen() -> None:
    right = layer("layer_norm")
    wrong = right.numpy.replace("- xh * ", "+ xh * ")
    assert wrong != right.numpy
    decision = right._code_check(wrong).compare()
    assert decision.verdict == "refuted"
    assert decision.reason == "the code for dX"


def test_the_code_of_attention() -> None:
    lines = layer("attention").numpy.splitlines()
    assert lines[lines.index("def attention_backward(dO, saved):") + 1 :][:6] == [
        "    (Q, K, V, P) = saved",
        "    dP = dO @ V.T",
        "    dS = P * (dP - (P * dP).sum(axis=1, keepdims=True))",
        "    dQ = dS @ K / np.sqrt(K.shape[1])",
        "    dK = dS.T @ Q / np.sqrt(Q.shape[1])",
        "    dV = P.T @ dO",
    ]


def test_the_code_gives_the_derivative_of_the_forward_pass() -> None:
    forward, backward = functions(layer("layer_norm").numpy, "layer_norm")
    rng = np.random.default_rng(0)
    X, gamma, beta, dY = rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=3), rng.normal(size=(5, 3))
    _, saved = forward(X, 1e-5, gamma, beta)
    dX, _, _ = backward(dY, saved)
    step = rng.normal(size=(5, 3))
    moved = forward(X + 1e-30j * step, 1e-5, gamma, beta)[0]
    assert np.isclose((dX * step).sum(), (dY * moved.imag).sum() / 1e-30, rtol=1e-12)


def test_an_unknown_name_in_wrt_is_named() -> None:
    with pytest.raises(FormulaError, match=r"wrt: there is no input Q; the inputs are W, X, b"):
        derive(LAYERS["affine"][0], "Q")


def test_the_chapters_own_definitions_are_a_forward_pass() -> None:
    whole = derive(network.where, wrt="W1, b1, W2, b2", assume="sum[c](Y[c, i]) == 1", name="network")
    assert whole.verdict() == "proven for all sizes"
    parameters, rng = initialize(3, 4, 2, seed=0), np.random.default_rng(0)
    X, Y, lam = rng.normal(size=(3, 5)), one_hot(rng.integers(2, size=5), 2), 0.3
    columns = {"b1": parameters.b1[:, 0], "b2": parameters.b2[:, 0]}
    *_, saved = whole.forward(W1=parameters.W1, W2=parameters.W2, X=X, Y=Y, lam=lam, **columns)
    wanted = backward(X, Y, parameters, forward(X, parameters), lam).gradient
    found = whole.backward(saved)
    for got, right in zip(found, (wanted.W1, wanted.b1[:, 0], wanted.W2, wanted.b2[:, 0]), strict=True):
        np.testing.assert_allclose(got, right, rtol=1e-12, atol=1e-15)


def test_definitions_may_stand_in_any_order_but_not_in_a_circle() -> None:
    i = Index("i", size("n"))
    Z, A, Y = (array(name, i.size) for name in "ZAY")
    layer = derive({Y[i]: A[i] ** 2, A[i]: tanh(Z[i])})
    assert list(layer.program.inputs) == ["Z"]
    assert layer.verdict() == "proven for all sizes"
    with pytest.raises(FormulaError, match="in a circle: A, Y"):
        derive({Y[i]: A[i] ** 2, A[i]: tanh(Y[i])})
    with pytest.raises(FormulaError, match="there is no forward pass"):
        derive({})


def test_several_losses_are_added() -> None:
    layer = derive("L = sum[i](x[i]**2)\nM = sum[i](x[i])", wrt="x")
    *_, saved = layer.forward(np.array([1.0, 2.0]))
    assert layer.backward(saved).tolist() == [3.0, 5.0]


def test_what_takes_too_long_stays_undecided_and_says_so() -> None:
    layer = derive("A[i] = tanh(Z[i] + sin(Z[i])**3)", wrt="Z", seconds=0)  # in no other test: none has decided it
    assert layer.verdict() == "undecided: there was no time for it within 0 s: layer.dZ.2, the derivative of each"


def test_a_third_power_is_written_as_products() -> None:
    """NumPy raises to it by logarithms, which takes a hundred times as long."""
    layer = derive("A[i] = z[i]**3 + 1/z[i]**3", wrt="z", assume="z > 0")
    assert "z * z**2" in layer.numpy
    assert "**3" not in layer.numpy


@pytest.mark.parametrize(
    "function", ["log(X[i] - 3)", "sqrt(X[i] - 3)", "log(-X[i])", "log(2 - X[i])", "log(log(X[i]))"]
)
def test_what_is_defined_in_a_part_of_the_numbers_is_decided_there(function: str) -> None:
    layer = derive(f"Y[i] = {function}", wrt="X")
    assert layer.verdict().startswith("proven for all sizes, provided that ")
    assert "return dX" in layer.numpy


def test_what_is_defined_nowhere_stays_undecided() -> None:
    layer = derive("Y[i] = log(X[i] - 3) + log(2 - X[i])", wrt="X")
    assert layer.verdict().startswith("undecided: no numbers were found at which the formulas are defined")


def test_a_diagonal_is_read_as_one() -> None:
    """P[i, i] in a contrastive loss, be it of an input or of a softmax, whose logarithm stays finite."""
    trace = derive("L = sum[i](log(P[i, i]))", wrt="P")
    P = np.array([[2.0, 3.0], [5.0, 4.0]])
    np.testing.assert_allclose(trace.backward(trace.forward(P)[-1]), [[0.5, 0], [0, 0.25]])
    for over, axis in (("j", 1), ("i", 0)):
        layer = derive(f"P[i, j] = softmax[{over}](S[i, j])\nL = -mean[i](log(P[i, i]))", wrt="S")
        assert layer.verdict() == "proven for all sizes"
        S = 1000 * np.array([[1.0, 2.0], [4.0, 3.0]])
        L, saved = layer.forward(S)
        assert (1000 if axis else 1500) == L
        np.testing.assert_allclose(
            layer.backward(saved), np.array([[-1, 1], [1, -1]] if axis else [[-1, 0], [1, 0]]) / 2
        )


def test_the_logarithm_of_a_label_s_probability_stays_finite() -> None:
    layer = derive("P[i, j] = softmax[j](S[i, j])\nL = -sum[i](log(P[i, y[i]]))", wrt="S")
    assert layer.forward(1000 * np.eye(3), np.array([1, 1, 0]))[0] == 2000


def test_a_number_with_too_many_digits_is_the_nearest_float() -> None:
    code = derive("A[i] = 1.0507009873554805 * 1.6732632423543772 * z[i] + 0.1 * z[i]", wrt="z").numpy
    assert str(1.0507009873554805 * 1.6732632423543772 + 0.1)[:12] in code
    assert "/" not in code


def test_code_that_is_found_wrong_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line and exit 1, should the generator of code ever be wrong."""
    formula = tmp_path / "cubes.txt"
    formula.write_text("A[i] = z[i]**3 + 7", encoding="utf-8")
    monkeypatch.setattr(
        Layer,
        "_source",
        "def cubes_forward(z):\n    return z, (z,)\n\n\ndef cubes_backward(dA, saved):\n    return dA\n",
    )
    assert main(["derive", str(formula)]) == 1
    out, err = capsys.readouterr()
    assert err.startswith("derivations: cubes: the code for A: at ")
    assert err.endswith(": this code is wrong, and isn't shown\n")
    assert err.count("\n") == 1
    assert "def cubes" not in out


def test_labels_pick_rows_that_are_learned() -> None:
    """The center loss: the distance of each example from its class's own row, which gets the sum of what comes back."""
    layer = derive("L = sum[i, d]((X[i, d] - C[y[i], d])**2) / 2", wrt="X, C")
    assert layer.verdict() == "proven for all sizes"
    X, C, y = np.array([[1.0, 2], [3, 5], [0, 1]]), np.array([[1.0, 1], [2, 2]]), np.array([1, 0, 1])
    dX, dC = layer.backward(layer.forward(X, y, C)[-1])
    np.testing.assert_array_equal(dX, X - C[y])
    np.testing.assert_array_equal(dC, [C[0] - X[1], 2 * C[1] - X[0] - X[2]])
