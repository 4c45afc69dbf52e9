"""Gated linear unit."""

from derivations.layers.operator import Operator

glu = Operator(
    title="Gated linear unit",
    kind="activation",
    sentence="One half of the inputs lets the other half through.",
    source="Dauphin et al., Language modeling with gated convolutional networks, arXiv:1612.08083",
    forward="A[v, i] = U[v, i] * sigmoid(Z[v, i])",
    wrt="U, Z",
)
