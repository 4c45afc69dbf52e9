"""Sigmoid."""

from derivations.layers.operator import Operator

sigmoid = Operator(
    title="Sigmoid",
    kind="activation",
    sentence="A number between 0 and 1.",
    source="Verhulst, Recherches mathematiques sur la loi d'accroissement de la population (1845)",
    forward="A[i] = sigmoid(z[i])",
    wrt="z",
    wrong={
        "dz[i] = dA[i] * z[i] * (1 - z[i])": "the slope is made of the output, not of the input",
    },
)
