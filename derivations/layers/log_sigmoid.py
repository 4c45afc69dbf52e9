"""Log-sigmoid."""

from derivations.layers.operator import Operator

log_sigmoid = Operator(
    title="Log-sigmoid",
    kind="activation",
    sentence="The logarithm of a probability, from its logit.",
    source="Good, Probability and the Weighing of Evidence (1950)",
    forward="A[i] = log(sigmoid(z[i]))",
    wrt="z",
)
