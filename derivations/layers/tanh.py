"""Hyperbolic tangent."""

from derivations.layers.operator import Operator

tanh = Operator(
    title="Hyperbolic tangent",
    kind="activation",
    sentence="A number between -1 and 1, odd, with slope 1 at 0.",
    source="LeCun et al., Efficient BackProp (1998)",
    forward="A[i] = tanh(z[i])",
    wrt="z",
)
