"""Convolution, 2d."""

from derivations.layers.operator import Operator

convolution_2d = Operator(
    title="Convolution, 2d",
    kind="linear",
    sentence="A filter slid over an image; padding is done before it.",
    source="LeCun et al., Gradient-based learning applied to document recognition, Proceedings of the IEEE 86 (1998)",
    forward="Y[d, p, q] = sum[c, k, l](W[d, c, k, l] * X[c, p + k, q + l]) + b[d]",
    wrt="X, W, b",
)
