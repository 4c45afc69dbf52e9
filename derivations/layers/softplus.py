"""Softplus."""

from derivations.layers.operator import Operator

softplus = Operator(
    title="Softplus",
    kind="activation",
    sentence="A smooth ReLU; its slope is the sigmoid.",
    source="Dugas et al., Incorporating second-order functional knowledge for better option pricing, NIPS (2000)",
    forward="A[i] = log(1 + exp(z[i]))",
    wrt="z",
)
