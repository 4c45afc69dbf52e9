"""Group normalization."""

from derivations.layers.operator import Operator

group_norm = Operator(
    title="Group normalization",
    kind="normalization",
    sentence="Each group of channels of an example is centered and scaled.",
    source="Wu and He, Group normalization, arXiv:1803.08494",
    forward="""
        mu[b, g] = mean[c, p](X[b, g, c, p])
        var[b, g] = mean[c, p]((X[b, g, c, p] - mu[b, g])**2)
        xh[b, g, c, p] = (X[b, g, c, p] - mu[b, g]) / sqrt(var[b, g] + eps)
        Y[b, g, c, p] = gamma[g, c] * xh[b, g, c, p] + beta[g, c]
    """,
    wrt="X, gamma, beta",
    assume="eps > 0",
)
