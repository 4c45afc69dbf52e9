"""Triplet loss."""

from derivations.layers.operator import Operator

triplet = Operator(
    title="Triplet loss",
    kind="loss",
    sentence="An example should be closer to its like than to another, by a margin.",
    source="Schroff, Kalenichenko and Philbin, FaceNet, arXiv:1503.03832",
    forward="""
        p[i] = sum[k]((A[k, i] - P[k, i])**2)
        n[i] = sum[k]((A[k, i] - N[k, i])**2)
        L = mean[i](relu(p[i] - n[i] + alpha))
    """,
    wrt="A, P, N",
)
