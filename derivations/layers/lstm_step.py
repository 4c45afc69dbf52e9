"""Step of an LSTM."""

from derivations.layers.operator import Operator

lstm_step = Operator(
    title="Step of an LSTM",
    kind="recurrent",
    sentence="A cell that gates let in, keep and let out; the gates' inputs are given.",
    source="Hochreiter and Schmidhuber, Long short-term memory, Neural Computation 9 (1997)",
    forward="""
        C[v, i] = sigmoid(f[v, i]) * B[v, i] + sigmoid(a[v, i]) * tanh(g[v, i])
        H[v, i] = sigmoid(o[v, i]) * tanh(C[v, i])
    """,
    wrt="f, a, g, o, B",
)
