"""Mistakes that libraries have shipped, or papers printed, in our own words and code: all are found, and named.

Where each was reported stands beside it. None of the libraries' own code is here.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from derivations import derive
from derivations.layers import operators
from derivations.reverse import Layer

TEXTS = {
    "rope_halves": """
        U[t, d] = X[t, d] * cos1[t, d] - Z[t, d] * sin1[t, d]
        V[t, d] = Z[t, d] * cos2[t, d] + X[t, d] * sin2[t, d]
    """,
    "layer_norm_of_rank_3": """
        mu[b, t] = mean[j](X[b, t, j])
        var[b, t] = mean[j]((X[b, t, j] - mu[b, t])**2)
        xh[b, t, j] = (X[b, t, j] - mu[b, t]) / sqrt(var[b, t] + eps)
        Y[b, t, j] = gamma[j] * xh[b, t, j] + beta[j]
    """,
    "conic": """
        det[g] = a[g] * c[g] - b[g]**2
        A[g] = c[g] / det[g]
        B[g] = -b[g] / det[g]
        C[g] = a[g] / det[g]
    """,
    "scaled_softplus": "Y[i] = log(1 + exp(beta * X[i])) / beta",
    "preference": """
        u[i] = beta * (w[i] - l[i])
        L = -mean[i](log(sigmoid(u[i])))
    """,
}
WRT = {"rope_halves": "X, Z", "layer_norm_of_rank_3": "X, gamma, beta", "conic": "a, b, c", "scaled_softplus": "X",
       "preference": "w, l"}  # fmt: skip


@cache
def layer(name: str) -> Layer:
    if name in operators():
        return operators()[name].layer
    return derive(TEXTS[name], wrt=WRT[name], assume="eps > 0" if "eps" in TEXTS[name] else "", name=name)


def llm_c(dY: Any, X: Any, g: Any, r: Any) -> Any:
    """karpathy/llm.c, pull request 763: RMS normalization, the weight forgotten in the sum."""
    r = r[:, None]
    return r * g * dY - X * r**3 * (dY * X).mean(1, keepdims=True), (dY * X * r).sum(0)


def paddle(dU: Any, dV: Any, cos1: Any, sin1: Any, cos2: Any) -> Any:
    """PaddlePaddle, pull request 74716: rotary embedding, one half's sine used for the other's."""
    return dU * cos1 + dV * sin1, dV * cos2 - dU * sin1


def flag_gems(dY: Any, gamma: Any, xh: Any, var: Any, eps: Any) -> Any:
    """FlagGems, issue 5392: layer normalization of rank 3, the weight's gradient added up over one axis only."""
    dxh = dY * gamma
    centered = dxh - dxh.mean(-1, keepdims=True) - xh * (dxh * xh).mean(-1, keepdims=True)
    dX = centered / np.sqrt(var + eps)[..., None]
    return {"dX": dX, "dgamma": (dY * xh).sum(0).mean(0), "dbeta": dY.sum((0, 1))}


def splatting(dA: Any, dB: Any, dC: Any, a: Any, b: Any, c: Any, det: Any) -> Any:
    """graphdeco-inria/gaussian-splatting, issue 551: an inverse covariance, half of the mixed gradient."""
    da = (-c * c * dA + b * c * dB + (det - a * c) * dC) / det**2
    db = (2 * b * c * dA - (det + 2 * b * b) * dB + 2 * a * b * dC) / det**2
    dc = ((det - a * c) * dA + a * b * dB - a * a * dC) / det**2
    return da, db / 2, dc


def tinygrad(dA: Any, z: Any) -> Any:
    """tinygrad, pull request 1113: the sigmoid's slope from its input."""
    return dA * z * (1 - z)


def tiny_cuda_nn(dY: Any, X: Any) -> Any:
    """The softplus of tiny-cuda-nn: the factor in the exponent forgotten in the slope."""
    return dY / (1 + np.exp(-X))


