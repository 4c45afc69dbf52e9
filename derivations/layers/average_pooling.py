"""Average pooling."""

from derivations.layers.operator import Operator

average_pooling = Operator(
    title="Average pooling",
    kind="linear",
    sentence="The mean over each square of 2 by 2 places, which do not overlap.",
    source="LeCun et al., Gradient-based learning applied to document recognition, Proceedings of the IEEE 86 (1998)",
    forward="Y[c, p, q] = mean[k:2, l:2](X[c, 2*p + k, 2*q + l])",
    wrt="X",
)
