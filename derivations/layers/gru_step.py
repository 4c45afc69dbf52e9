"""Step of a GRU."""

from derivations.layers.operator import Operator

gru_step = Operator(
    title="Step of a GRU",
    kind="recurrent",
    sentence="A state that a gate updates, with a candidate that another gate resets.",
    source="Cho et al., Learning phrase representations using RNN encoder-decoder, arXiv:1406.1078",
    forward="""
        R[v, i] = sigmoid(r[v, i])
        N[v, i] = tanh(x[v, i] + R[v, i] * sum[w](U[v, w] * G[w, i]))
        H[v, i] = (1 - sigmoid(z[v, i])) * N[v, i] + sigmoid(z[v, i]) * G[v, i]
    """,
    wrt="G, r, z, x, U",
)
