"""Hard swish."""

from derivations.layers.operator import Operator

hard_swish = Operator(
    title="Hard swish",
    kind="activation",
    sentence="The input times its hard sigmoid.",
    source="Howard et al., Searching for MobileNetV3, arXiv:1905.02244",
    forward="A[i] = z[i] * (relu(z[i] / 6 + 1 / 2) - relu(z[i] / 6 - 1 / 2))",
    wrt="z",
)
