"""Attention with a multiplicative mask."""

from derivations.layers.operator import Operator

weighted_attention = Operator(
    title="Attention with a multiplicative mask",
    kind="attention",
    sentence="A mask of zeros and ones, or weights, inside the softmax.",
    source="Graves, Wayne and Danihelka, Neural Turing machines, arXiv:1410.5401",
    forward="""
        S[q, k] = sum[d](Q[q, d] * K[k, d]) / sqrt(size(d))
        P[q, k] = M[q, k] * exp(S[q, k]) / sum[l](M[q, l] * exp(S[q, l]))
        O[q, v] = sum[k](P[q, k] * V[k, v])
    """,
    wrt="Q, K, V",
)
