"""Step of a recurrent network."""

from derivations.layers.operator import Operator

rnn_step = Operator(
    title="Step of a recurrent network",
    kind="recurrent",
    sentence="The next state from the last one and an input.",
    source="Elman, Finding structure in time, Cognitive Science 14 (1990)",
    forward="H[v, i] = tanh(sum[u](W[v, u] * X[u, i]) + sum[w](U[v, w] * G[w, i]) + b[v])",
    wrt="X, G, W, U, b",
)
