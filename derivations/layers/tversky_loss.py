"""Tversky loss."""

from derivations.layers.operator import Operator

tversky_loss = Operator(
    title="Tversky loss",
    kind="loss",
    sentence="Overlap of two regions, in which what is missed and what is found falsely weigh differently.",
    source="Salehi, Erdogmus and Gholipour, arXiv:1706.05721",
    forward="""
        t = sum[i](P[i] * Y[i])
        d = t + alpha * sum[i](P[i] * (1 - Y[i])) + beta * sum[i]((1 - P[i]) * Y[i]) + eps
        L = 1 - t / d
    """,
    wrt="P",
)
