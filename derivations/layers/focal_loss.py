"""Focal loss."""

from derivations.layers.operator import Operator

focal_loss = Operator(
    title="Focal loss",
    kind="loss",
    sentence="Cross-entropy that counts examples less the better they are classified.",
    source="Lin et al., Focal loss for dense object detection, arXiv:1708.02002",
    forward="""
        A[i] = sigmoid(z[i])
        L = -mean[i](t[i] * (1 - A[i])**2 * log(A[i]) + (1 - t[i]) * A[i]**2 * log(1 - A[i]))
    """,
    wrt="z",
)
