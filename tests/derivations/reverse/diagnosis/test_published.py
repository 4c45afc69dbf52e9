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
    "normalization": """
        n[i] = sqrt(sum[j](X[i, j]**2))
        Y[i, j] = X[i, j] / (n[i] + eps)
    """,
    "division": "Y[i, j] = X[i, j] / s",
    "difference": "Y[i] = A[i] - B[i]",
    "modified_huber": "L = sum[i](relu(1 - y[i] * p[i])**2 - relu(-1 - y[i] * p[i])**2)",
    "norm_beside_residual": """
        H[i, j] = R[i, j] + X[i, j]
        r[i] = 1 / sqrt(mean[j](H[i, j]**2) + eps)
        Y[i, j] = g[j] * H[i, j] * r[i]
        Z[i, j] = 1 * H[i, j]
    """,
    "gated_norm": """
        r[i] = 1 / sqrt(mean[j](X[i, j]**2) + eps)
        N[i, j] = g[j] * X[i, j] * r[i]
        H[i, j] = N[i, j] * G[i, j] * sigmoid(G[i, j])
        Y[i, k] = sum[j](H[i, j] * W[k, j])
    """,
    "norm_of_one_factor": """
        r[i] = 1 / sqrt(mean[j](B[i, j]**2) + eps)
        N[i, j] = g[j] * B[i, j] * r[i]
        Y[i, j] = N[i, j] * U[i, j]
    """,
    "norm_in_groups": """
        r[i, k] = 1 / sqrt(mean[j](X[i, k, j]**2) + eps)
        Y[i, k, j] = g[k, j] * X[i, k, j] * r[i, k]
    """,
    "zoneout": "Y[t, i] = M[t, i] * H[t, i] + (1 - M[t, i]) * G[t, i]",
    "softmax_regression": """
        Z[c, i] = sum[u](W[c, u] * X[u, i]) + b[c]
        P[c, i] = softmax[c](Z[c, i])
        L = -sum[c, i](Y[c, i] * log(P[c, i]))
    """,
}
ASSUMED = {"softmax_regression": "sum[c](Y[c, i]) == 1"}
WRT = {"rope_halves": "X, Z", "layer_norm_of_rank_3": "X, gamma, beta", "conic": "a, b, c", "scaled_softplus": "X",
       "preference": "w, l", "normalization": "X", "division": "X", "difference": "A, B", "modified_huber": "p",
       "norm_beside_residual": "R, X, g", "gated_norm": "X, g, G, W", "norm_of_one_factor": "B, g, U",
       "norm_in_groups": "X, g", "zoneout": "H, G", "softmax_regression": "W, b"}  # fmt: skip


@cache
def layer(name: str) -> Layer:
    if name in operators():
        return operators()[name].layer
    assumed = ASSUMED.get(name, "eps > 0" if "eps" in TEXTS[name] else "")
    return derive(TEXTS[name], wrt=WRT[name], assume=assumed, name=name)


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


def chainer_normalize(dY: Any, X: Any, n: Any, eps: Any) -> Any:
    """chainer, pull request 4190: a length plus eps, wrong wherever eps can't be neglected."""
    N = (n + eps)[:, None]
    return dY / N - X * (X * dY).sum(1, keepdims=True) / N**3


def neon(dY: Any, X: Any) -> Any:
    """NervanaSystems/neon, issue 252: a division by a constant that came back multiplied by its input."""
    return dY * X


def knet(dY: Any, X: Any, mu: Any, var: Any, xh: Any, eps: Any) -> Any:
    """denizyuret/Knet.jl, issue 288: batch normalization on the CPU, the scale left out of the input's gradient."""
    m, centred = X.shape[1], X - mu[:, None]
    deviation = np.sqrt(var + eps)[:, None]
    g = dY / deviation
    dvar = -(g * centred).sum(1, keepdims=True) / (2 * deviation**2)
    dmu = -g.sum(1, keepdims=True) - 2 * dvar * centred.sum(1, keepdims=True) / m
    return g + 2 * dvar * centred / m + dmu / m, (dY * xh).sum(1), dY.sum(1)


def chainer_huber(dL: Any, z: Any, t: Any, delta0: Any) -> Any:
    """chainer, pull request 1178: the Huber loss, as if its own gradient were always 1."""
    return np.clip(z - t, -delta0, delta0) / len(z)


def stdlib(y: Any, p: Any) -> Any:
    """stdlib-js/stdlib, issue 13111: the modified Huber loss, a 2 forgotten where it is a square."""
    margin = y * p
    return np.where(margin < -1, -4 * y, np.where(margin < 1, -(y - margin * y), 0))


