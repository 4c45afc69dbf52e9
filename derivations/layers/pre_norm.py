"""Pre-norm feed-forward block."""

from derivations.layers.operator import Operator

pre_norm = Operator(
    title="Pre-norm feed-forward block",
    kind="block",
    sentence="RMS normalization, a hidden layer with SiLU, and the input added again.",
    source="Xiong et al., On layer normalization in the transformer architecture, arXiv:2002.04745",
    forward="""
        r[i] = 1 / sqrt(mean[j](X[i, j]**2) + eps)
        N[i, j] = g[j] * X[i, j] * r[i]
        H[i, k] = sum[j](N[i, j] * W[k, j])
        A[i, k] = H[i, k] * sigmoid(H[i, k])
        Y[i, j] = X[i, j] + sum[k](A[i, k] * V[j, k])
    """,
    wrt="X, g, W, V",
    assume="eps > 0",
)
