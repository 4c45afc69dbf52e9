"""Batch normalization."""

from derivations.layers.operator import Operator

batch_norm = Operator(
    title="Batch normalization",
    kind="normalization",
    sentence="Each feature is centered and scaled over the batch.",
    source="Ioffe and Szegedy, Batch normalization, arXiv:1502.03167",
    forward="""
        mu[v] = mean[i](X[v, i])
        var[v] = mean[i]((X[v, i] - mu[v])**2)
        xh[v, i] = (X[v, i] - mu[v]) / sqrt(var[v] + eps)
        Y[v, i] = gamma[v] * xh[v, i] + beta[v]
    """,
    wrt="X, gamma, beta",
    assume="eps > 0",
    wrong={
        "dX[v, i] = gamma[v] * dY[v, i] / sqrt(var[v] + eps)": "mean and variance depend on the batch, too",
    },
)
