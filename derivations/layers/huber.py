"""Huber loss."""

from derivations.layers.operator import Operator

huber = Operator(
    title="Huber loss",
    kind="loss",
    sentence="Squares near the target, straight lines far from it.",
    source="Huber, Robust estimation of a location parameter, Annals of Mathematical Statistics 35 (1964)",
    forward="""
        r[i] = abs(z[i] - t[i])
        L = mean[i](r[i]**2 - relu(r[i] - delta0)**2) / 2
    """,
    wrt="z",
)
