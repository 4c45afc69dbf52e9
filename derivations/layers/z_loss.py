"""Cross-entropy with z-loss."""

from derivations.layers.operator import Operator

z_loss = Operator(
    title="Cross-entropy with z-loss",
    kind="loss",
    sentence="A penalty keeps the logarithm of the normalizer near 0.",
    source="Chowdhery et al., PaLM: scaling language modeling with pathways, arXiv:2204.02311",
    forward="""
        l[i] = logsumexp[c](S[c, i])
        L = mean[i](l[i] - S[y[i], i] + lam * l[i]**2)
    """,
    wrt="S",
)
