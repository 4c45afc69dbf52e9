"""PReLU."""

from derivations.layers.operator import Operator

prelu = Operator(
    title="PReLU",
    kind="activation",
    sentence="Leaky ReLU that learns the slope below 0 of each channel.",
    source="He et al., Delving deep into rectifiers, arXiv:1502.01852",
    forward="A[c, i] = relu(Z[c, i]) - a[c] * relu(-Z[c, i])",
    wrt="Z, a",
    wrong={
        "da[c] = sum[i](dA[c, i] * Z[c, i])": "the slope acts only where `Z` is below 0",
        "dZ[c, i] = dA[c, i] * step(Z[c, i])": "below 0 the gradient passes too, times the slope",
    },
)
