"""Retrieval from a modern Hopfield network."""

from derivations.layers.operator import Operator

hopfield = Operator(
    title="Retrieval from a modern Hopfield network",
    kind="attention",
    sentence="A state is replaced by the stored patterns that are most like it.",
    source="Ramsauer et al., Hopfield networks is all you need, arXiv:2008.02217",
    forward="""
        P[i, j] = softmax[j](beta * sum[k](Q[k, i] * X[k, j]))
        R[k, i] = sum[j](X[k, j] * P[i, j])
    """,
    wrt="Q, X",
    wrong={
        "dX[k, j] = sum[i](dR[k, i] * P[i, j])": "the patterns also stand in the softmax",
    },
)
