"""Cross-entropy with one-hot targets."""

from derivations.layers.operator import Operator

cross_entropy = Operator(
    title="Cross-entropy with one-hot targets",
    kind="loss",
    sentence="How surprised softmax is by the right classes, on average over a batch.",
    source="Bridle, Probabilistic interpretation of feedforward classification network outputs (1990)",
    forward="""
        P[c, i] = softmax[c](S[c, i])
        L = -mean[i](sum[c](Y[c, i] * log(P[c, i])))
    """,
    wrt="S",
    assume="sum[c](Y[c, i]) == 1",
    wrong={
        "dS[c, i] = P[c, i] - Y[c, i]": "the loss is a mean: divide by the number of examples",
        "dS[c, i] = (Y[c, i] - P[c, i]) / size(i)": "the sign: the gradient points uphill",
        "dS[c, i] = (P[c, i] - Y[c, i]) / size(c) / size(i)": "the mean is over examples, not over classes, too",
    },
)
