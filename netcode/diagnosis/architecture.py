"""The networks that a backward pass may belong to: activation, output and loss, reduction, penalty, depth, biases.

A gradient is right or wrong only for a network and a loss. Each `Architecture` is one such network; a backward pass is
compared with all of them, before anything in it is called wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from netcode.network import softmax
from netcode.shapes import Array

OUTER = np.sqrt(2 / np.pi)
INNER = 0.044715
"""The constants of GELU's approximation by tanh (Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016)."""


def sigmoid(Z: Array) -> Array:
    """1 / (1 + exp(-Z)), entry by entry."""
    return 1 / (1 + np.exp(-Z))


def gelu(Z: Array) -> Array:
    """Z times its factor, entry by entry."""
    return Z * gelu_factor(Z)


def gelu_factor(Z: Array) -> Array:
    """(1 + tanh(sqrt(2/pi) (Z + 0.044715 Z^3))) / 2, entry by entry: how much of Z passes."""
    return (1 + np.tanh(OUTER * (Z + INNER * Z**3))) / 2


def gelu_slope(Z: Array) -> Array:
    """The derivative of `gelu`, entry by entry."""
    T = np.tanh(OUTER * (Z + INNER * Z**3))
    return (1 + T) / 2 + Z / 2 * (1 - T**2) * OUTER * (1 + 3 * INNER * Z**2)


def normal_cdf(Z: Array) -> Array:
    """(1 + erf(Z / sqrt(2))) / 2, entry by entry: the probability that a standard normal number is below Z."""
    return (1 + np.vectorize(math.erf, otypes=[float])(Z / np.sqrt(2))) / 2


def normal_pdf(Z: Array) -> Array:
    """exp(-Z^2 / 2) / sqrt(2 pi), entry by entry: the derivative of `normal_cdf`."""
    return np.exp(-(Z**2) / 2) / np.sqrt(2 * np.pi)


class Activation(NamedTuple):
    """A function of the hidden layers' scores, and its derivative as code in Z and A."""

    apply: Callable[[Array], Array]
    slope: str


ACTIVATIONS: Mapping[str, Activation] = {
    "ReLU": Activation(lambda Z: np.maximum(Z, 0), "({Z} > 0)"),
    "tanh": Activation(np.tanh, "(1 - {A}**2)"),
    "sigmoid": Activation(sigmoid, "{A} * (1 - {A})"),
    "leaky ReLU (0.01)": Activation(lambda Z: np.where(Z > 0, Z, 0.01 * Z), "np.where({Z} > 0, 1, 0.01)"),
    "leaky ReLU (0.1)": Activation(lambda Z: np.where(Z > 0, Z, 0.1 * Z), "np.where({Z} > 0, 1, 0.1)"),
    "leaky ReLU (0.2)": Activation(lambda Z: np.where(Z > 0, Z, 0.2 * Z), "np.where({Z} > 0, 1, 0.2)"),
    "softplus": Activation(lambda Z: np.logaddexp(0, Z), "sigmoid({Z})"),
    "GELU": Activation(gelu, "gelu_slope({Z})"),
    "SiLU": Activation(lambda Z: Z * sigmoid(Z), "sigmoid({Z}) * (1 + {Z} * (1 - sigmoid({Z})))"),
    "GELU by erf": Activation(lambda Z: Z * normal_cdf(Z), "(normal_cdf({Z}) + {Z} * normal_pdf({Z}))"),
    "ELU": Activation(lambda Z: np.where(Z > 0, Z, np.expm1(np.minimum(Z, 0))), "np.where({Z} > 0, 1, {A} + 1)"),
    "linear": Activation(lambda Z: Z, ""),
}
FIRST_TERMS: Mapping[str, str] = {
    "GELU": "gelu_factor({Z})", "SiLU": "sigmoid({Z})", "GELU by erf": "normal_cdf({Z})",
}  # fmt: skip
"""Of activations that are Z times a factor, the factor: the first term of the slope."""


class Output(NamedTuple):
    """What is made of the last layer's scores, and the derivative of the loss of one example by these, as code."""

    apply: Callable[[Array], Array]
    error: str


OUTPUTS: Mapping[str, Output] = {
    "softmax output, cross-entropy": Output(softmax, "(P - Y)"),
    "sigmoid output, binary cross-entropy": Output(sigmoid, "(P - Y)"),
    "linear output, squared error": Output(lambda Z: Z, "(P - Y)"),
    "sigmoid output, squared error": Output(sigmoid, "(P - Y) * P * (1 - P)"),
    "tanh output, squared error": Output(np.tanh, "(P - Y) * (1 - P**2)"),
    "softmax output, squared error": Output(softmax, "P * (P - Y - (P * (P - Y)).sum(axis=0, keepdims=True))"),
}

