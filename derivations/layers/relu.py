"""ReLU."""

from derivations.layers.operator import Operator

relu = Operator(
    title="ReLU",
    kind="activation",
    sentence="The positive part.",
    source="Nair and Hinton, Rectified linear units improve restricted Boltzmann machines, ICML (2010)",
    forward="A[i] = relu(z[i])",
    wrt="z",
)
