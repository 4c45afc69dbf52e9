"""RMS normalization."""

from derivations.layers.operator import Operator

rms_norm = Operator(
    title="RMS normalization",
    kind="normalization",
    sentence="Each example is divided by the root of its mean square.",
    source="Zhang and Sennrich, Root mean square layer normalization, arXiv:1910.07467",
    forward="""
        r[i] = 1 / sqrt(mean[j](X[i, j]**2) + eps)
        Y[i, j] = g[j] * X[i, j] * r[i]
    """,
    wrt="X, g",
    assume="eps > 0",
    wrong={
        "dX[i, j] = r[i] * (dY[i, j] - X[i, j] * r[i]**2 * mean[k](dY[i, k] * X[i, k]))": "the weight `g` is forgotten",
        "dX[i, j] = g[j] * dY[i, j] * r[i]": "`r` depends on `X`, too",
    },
)