def attorch(z: Any, t: Any, delta0: Any) -> Any:
    """BobMcDear/attorch, issue 13: the Huber loss, the signed difference held against the threshold."""
    difference = z - t
    return np.where(difference <= delta0, difference, delta0 * np.sign(difference)) / len(z)


def mlpack_elu(dA: Any, z: Any, alpha: Any) -> Any:
    """mlpack, pull request 1540: ELU, whose slope by the output was given the input."""
    return dA * np.where(z > 0, 1, z + alpha)


def unsloth(dA: Any, U: Any, Z: Any) -> Any:
    """unslothai/unsloth, as its issue 3314 reads it: SwiGLU, the two gradients stored in each other's place."""
    gate = 1 / (1 + np.exp(-Z))
    return {"dU": dA * U * gate * (1 + Z * (1 - gate)), "dZ": dA * Z * gate}


def libnd4j(dP: Any, P: Any) -> Any:
    """deeplearning4j/libnd4j, issue 440: of softmax's derivative the diagonal alone."""
    return dP * P * (1 - P)


def darknet(dP: Any) -> Any:
    """pjreddie/darknet, pull request 96: softmax, the gradient handed on as it came."""
    return dP


def mlpack_log_softmax(dG: Any, G: Any) -> Any:
    """mlpack, issue 2360: log-softmax, the probabilities added instead of subtracted, and not times the sum."""
    return np.exp(G) + dG


def deeplearning4j(dA: Any, z: Any) -> Any:
    """deeplearning4j, issue 8178: leaky ReLU, whose slope isn't handed to the way back."""
    return dA * np.where(z > 0, 1, 0.01)


def micrograd_c(dY: Any) -> Any:
    """KhawajaAbaid/micrograd_c, issue 1: a subtraction, both gradients with the same sign."""
    return {"dA": dY, "dB": dY}


def stat453(P: Any, Y: Any, X: Any) -> Any:
    """rasbt/stat453-deep-learning-ss21, issue 5: softmax regression, one sum for all biases."""
    dZ = P - Y
    return dZ @ X.T, np.full(len(P), dZ.sum())


def kvfrans(dY: Any, X: Any, W: Any) -> Any:
    """kvfrans/notes, issue 5: a mean over the batch where the bias takes the sum."""
    return W.T @ dY, dY @ X.T, dY.mean(1)


def quack(dY: Any, dZ: Any, H: Any, r: Any, g: Any) -> Any:
    """Dao-AILab/quack, pull request 53: the residual's gradient goes through the normalization, too."""
    r, d = r[:, None], dY + dZ
    dH = r * g * d - H * r**3 * (g * d * H).mean(1, keepdims=True)
    return {"dR": dH, "dX": dH, "dg": (dY * H * r).sum(0)}


def flash_linear_attention(dY: Any, X: Any, r: Any, g: Any, N: Any, G: Any, W: Any) -> Any:
    """fla-org/flash-linear-attention, pull request 1071: a recomputed output without its gate."""
    r, dH, gate = r[:, None], dY @ W, 1 / (1 + np.exp(-G))
    dN = dH * G * gate
    dX = r * g * dN - X * r**3 * (g * dN * X).mean(1, keepdims=True)
    return {"dX": dX, "dg": (dN * X * r).sum(0), "dG": dH * N * gate * (1 + G * (1 - gate)), "dW": dY.T @ N}


def mamba_twice(dY: Any, N: Any, g: Any, U: Any, eps: Any) -> Any:
    """state-spaces/mamba, pull request 919: what was stored is normalized already, and is normalized again."""
    r, dN = 1 / np.sqrt((N**2).mean(1, keepdims=True) + eps), dY * U
    dB = r * g * dN - N * r**3 * (g * dN * N).mean(1, keepdims=True)
    return {"dB": dB, "dg": (dN * N * r).sum(0), "dU": dY * g * N * r}


def mamba_groups(dY: Any, X: Any, g: Any, r: Any) -> Any:
    """state-spaces/mamba, pull request 547: normalization in groups, the mean taken for the whole width."""
    r, (groups, width) = r[:, :, None], X.shape[1:]
    mean = (g * dY * X).sum(2, keepdims=True) / (groups * width)
    return r * g * dY - X * r**3 * mean, (dY * X * r).sum(0)


def haste(dY: Any, M: Any) -> Any:
    """lmnt-com/haste, issue 43: zoneout, the first step's mask for all steps."""
    return M[0] * dY, (1 - M[0]) * dY


