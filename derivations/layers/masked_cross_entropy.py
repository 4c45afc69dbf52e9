"""Masked cross-entropy."""

from derivations.layers.operator import Operator

masked_cross_entropy = Operator(
    title="Masked cross-entropy",
    kind="loss",
    sentence="The mean over those examples that a mask lets count.",
    source="Vaswani et al., Attention is all you need, arXiv:1706.03762",
    forward="""
        l[i] = logsumexp[c](S[c, i]) - S[y[i], i]
        L = sum[i](w[i] * l[i]) / sum[i](w[i])
    """,
    wrt="S",
)