def mlpack(dY: Any, X: Any, gamma: Any, mu: Any, var: Any, xh: Any, eps: Any) -> Any:
    """mlpack, pull request 2474: layer normalization, the mean's gradient without the deviation."""
    D, deviation = X.shape[1], np.sqrt(var + eps)[:, None]
    dxh = dY * gamma
    dvar = (-dxh * (X - mu[:, None]) / (2 * deviation**3)).sum(1, keepdims=True)
    dX = dxh / deviation + 2 * (X - mu[:, None]) / D * dvar - dxh.sum(1, keepdims=True) / D
    return dX, (dY * xh).sum(0), dY.sum(0)


def flash_attention(dO: Any, K: Any, Q: Any, V: Any, P: Any, O: Any) -> Any:
    """Dao-AILab/flash-attention, issues about formulas in print: the scale of the scores left out on the way back."""
    dS = P * (dO @ V.T - (dO * O).sum(1, keepdims=True))
    return dS @ K, dS.T @ Q, P.T @ dO


def dpo(u: Any, beta: Any) -> Any:
    """The paper on direct preference optimization, appendix A.4, as read in its repository's issue 63."""
    slope = beta / (1 + np.exp(-u)) / len(u)
    return -slope, slope


def statistics_as_constants(dY: Any, gamma: Any, var: Any, xh: Any, eps: Any) -> Any:
    """Batch normalization trained with the gradient of its evaluation mode."""
    return gamma[:, None] * dY / np.sqrt(var + eps)[:, None], (dY * xh).sum(1), dY.sum(1)


def unbiased(dY: Any, gamma: Any, var: Any, xh: Any, eps: Any) -> Any:
    """Batch normalization with the unbiased variance on the way back alone."""
    m = dY.shape[1]
    dxh = gamma[:, None] * dY
    dX = dxh - dxh.mean(1, keepdims=True) - xh * (dxh * xh).sum(1, keepdims=True) / (m - 1)
    return dX / np.sqrt(var + eps)[:, None], (dY * xh).sum(1), dY.sum(1)


def twice_the_slope(A: Any, t: Any) -> Any:
    """Binary cross-entropy behind a sigmoid, the slope applied to A - t once more."""
    return (A - t) * A * (1 - A) / len(t)


@pytest.mark.parametrize(
    ("name", "function", "wrong", "words"),
    [
        ("rms_norm", llm_c, {"dX"}, "the factor g[j] is missing"),
        ("rope_halves", paddle, {"dX"}, "sin1 stands where sin2 belongs"),
        ("layer_norm_of_rank_3", flag_gems, {"dgamma"}, "1/n_t times"),
        ("conic", splatting, {"db"}, "db is 1/2 times what it should be"),
        ("sigmoid", tinygrad, {"dz"}, "z[i] stands where sigmoid(z[i]) belongs"),
        ("scaled_softplus", tiny_cuda_nn, {"dX"}, "beta counts as 1 on the way back"),
        ("layer_norm", mlpack, {"dX"}, "in dmu, the factor 1/sqrt(eps + var[i]) is missing"),
        ("attention", flash_attention, {"dQ", "dK"}, "dK and dQ are sqrt(n_d) times what they should be"),
        ("preference", dpo, {"dw", "dl"}, "sigmoid(u[i]) stands where 1 - sigmoid(u[i]) belongs"),
        ("batch_norm", statistics_as_constants, {"dX"}, "through mu is missing; the part of dX through var is missing"),
        ("batch_norm", unbiased, {"dX"}, "the part of dX through var is n_i/(n_i - 1) times"),
        ("binary_cross_entropy", twice_the_slope, {"dz"}, "the slope (1 - A[i])*A[i] is there, too"),
    ],
)
def test_it_is_found_and_named(name: str, function: Any, wrong: set[str], words: str) -> None:
    found = layer(name).diagnose(function)
    assert set(found.wrong) == wrong, str(found)
    assert not found.unexplained, str(found)
    assert words in str(found)
