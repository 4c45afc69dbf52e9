"""GELU, by tanh."""

from derivations.layers.operator import Operator

gelu_tanh = Operator(
    title="GELU, by tanh",
    kind="activation",
    sentence="The approximation of GELU that many networks are trained with.",
    source="Hendrycks and Gimpel, Gaussian error linear units, arXiv:1606.08415",
    forward="A[i] = z[i] * (1 + tanh(sqrt(2 / pi) * (z[i] + 0.044715 * z[i]**3))) / 2",
    wrt="z",
)
