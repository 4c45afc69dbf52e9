"""Softmax with a sink."""

from derivations.layers.operator import Operator

softmax_with_sink = Operator(
    title="Softmax with a sink",
    kind="softmax",
    sentence="Softmax that may give less than 1 in all: the rest goes nowhere.",
    source="Xiao et al., Efficient streaming language models with attention sinks, arXiv:2309.17453 (its zero sink)",
    forward="""
        d[i] = exp(s[i]) + sum[c](exp(S[c, i]))
        P[c, i] = exp(S[c, i]) / d[i]
    """,
    wrt="S, s",
)
