"""Attention with an additive mask."""

from derivations.layers.operator import Operator

masked_attention = Operator(
    title="Attention with an additive mask",
    kind="attention",
    sentence="A mask of large negative numbers keeps keys out, for example later ones.",
    source="Vaswani et al., Attention is all you need, arXiv:1706.03762",
    forward="""
        S[q, k] = sum[d](Q[q, d] * K[k, d]) / sqrt(size(d)) + M[q, k]
        P[q, k] = softmax[k](S[q, k])
        O[q, v] = sum[k](P[q, k] * V[k, v])
    """,
    wrt="Q, K, V",
)
