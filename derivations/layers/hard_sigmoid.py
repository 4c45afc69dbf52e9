"""Hard sigmoid."""

from derivations.layers.operator import Operator

hard_sigmoid = Operator(
    title="Hard sigmoid",
    kind="activation",
    sentence="A sigmoid made of straight lines: 0, a ramp, 1.",
    source="Courbariaux, Bengio and David, BinaryConnect, arXiv:1511.00363",
    forward="A[i] = relu(z[i] / 6 + 1 / 2) - relu(z[i] / 6 - 1 / 2)",
    wrt="z",
)
