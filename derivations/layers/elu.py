"""ELU."""

from derivations.layers.operator import Operator

elu = Operator(
    title="ELU",
    kind="activation",
    sentence="The positive part, and an exponential that levels off below 0.",
    source="Clevert, Unterthiner and Hochreiter, arXiv:1511.07289",
    forward="A[i] = relu(z[i]) + alpha * (exp(z[i] - relu(z[i])) - 1)",
    wrt="z",
)
