"""A derivative of a derivative: proven, and what small steps say."""

from __future__ import annotations

import numpy as np
import pytest

from derivations import derive


def test_the_slope_of_tanhs_slope() -> None:
    second = derive("A[i] = tanh(z[i])", wrt="z").second("z")
    assert second.verdict() == "proven for all sizes"
    z, gA = np.array([-0.7, 0.2, 1.1]), np.array([1.0, -2.0, 0.5])
    gz, saved = second.forward(gA, z)
    np.testing.assert_allclose(gz, gA * (1 - np.tanh(z) ** 2))
    dgA, dz = second.backward(np.ones(3), saved)
    np.testing.assert_allclose(dz, -2 * np.tanh(z) * (1 - np.tanh(z) ** 2) * gA)
    np.testing.assert_allclose(dgA, 1 - np.tanh(z) ** 2)


def test_softmax_and_cross_entropy_have_the_hessian_of_small_steps() -> None:
    forward = "P[c, i] = softmax[c](S[c, i])\nL = -mean[i](sum[c](Y[c, i] * log(P[c, i])))"
    second = derive(forward, wrt="S", assume="sum[c](Y[c, i]) == 1", name="loss").second("S")
    rng = np.random.default_rng(0)
    S, direction, Y = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), np.eye(3)[:, [0, 2, 1, 1]]
    gS, saved = second.forward(S=S, Y=Y)
    gradients = dict(zip(second.program.gradients, second.backward(direction, saved), strict=True))
    step = 1e-6 * direction
    measured = (second.forward(S=S + step, Y=Y)[0] - second.forward(S=S - step, Y=Y)[0]) / 2e-6
    np.testing.assert_allclose(gradients["dS"], measured, atol=1e-8)  # a Hessian is symmetric
    assert gS.shape == S.shape


def test_a_name_that_has_no_gradient_is_named() -> None:
    with pytest.raises(KeyError, match="there is no gradient dA here, only dz"):
        derive("A[i] = tanh(z[i])", wrt="z").second("A")
