"""Cross-entropy with any targets."""

from derivations.layers.operator import Operator

cross_entropy_soft = Operator(
    title="Cross-entropy with any targets",
    kind="loss",
    sentence="Targets that need not add up to 1, such as weights for classes.",
    source="Hinton, Vinyals and Dean, Distilling the knowledge in a neural network, arXiv:1503.02531",
    forward="""
        P[c, i] = softmax[c](S[c, i])
        L = -mean[i](sum[c](Y[c, i] * log(P[c, i])))
    """,
    wrt="S, Y",
)
