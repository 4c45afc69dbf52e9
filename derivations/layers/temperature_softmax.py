"""Softmax with a temperature."""

from derivations.layers.operator import Operator

temperature_softmax = Operator(
    title="Softmax with a temperature",
    kind="softmax",
    sentence="Scores divided by a temperature before softmax; the temperature can be learned.",
    source="Hinton, Vinyals and Dean, Distilling the knowledge in a neural network, arXiv:1503.02531",
    forward="P[c, i] = softmax[c](S[c, i] / tau)",
    wrt="S, tau",
    assume="tau > 0",
)
