"""Softmax."""

from derivations.layers.operator import Operator

softmax = Operator(
    title="Softmax",
    kind="softmax",
    sentence="Scores become probabilities: positive, and 1 in all.",
    source="Bridle, Probabilistic interpretation of feedforward classification network outputs (1990)",
    forward="P[c, i] = exp(S[c, i]) / sum[d](exp(S[d, i]))",
    wrt="S",
    wrong={
        "dS[c, i] = P[c, i] * dP[c, i]": "the sum is forgotten: each score acts through all probabilities",
        "dS[c, i] = P[c, i] * (1 - P[c, i]) * dP[c, i]": "the diagonal of the Jacobian alone",
    },
)
