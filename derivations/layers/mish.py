"""Mish."""

from derivations.layers.operator import Operator

mish = Operator(
    title="Mish",
    kind="activation",
    sentence="The input times the tanh of its softplus.",
    source="Misra, Mish: a self regularized non-monotonic activation function, arXiv:1908.08681",
    forward="A[i] = z[i] * tanh(log(1 + exp(z[i])))",
    wrt="z",
)
