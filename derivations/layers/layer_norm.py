"""Layer normalization."""

from derivations.layers.operator import Operator

layer_norm = Operator(
    title="Layer normalization",
    kind="normalization",
    sentence="Each example is centered and scaled over its features.",
    source="Ba, Kiros and Hinton, Layer normalization, arXiv:1607.06450",
    forward="""
        mu[i] = mean[j](X[i, j])
        var[i] = mean[j]((X[i, j] - mu[i])**2)
        xh[i, j] = (X[i, j] - mu[i]) / sqrt(var[i] + eps)
        Y[i, j] = gamma[j] * xh[i, j] + beta[j]
    """,
    wrt="X, gamma, beta",
    assume="eps > 0",
    wrong={
        "dX[i, j] = gamma[j] * dY[i, j] / sqrt(var[i] + eps)": "mean and variance depend on `X`, too",
        "dX[i, j] = (dY[i, j] - mean[k](dY[i, k]) - xh[i, j] * mean[k](dY[i, k] * xh[i, k])) / sqrt(var[i] + eps)": (
            "`gamma` is forgotten"
        ),
        "dX[i, j] = (gamma[j] * dY[i, j] - mean[k](gamma[k] * dY[i, k])) / sqrt(var[i] + eps)": (
            "the variance is held as if it didn't depend on `X`"
        ),
    },
)
