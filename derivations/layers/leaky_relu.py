"""Leaky ReLU."""

from derivations.layers.operator import Operator

leaky_relu = Operator(
    title="Leaky ReLU",
    kind="activation",
    sentence="The positive part, and a small multiple of the negative one.",
    source="Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models, ICML (2013)",
    forward="A[i] = alpha * z[i] + (1 - alpha) * relu(z[i])",
    wrt="z",
)
