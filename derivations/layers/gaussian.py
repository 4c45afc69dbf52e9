"""Gaussian."""

from derivations.layers.operator import Operator

gaussian = Operator(
    title="Gaussian",
    kind="activation",
    sentence="A bump around 0.",
    source="Broomhead and Lowe, Multivariable functional interpolation and adaptive networks (1988)",
    forward="A[i] = exp(-z[i]**2 / 2)",
    wrt="z",
)
