"""Squared hinge loss."""

from derivations.layers.operator import Operator

squared_hinge = Operator(
    title="Squared hinge loss",
    kind="loss",
    sentence="Examples on the wrong side of the margin cost the square of how far they are.",
    source="Tang, Deep learning using linear support vector machines, arXiv:1306.0239",
    forward="L = mean[i](relu(1 - y[i] * z[i])**2)",
    wrt="z",
    wrong={
        "dz[i] = -2 * y[i] * step(1 - y[i] * z[i]) / size(i)": "that is twice the hinge's slope",
    },
)
