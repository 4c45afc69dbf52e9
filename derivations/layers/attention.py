"""Attention."""

from derivations.layers.operator import Operator

attention = Operator(
    title="Attention",
    kind="attention",
    sentence="Values mixed by the softmax of how well queries and keys agree.",
    source="Vaswani et al., Attention is all you need, arXiv:1706.03762",
    forward="""
        S[q, k] = sum[d](Q[q, d] * K[k, d]) / sqrt(size(d))
        P[q, k] = softmax[k](S[q, k])
        O[q, v] = sum[k](P[q, k] * V[k, v])
    """,
    wrt="Q, K, V",
    wrong={
        "dQ[q, d] = sum[k](P[q, k] * sum[v](dO[q, v] * (V[k, v] - O[q, v])) * K[k, d])": (
            "the scale of the scores is forgotten on the way back"
        ),
        "dQ[q, d] = sum[k](P[q, k] * sum[v](dO[q, v] * V[k, v]) * K[k, d]) / sqrt(size(d))": (
            "the softmax's sum is forgotten"
        ),
        "dV[k, v] = sum[q](S[q, k] * dO[q, v])": "the scores stand where their softmax belongs",
    },
)
