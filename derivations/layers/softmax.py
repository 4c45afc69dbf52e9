"""Softmax."""

from derivations.layers.operator import Operator

softmax = Operator(
    title="Softmax",
    kind="softmax",
    sentence="Scores become probabilities: positive, and 1 in all.",
    source="Bridle, Probabilistic interpretation of feedforward classification network outputs (1990)",
    forward="P[c, i] = exp(S[c, i]) / sum[d](exp(S[d, i]))",
    wrt="S",
)
