"""Trials of wrong gradients: where they show, and what gives them away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, wraps

import numpy as np

from netcode import GradientDescent, Parameters, check_gradient, data, forward, initialize, one_hot
from netcode.gradients.gradient_check import GradientCheck
from netcode.gradients.numeric import Derivatives, Method, complex_step
from netcode.mistakes.mistake import GRADIENTS, Hiding, backward_with
from netcode.shapes import Array


class Trial:
    """Examples, and places where their gradient is wanted, one after another, so many times at each.

    The numeric derivatives are computed once, since many wrong gradients are compared with them.
    """

    def __init__(self, X: Array, Y: Array, places: list[Parameters], lam: float, calls: int = 2) -> None:
        self.X, self.Y, self.places, self.lam, self.calls = X, Y, places, lam, calls
        self._derivatives = cache(lambda method, place: method(X, Y, places[place], lam))

    def _recalled(self, method: Method, place: int) -> Method:
        @wraps(method)
        def recall(X: Array, Y: Array, parameters: Parameters, lam: float) -> Derivatives:
            return self._derivatives(method, place)

        return recall

    def checks(self, lines: tuple[str, ...], method: Method) -> Iterator[GradientCheck]:
        """The check of each gradient that the backward pass with these lines computes, call by call."""
        backward = backward_with(*lines)
        for place, parameters in enumerate(self.places):
            passed = forward(self.X, parameters)
            for _ in range(self.calls):
                computed = backward(self.X, self.Y, parameters, passed, self.lam)
                recalled = self._recalled(method, place)
                yield check_gradient(self.X, self.Y, parameters, computed, self.lam, recalled)


def caught(trial: Trial, *lines: str, method: Method = complex_step) -> dict[str, str]:
    """The gradients that these lines make wrong, each with what gives it away: "numbers" or "shapes".

    Where NumPy refuses to compute because shapes don't fit, no gradient comes out: all are wrong.
    """
    found: dict[str, str] = {}
    try:
        for check in trial.checks(lines, method):
            for one in check.checks:
                if one.problem:
                    found[one.name] = "shapes" if one.problem.startswith("shape") else "numbers"
    except ValueError as error:
        if not re.search("shape|core dimension", str(error)):
            raise
        return dict.fromkeys(GRADIENTS, "shapes")
    return found


def random_trial(seed: int = 0, sizes: tuple[int, int, int, int] = (3, 7, 5, 4), hiding: Hiding | None = None) -> Trial:
    """Random numbers at the sizes n, m, h, C, on which every mistake shows, but for those that are to be hidden."""
    random = np.random.default_rng(seed)
    n, m, h, C = sizes
    m = {"one example": 1, "as many classes as examples": C}.get(hiding or "", m)
    places = [
        Parameters(*(random.standard_normal(shape) for shape in ((h, n), (h, 1), (C, h), (C, 1)))) for _ in range(2)
    ]
    for parameters in places:
        if hiding != "no kink":
            parameters.W1[0], parameters.b1[0] = 0, 0  # a unit whose preactivations are all exactly 0
        if hiding == "biases of 0":
            parameters.b1[:], parameters.b2[:] = 0, 0
    classes = np.maximum(np.arange(m) % (C + 1) - 1, 0)  # class 0 twice as often as others: else a shift would cancel
    X, Y = random.standard_normal((n, m)), one_hot(random.permutation(classes), C)
    lam = 0.0 if hiding == "no penalty" else 0.3
    return Trial(X, Y, places[:1], lam, calls=1) if hiding == "first call" else Trial(X, Y, places, lam)


def spiral_trial(*updates: int) -> Trial:
    """The spiral, after so many updates of a training with the usual settings."""
    rows, y = data.spiral()
    X, Y = rows.T, one_hot(y, 3)
    places = []
    for number in updates:
        descent = GradientDescent(X, Y, initialize(2, 25, 3, seed=0), learning_rate=1.0, lam=1e-3, updates=number)
        for _ in descent:
            pass
        places.append(descent.parameters)
    return Trial(X, Y, places, lam=1e-3)
