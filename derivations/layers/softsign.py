"""Softsign."""

from derivations.layers.operator import Operator

softsign = Operator(
    title="Softsign",
    kind="activation",
    sentence="A slow tanh without exponentials.",
    source="Bergstra et al., Quadratic features and deep architectures for chunking, NAACL (2009)",
    forward="A[i] = z[i] / (1 + abs(z[i]))",
    wrt="z",
)
