"""Affine layer."""

from derivations.layers.operator import Operator

affine = Operator(
    title="Affine layer",
    kind="linear",
    sentence="Weights times inputs plus a bias, for a batch of examples.",
    source="Rosenblatt, The perceptron, Psychological Review 65 (1958)",
    forward="Y[v, i] = sum[u](W[v, u] * X[u, i]) + b[v]",
    wrt="X, W, b",
)
