"""Squareplus."""

from derivations.layers.operator import Operator

squareplus = Operator(
    title="Squareplus",
    kind="activation",
    sentence="A smooth ReLU with a square root in place of exponentials.",
    source="Barron, Squareplus: a softplus-like algebraic rectifier, arXiv:2112.11687",
    forward="A[i] = (z[i] + sqrt(z[i]**2 + beta)) / 2",
    wrt="z",
    assume="beta > 0",
)
