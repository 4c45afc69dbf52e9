"""A two-layer ReLU and softmax network in NumPy whose gradients are the ones that `derivations` proves."""

from __future__ import annotations

from netcode.command_line import starting as starting  # isort: split

from netcode.classifier import Classifier
from netcode.diagnosis import Diagnosis, diagnose
from netcode.gradients.gradient_check import check_gradient
from netcode.network import Backward, Forward, backward, forward, initialize, loss, one_hot, update
from netcode.parameters import Parameters
from netcode.training.gradient_descent import GradientDescent

__all__ = [
    "Backward",
    "Classifier",
    "Diagnosis",
    "Forward",
    "GradientDescent",
    "Parameters",
    "backward",
    "check_gradient",
    "diagnose",
    "forward",
    "initialize",
    "loss",
    "one_hot",
    "update",
]
