"""Hyperbolic tangent."""

from derivations.layers.operator import Operator

tanh = Operator(
    title="Hyperbolic tangent",
    kind="activation",
    sentence="A number between -1 and 1, odd, with slope 1 at 0.",
    source="LeCun et al., Efficient BackProp (1998)",
    forward="A[i] = tanh(z[i])",
    wrt="z",
    wrong={
        "dz[i] = dA[i] * (1 - z[i]**2)": "the slope is 1 minus the square of the output, not of the input",
    },
)
