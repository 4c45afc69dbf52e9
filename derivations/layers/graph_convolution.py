"""Graph convolution."""

from derivations.layers.operator import Operator

graph_convolution = Operator(
    title="Graph convolution",
    kind="linear",
    sentence="Features averaged over neighbours by a fixed matrix, then mixed by weights.",
    source="Kipf and Welling, Semi-supervised classification with graph convolutional networks, arXiv:1609.02907",
    forward="""
        H[v, q] = sum[u](W[v, u] * X[u, q])
        Y[v, p] = relu(sum[q](A[p, q] * H[v, q]))
    """,
    wrt="X, W",
)
