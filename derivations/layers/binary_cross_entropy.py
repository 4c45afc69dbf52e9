"""Binary cross-entropy with logits."""

from derivations.layers.operator import Operator

binary_cross_entropy = Operator(
    title="Binary cross-entropy with logits",
    kind="loss",
    sentence="The logarithmic loss of one probability, from its logit.",
    source="Good, Rational decisions, Journal of the Royal Statistical Society B 14 (1952)",
    forward="""
        A[i] = 1 / (1 + exp(-z[i]))
        L = -mean[i](t[i] * log(A[i]) + (1 - t[i]) * log(1 - A[i]))
    """,
    wrt="z",
    wrong={
        "dz[i] = (A[i] - t[i]) * A[i] * (1 - A[i]) / size(i)": (
            "the sigmoid's slope is there twice: it cancels against the loss's derivative"
        ),
    },
)
