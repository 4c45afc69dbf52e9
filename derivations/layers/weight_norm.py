"""Weight normalization."""

from derivations.layers.operator import Operator

weight_norm = Operator(
    title="Weight normalization",
    kind="normalization",
    sentence="A weight vector as a length times a direction.",
    source="Salimans and Kingma, Weight normalization, arXiv:1602.07868",
    forward="""
        n[v] = sqrt(sum[u](V[v, u]**2))
        W[v, u] = g[v] * V[v, u] / n[v]
        Y[v, i] = sum[u](W[v, u] * X[u, i])
    """,
    wrt="V, g, X",
)
