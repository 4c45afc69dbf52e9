"""Bradley-Terry loss."""

from derivations.layers.operator import Operator

bradley_terry = Operator(
    title="Bradley-Terry loss",
    kind="loss",
    sentence="The probability that one of two rewards is the larger.",
    source="Bradley and Terry, Rank analysis of incomplete block designs, Biometrika 39 (1952)",
    forward="L = -mean[i](log(sigmoid(c[i] - r[i])))",
    wrt="c, r",
)
