"""Contrastive loss (InfoNCE)."""

from derivations.layers.operator import Operator

info_nce = Operator(
    title="Contrastive loss (InfoNCE)",
    kind="loss",
    sentence="Each example has to be told from all others of the batch by its pair.",
    source="van den Oord, Li and Vinyals, Representation learning with contrastive predictive coding, arXiv:1807.03748",
    forward="""
        S[i, j] = sum[k](U[k, i] * V[k, j]) / tau
        L = mean[i](logsumexp[j](S[i, j]) - sum[k](U[k, i] * V[k, i]) / tau)
    """,
    wrt="U, V",
    assume="tau > 0",
)
