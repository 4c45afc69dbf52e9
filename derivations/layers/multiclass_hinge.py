"""Multi-class hinge loss."""

from derivations.layers.operator import Operator

multiclass_hinge = Operator(
    title="Multi-class hinge loss",
    kind="loss",
    sentence="Every wrong score that comes closer than 1 to the right one costs.",
    source="Weston and Watkins, Multi-class support vector machines (1998)",
    forward="""
        s[i] = sum[c](Y[c, i] * S[c, i])
        L = mean[i](sum[c]((1 - Y[c, i]) * relu(1 + S[c, i] - s[i])))
    """,
    wrt="S",
)
