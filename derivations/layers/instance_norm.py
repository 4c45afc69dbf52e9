"""Instance normalization."""

from derivations.layers.operator import Operator

instance_norm = Operator(
    title="Instance normalization",
    kind="normalization",
    sentence="Each channel of each example is centered and scaled over its positions.",
    source="Ulyanov, Vedaldi and Lempitsky, Instance normalization, arXiv:1607.08022",
    forward="""
        mu[b, c] = mean[p](X[b, c, p])
        var[b, c] = mean[p]((X[b, c, p] - mu[b, c])**2)
        xh[b, c, p] = (X[b, c, p] - mu[b, c]) / sqrt(var[b, c] + eps)
        Y[b, c, p] = gamma[c] * xh[b, c, p] + beta[c]
    """,
    wrt="X, gamma, beta",
    assume="eps > 0",
)
