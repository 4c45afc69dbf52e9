"""Strided convolution."""

from derivations.layers.operator import Operator

strided_convolution = Operator(
    title="Strided convolution",
    kind="linear",
    sentence="A filter that moves two places at a time, so that half as many are left.",
    source="Springenberg et al., Striving for simplicity, arXiv:1412.6806",
    forward="Y[n, d, p] = sum[c, k](W[d, c, k] * X[n, c, 2*p + k]) + b[d]",
    wrt="X, W, b",
)
