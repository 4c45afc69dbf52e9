"""SiLU."""

from derivations.layers.operator import Operator

silu = Operator(
    title="SiLU",
    kind="activation",
    sentence="The input times its sigmoid, also called swish.",
    source="Elfwing, Uchibe and Doya, arXiv:1702.03118",
    forward="A[i] = z[i] / (1 + exp(-z[i]))",
    wrt="z",
    wrong={
        "dz[i] = dA[i] / (1 + exp(-z[i]))": "the product rule's second term is forgotten",
    },
)
