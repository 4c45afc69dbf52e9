"""Multi-head attention."""

from derivations.layers.operator import Operator

multi_head_attention = Operator(
    title="Multi-head attention",
    kind="attention",
    sentence="Several attentions side by side, and one matrix that mixes their outputs.",
    source="Vaswani et al., Attention is all you need, arXiv:1706.03762",
    forward="""
        S[h, q, k] = sum[d](Q[h, q, d] * K[h, k, d]) / sqrt(size(d))
        P[h, q, k] = softmax[k](S[h, q, k])
        O[h, q, v] = sum[k](P[h, q, k] * V[h, k, v])
        Y[q, n] = sum[h, v](W[n, h, v] * O[h, q, v])
    """,
    wrt="Q, K, V, W",
)
