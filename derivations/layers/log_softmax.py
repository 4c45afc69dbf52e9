"""Log-softmax."""

from derivations.layers.operator import Operator

log_softmax = Operator(
    title="Log-softmax",
    kind="softmax",
    sentence="The logarithms of the probabilities, without overflow.",
    source="Bridle, Probabilistic interpretation of feedforward classification network outputs (1990)",
    forward="G[c, i] = S[c, i] - logsumexp[d](S[d, i])",
    wrt="S",
)
