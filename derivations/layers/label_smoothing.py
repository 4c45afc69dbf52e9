"""Cross-entropy with label smoothing."""

from derivations.layers.operator import Operator

label_smoothing = Operator(
    title="Cross-entropy with label smoothing",
    kind="loss",
    sentence="A part eps of the targets is spread evenly over all classes.",
    source="Szegedy et al., Rethinking the Inception architecture for computer vision, arXiv:1512.00567",
    forward="""
        P[c, i] = softmax[c](S[c, i])
        Q[c, i] = (1 - eps) * Y[c, i] + eps / size(c)
        L = -mean[i](sum[c](Q[c, i] * log(P[c, i])))
    """,
    wrt="S",
    assume="sum[c](Y[c, i]) == 1",
)
