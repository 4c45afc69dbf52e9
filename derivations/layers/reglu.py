"""ReGLU."""

from derivations.layers.operator import Operator

reglu = Operator(
    title="ReGLU",
    kind="activation",
    sentence="A gate with ReLU, the plainest of its family.",
    source="Shazeer, GLU variants improve transformer, arXiv:2002.05202",
    forward="A[v, i] = U[v, i] * relu(Z[v, i])",
    wrt="U, Z",
    wrong={
        "dZ[v, i] = dA[v, i] * step(Z[v, i])": "the gate's other factor, `U`, is missing",
    },
)
