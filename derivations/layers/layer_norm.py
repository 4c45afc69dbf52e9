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
)
