"""Depthwise convolution."""

from derivations.layers.operator import Operator

depthwise_convolution = Operator(
    title="Depthwise convolution",
    kind="linear",
    sentence="A filter of its own for each channel.",
    source="Howard et al., MobileNets, arXiv:1704.04861",
    forward="Y[c, p, q] = sum[k, l](W[c, k, l] * X[c, p + k, q + l])",
    wrt="X, W",
)
