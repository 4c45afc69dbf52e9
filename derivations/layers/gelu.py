"""GELU."""

from derivations.layers.operator import Operator

gelu = Operator(
    title="GELU",
    kind="activation",
    sentence="The input times the normal distribution function.",
    source="Hendrycks and Gimpel, Gaussian error linear units, arXiv:1606.08415",
    forward="A[i] = z[i] * (1 + erf(z[i] / sqrt(2))) / 2",
    wrt="z",
    wrong={
        "dz[i] = dA[i] * (1 + erf(z[i] / sqrt(2))) / 2": "the product rule's second term is forgotten",
    },
)
