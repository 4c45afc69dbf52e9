"""Cross-entropy with labels."""

from derivations.layers.operator import Operator

cross_entropy_labels = Operator(
    title="Cross-entropy with labels",
    kind="loss",
    sentence="The same with the number of the right class for each example.",
    source="Bridle, Probabilistic interpretation of feedforward classification network outputs (1990)",
    forward="""
        P[c, i] = softmax[c](S[c, i])
        L = -mean[i](log(P[y[i], i]))
    """,
    wrt="S",
)