REDUCTIONS: Mapping[str, str] = {
    "mean": " / m",
    "sum": "",
    "2/m": " * 2 / m",
    "mean over entries": " / Y.size",
    "2/m over entries": " * 2 / Y.size",
    "twice the sum": " * 2",
}
"""How the examples' losses are made one, as code behind their derivative. A squared error has 1/2 before it or not."""

PENALTIES: Mapping[str, str] = {
    "lam/2": " + lam * {W}",
    "none": "",
    "lam": " + 2 * lam * {W}",
    "lam/(2m)": " + lam / m * {W}",
    "lam/m": " + 2 * lam / m * {W}",
}
"""What is before the sum of the squared weights in the loss, and the code that this adds to a weight's gradient."""


class Architecture(NamedTuple):
    """A network of so many layers and its loss."""

    layers: int = 2
    activation: str = "ReLU"
    output: str = "softmax output, cross-entropy"
    reduction: str = "mean"
    penalty: str = "lam/2"
    biases: bool = True
    penalty_on_biases: bool = False

    def __str__(self) -> str:
        """As in "tanh hidden layer, sigmoid output, mean binary cross-entropy, no penalty"."""
        output, loss = self.output.split(", ")
        parts = [f"{self.activation} hidden layer{'s' * (self.layers > 2)}"] if self.layers > 1 else ["one layer"]
        parts += [output, _loss(loss, self.reduction), _penalty(self)]
        return ", ".join(parts + ["no biases"] * (not self.biases))

    @property
    def gradients(self) -> tuple[str, ...]:
        """The names of the gradients, layer by layer."""
        kinds = "Wb" if self.biases else "W"
        return tuple(f"d{kind}{layer}" for layer in range(1, self.layers + 1) for kind in kinds)


class Point(NamedTuple):
    """Where a gradient is asked for: examples, targets, parameters by name and the strength of the penalty."""

    X: Array
    """(n, m)"""
    Y: Array
    """(C, m)"""
    parameters: Mapping[str, Array]
    """W1 (h, n), b1 (h, 1), W2, b2, ...; without biases W1, W2, ..."""
    lam: float

    @property
    def layers(self) -> int:
        return sum(name.startswith("W") for name in self.parameters)

    @property
    def sizes(self) -> dict[str, int]:
        """The sizes by their letters: n, m, C, and the number h of units in the first hidden layer."""
        return {
            "m": self.X.shape[1],
            "C": len(self.Y),
            "n": len(self.X),
            "h": len(self.parameters["W1"]),
        }

    def bias(self, layer: int) -> Array:
        """The layer's bias, 0 where there is none."""
        return self.parameters.get(f"b{layer}", np.zeros((1, 1)))


def forward(point: Point, architecture: Architecture) -> dict[str, Array]:
    """Z1, A1, Z2, ..., P in the order in which they are computed."""
    values, A = {}, point.X
    for layer in range(1, architecture.layers + 1):
        Z = values[f"Z{layer}"] = point.parameters[f"W{layer}"] @ A + point.bias(layer)
        if layer < architecture.layers:
            A = values[f"A{layer}"] = ACTIVATIONS[architecture.activation].apply(Z)
    values["P"] = OUTPUTS[architecture.output].apply(Z)
    return values


def _loss(loss: str, reduction: str) -> str:
    squares = loss == "squared error"
    return {
        "mean": f"half the mean {loss}" if squares else f"mean {loss}",
        "sum": f"half the summed {loss}" if squares else f"summed {loss}",
        "2/m": f"mean {loss}" if squares else f"twice the mean {loss}",
        "mean over entries": f"half the mean {loss} over all entries" if squares else f"mean {loss} over all entries",
        "2/m over entries": f"mean {loss} over all entries" if squares else f"twice the mean {loss} over all entries",
        "twice the sum": f"summed {loss}" if squares else f"twice the summed {loss}",
    }[reduction]


def _penalty(architecture: Architecture) -> str:
    if architecture.penalty == "none":
        return "no penalty"
    on = " on weights and biases" if architecture.penalty_on_biases else ""
    return f"penalty {architecture.penalty} |W|²{on}"
