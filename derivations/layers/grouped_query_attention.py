"""Grouped-query attention."""

from derivations.layers.operator import Operator

grouped_query_attention = Operator(
    title="Grouped-query attention",
    kind="attention",
    sentence="Several query heads share one head of keys and values.",
    source="Ainslie et al., GQA, arXiv:2305.13245",
    forward="""
        S[g, h, q, k] = sum[d](Q[g, h, q, d] * K[g, k, d]) / sqrt(size(d))
        P[g, h, q, k] = softmax[k](S[g, h, q, k])
        O[g, h, q, v] = sum[k](P[g, h, q, k] * V[g, k, v])
    """,
    wrt="Q, K, V",
)
