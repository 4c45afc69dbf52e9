"""Sigmoid contrastive loss (SigLIP)."""

from derivations.layers.operator import Operator

siglip_loss = Operator(
    title="Sigmoid contrastive loss (SigLIP)",
    kind="loss",
    sentence="Of each pair of a picture and a text it is judged, pair by pair, whether they belong together.",
    source="Zhai et al., Sigmoid loss for language image pre-training, arXiv:2303.15343",
    forward="""
        S[i, j] = t * sum[k](U[k, i] * V[k, j]) + b
        L = mean[i](sum[j](softplus(-Y[i, j] * S[i, j])))
    """,
    wrt="U, V, t, b",
)
