"""Squared ReLU."""

from derivations.layers.operator import Operator

relu_squared = Operator(
    title="Squared ReLU",
    kind="activation",
    sentence="The square of the positive part.",
    source="So et al., Primer: searching for efficient transformers, arXiv:2109.08668",
    forward="A[i] = relu(z[i])**2",
    wrt="z",
)
