"""Dilated convolution."""

from derivations.layers.operator import Operator

dilated_convolution = Operator(
    title="Dilated convolution",
    kind="linear",
    sentence="A filter whose entries are two places apart, so that it sees twice as far.",
    source="Yu and Koltun, Multi-scale context aggregation by dilated convolutions, arXiv:1511.07122",
    forward="Y[n, d, p] = sum[c, k](W[d, c, k] * X[n, c, p + 2*k]) + b[d]",
    wrt="X, W, b",
)
