"""SwiGLU."""

from derivations.layers.operator import Operator

swiglu = Operator(
    title="SwiGLU",
    kind="activation",
    sentence="A gate with SiLU, as the feed-forward blocks of many transformers have it.",
    source="Shazeer, GLU variants improve transformer, arXiv:2002.05202",
    forward="A[v, i] = U[v, i] * Z[v, i] * sigmoid(Z[v, i])",
    wrt="U, Z",
)
