"""Backward passes that the machine derives by itself, from the forward pass alone."""

from derivations.reverse import derive

layer_norm = derive(
    """
    mu[i]    = mean[j](X[i, j])
    var[i]   = mean[j]((X[i, j] - mu[i])**2)
    xh[i, j] = (X[i, j] - mu[i]) / sqrt(var[i] + eps)
    Y[i, j]  = gamma[j] * xh[i, j] + beta[j]
    """,
    wrt="X, gamma, beta",
    assume="eps > 0",
    name="layer_norm",
)

attention = derive(
    """
    S[q, k] = sum[d](Q[q, d] * K[k, d]) / sqrt(size(d))
    P[q, k] = softmax[k](S[q, k])
    O[q, v] = sum[k](P[q, k] * V[k, v])
    """,
    wrt="Q, K, V",
    name="attention",
)

cross_entropy = derive(
    """
    P[c, i] = softmax[c](Z[c, i])
    L       = -mean[i](sum[c](Y[c, i] * log(P[c, i])))
    """,
    wrt="Z",
    assume="sum[c](Y[c, i]) == 1",
    name="cross_entropy",
)

convolution = derive("Y[d, p] = sum[c, k](W[d, c, k] * X[c, p + k])", name="convolution")
