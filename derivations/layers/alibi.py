"""Attention with linear biases (ALiBi)."""

from derivations.layers.operator import Operator

alibi = Operator(
    title="Attention with linear biases (ALiBi)",
    kind="attention",
    sentence="Scores fall linearly with the distance, at a slope for each head.",
    source="Press, Smith and Lewis, Train short, test long, arXiv:2108.12409",
    forward="""
        S[h, q, k] = sum[d](Q[h, q, d] * K[h, k, d]) / sqrt(size(d)) - m[h] * D[q, k]
        P[h, q, k] = softmax[k](S[h, q, k])
        O[h, q, v] = sum[k](P[h, q, k] * V[h, k, v])
    """,
    wrt="Q, K, V, m",
)
