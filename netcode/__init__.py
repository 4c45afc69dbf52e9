"""A two-layer ReLU and softmax network in NumPy whose gradients are the ones that `derivations` proves."""

from __future__ import annotations

from netcode.network import Backward, Forward, Parameters, backward, forward, initialize, loss, one_hot, update

__all__ = [
    "Backward",
    "Forward",
    "Parameters",
    "backward",
    "forward",
    "initialize",
    "loss",
    "one_hot",
    "update",
]
