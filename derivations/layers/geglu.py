"""GEGLU."""

from derivations.layers.operator import Operator

geglu = Operator(
    title="GEGLU",
    kind="activation",
    sentence="A gate with GELU, as the feed-forward blocks of some transformers have it.",
    source="Shazeer, GLU variants improve transformer, arXiv:2002.05202",
    forward="A[v, i] = U[v, i] * Z[v, i] * (1 + erf(Z[v, i] / sqrt(2))) / 2",
    wrt="U, Z",
)
