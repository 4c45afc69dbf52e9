"""Bilinear form."""

from derivations.layers.operator import Operator

bilinear = Operator(
    title="Bilinear form",
    kind="linear",
    sentence="A score for a pair of vectors, with a matrix between them.",
    source="Tenenbaum and Freeman, Separating style and content with bilinear models, Neural Computation 12 (2000)",
    forward="s[i] = sum[u, v](X[u, i] * W[u, v] * Y[v, i])",
    wrt="X, W, Y",
)
