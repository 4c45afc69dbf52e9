"""Quantile loss."""

from derivations.layers.operator import Operator

quantile_loss = Operator(
    title="Quantile loss",
    kind="loss",
    sentence="The prediction is to be above a given part of the targets: too low and too high cost differently.",
    source="Koenker and Bassett, Regression quantiles (1978)",
    forward="L = mean[i](tau * relu(y[i] - q[i]) + (1 - tau) * relu(q[i] - y[i]))",
    wrt="q",
    wrong={
        "dq[i] = ((1 - tau) * step(q[i] - y[i]) - tau) / size(i)": "above `y` the slope is `1 - tau` alone",
    },
)
