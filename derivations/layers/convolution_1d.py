"""Convolution, 1d."""

from derivations.layers.operator import Operator

convolution_1d = Operator(
    title="Convolution, 1d",
    kind="linear",
    sentence="A filter slid along a sequence, as deep learning has it: without turning the filter around.",
    source="LeCun et al., Gradient-based learning applied to document recognition, Proceedings of the IEEE 86 (1998)",
    forward="Y[n, d, p] = sum[c, k](W[d, c, k] * X[n, c, p + k]) + b[d]",
    wrt="X, W, b",
)
