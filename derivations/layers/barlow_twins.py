"""Barlow Twins."""

from derivations.layers.operator import Operator

barlow_twins = Operator(
    title="Barlow Twins",
    kind="loss",
    sentence="Two views of the same examples should agree feature by feature, and no two features should say the same.",
    source="Zbontar et al., arXiv:2103.03230",
    forward="""
        C[a, b] = mean[i](U[a, i] * V[b, i])
        D = sum[a]((1 - C[a, a])**2)
        R = sum[a](sum[b](C[a, b]**2) - C[a, a]**2)
        L = D + lam * R
    """,
    wrt="U, V",
)