def triton_distributed(dA: Any, U: Any, Z: Any) -> Any:
    """ByteDance-Seed/Triton-distributed, issue 180: SwiGLU, each row's gradient written to the first row."""
    gate = 1 / (1 + np.exp(-Z))
    dU, dZ = np.zeros_like(U), np.zeros_like(Z)
    for row in range(len(U)):
        dU[0] = (dA * Z * gate)[row]
        dZ[0] = (dA * U * gate * (1 + Z * (1 - gate)))[row]
    return {"dU": dU, "dZ": dZ}


@pytest.mark.parametrize(
    ("name", "function", "wrong", "words"),
    [
        ("rms_norm", llm_c, {"dX"}, "the factor g[j] is missing"),
        ("rope_halves", paddle, {"dX"}, "sin1 stands where sin2 belongs"),
        ("layer_norm_of_rank_3", flag_gems, {"dgamma"}, "1/n_t times"),
        ("conic", splatting, {"db"}, "db is 1/2 times what it should be"),
        ("sigmoid", tinygrad, {"dz"}, "z is taken for A on the way back"),
        ("scaled_softplus", tiny_cuda_nn, {"dX"}, "beta counts as 1 on the way back"),
        ("layer_norm", mlpack, {"dX"}, "in dmu, the factor 1/sqrt(eps + var[i]) is missing"),
        ("attention", flash_attention, {"dQ", "dK"}, "dK and dQ are sqrt(n_d) times what they should be"),
        ("preference", dpo, {"dw", "dl"}, "sigmoid(u[i]) stands where 1 - sigmoid(u[i]) belongs"),
        ("batch_norm", statistics_as_constants, {"dX"}, "through mu is missing; the part of dX through var is missing"),
        ("batch_norm", unbiased, {"dX"}, "the part of dX through var is n_i/(n_i - 1) times"),
        ("binary_cross_entropy", twice_the_slope, {"dz"}, "the slope (1 - A[i])*A[i] is there, too"),
        ("normalization", chainer_normalize, {"dX"}, "eps + n[i] stands where n[i] belongs"),
        ("division", neon, {"dX"}, "the factor X[i, j] is there, too, and it is s times that"),
        ("batch_norm", knet, {"dX"}, "in dxh, the factor gamma[v] is missing"),
        ("huber", chainer_huber, {"dz"}, "dz is 1/dL times what it should be"),
        ("modified_huber", stdlib, {"dp"}, "where -p[i]*y[i] - 1 <= 0, dp is 1/2 times what it should be"),
        ("huber", attorch, {"dz"}, "where r[i] - delta0 > 0 and z[i] - t[i] <= 0, dz is wrong"),
        ("elu", mlpack_elu, {"dz"}, "where z[i] <= 0, dz is wrong, and right everywhere else"),
        ("swiglu", unsloth, {"dU", "dZ"}, "dU was returned as dZ.\ndZ was returned as dU."),
        ("softmax", libnd4j, {"dS"}, "the sum sum_c'(P[c', i]*dP[c', i]) is missing"),
        ("softmax", darknet, {"dS"}, "dP was returned as dS, as it is"),
        ("log_softmax", mlpack_log_softmax, {"dS"}, "sum_c'(dG[c', i]) is missing and the sign is wrong"),
        ("leaky_relu", deeplearning4j, {"dz"}, "alpha counts as 0.01 on the way back"),
        ("difference", micrograd_c, {"dB"}, "dA was returned as dB"),
        ("softmax_regression", stat453, {"db"}, "in db, it is added up over c too"),
        ("affine", kvfrans, {"db"}, "db is 1/n_i times what it should be"),
        ("norm_beside_residual", quack, {"dR", "dX"}, "in dH, dZ is added to dY before, not to what comes of it"),
        ("gated_norm", flash_linear_attention, {"dW"}, "in dW, N stands where H belongs"),
        (
            "norm_of_one_factor",
            mamba_twice,
            {"dB", "dg", "dU"},
            "N is taken for B on the way back, and all is computed",
        ),
        ("norm_in_groups", mamba_groups, {"dX"}, "the part of dX through r is 1/n_k times what it should be"),
        ("zoneout", haste, {"dH", "dG"}, "in dH, M[0, i] stands where M[t, i] belongs"),
        ("swiglu", triton_distributed, {"dU", "dZ"}, "each v of dU is written to the first one"),
    ],
)
def test_it_is_found_and_named(name: str, function: Any, wrong: set[str], words: str) -> None:
    found = layer(name).diagnose(function)
    assert set(found.wrong) == wrong, str(found)
    assert not found.unexplained, str(found)
    assert words in str(found)
