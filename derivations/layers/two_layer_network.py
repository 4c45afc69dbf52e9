"""Two-layer network."""

from derivations.layers.operator import Operator

two_layer_network = Operator(
    title="Two-layer network",
    kind="model",
    sentence="The network that the chapters derive by hand, from its loss alone.",
    source="the chapters of this site",
    forward="""
        Z1[v, i] = sum[u](W1[v, u] * X[u, i]) + b1[v]
        A1[v, i] = relu(Z1[v, i])
        Z2[c, i] = sum[v](W2[c, v] * A1[v, i]) + b2[c]
        P[c, i] = softmax[c](Z2[c, i])
        J = -mean[i](sum[c](Y[c, i] * log(P[c, i]))) + lam / 2 * (sum[v, u](W1[v, u]**2) + sum[c, v](W2[c, v]**2))
    """,
    wrt="W1, b1, W2, b2",
    assume="sum[c](Y[c, i]) == 1",
)
