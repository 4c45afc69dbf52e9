"""Contrastive loss in both directions (CLIP)."""

from derivations.layers.operator import Operator

clip_loss = Operator(
    title="Contrastive loss in both directions (CLIP)",
    kind="loss",
    sentence="Each picture has to be told from all others by its text, and each text by its picture.",
    source="Radford et al., Learning transferable visual models from natural language supervision, arXiv:2103.00020",
    forward="""
        S[i, j] = sum[k](U[k, i] * V[k, j]) / tau
        R = mean[i](logsumexp[j](S[i, j]) - S[i, i])
        K = mean[j](logsumexp[i](S[i, j]) - S[j, j])
        L = (R + K) / 2
    """,
    wrt="U, V",
    assume="tau > 0",
)
