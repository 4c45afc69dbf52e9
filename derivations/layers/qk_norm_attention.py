"""Attention with normalized queries and keys."""

from derivations.layers.operator import Operator

qk_norm_attention = Operator(
    title="Attention with normalized queries and keys",
    kind="attention",
    sentence="Scores are cosines times a learned scale, so that none can grow without bound.",
    source="Henry et al., Query-key normalization for transformers, arXiv:2010.04245",
    forward="""
        a[i] = sqrt(sum[d](Q[i, d]**2) + eps)
        b[j] = sqrt(sum[d](K[j, d]**2) + eps)
        S[i, j] = g * sum[d](Q[i, d] * K[j, d]) / (a[i] * b[j])
        P[i, j] = softmax[j](S[i, j])
        O[i, e] = sum[j](P[i, j] * V[j, e])
    """,
    wrt="Q, K, V, g",
    assume="eps > 0",
)
