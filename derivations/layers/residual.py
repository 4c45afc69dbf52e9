"""Residual block."""

from derivations.layers.operator import Operator

residual = Operator(
    title="Residual block",
    kind="block",
    sentence="The input plus what a layer adds to it.",
    source="He et al., Deep residual learning for image recognition, arXiv:1512.03385",
    forward="""
        H[v, i] = relu(sum[w](W[v, w] * X[w, i]) + b[v])
        Y[v, i] = X[v, i] + H[v, i]
    """,
    wrt="X, W, b",
)
