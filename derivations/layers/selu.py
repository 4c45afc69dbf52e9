"""SELU."""

from derivations.layers.operator import Operator

selu = Operator(
    title="SELU",
    kind="activation",
    sentence="ELU with two constants that keep the mean near 0 and the variance near 1 from layer to layer.",
    source="Klambauer et al., Self-normalizing neural networks, arXiv:1706.02515",
    forward="A[i] = 1.0507009873554805 * (relu(z[i]) + 1.6732632423543772 * (exp(z[i] - relu(z[i])) - 1))",
    wrt="z",
)
