"""Highway layer."""

from derivations.layers.operator import Operator

highway = Operator(
    title="Highway layer",
    kind="block",
    sentence="A learned gate says how much of the input is changed, and how much goes through as it is.",
    source="Srivastava, Greff and Schmidhuber, Highway networks, arXiv:1505.00387",
    forward="""
        T[v, i] = sigmoid(sum[u](W[v, u] * X[u, i]) + b[v])
        H[v, i] = tanh(sum[u](V[v, u] * X[u, i]) + c[v])
        Y[v, i] = T[v, i] * H[v, i] + (1 - T[v, i]) * X[v, i]
    """,
    wrt="X, W, b, V, c",
)
