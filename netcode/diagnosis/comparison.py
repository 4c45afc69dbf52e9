"""Answers of a reader's function, compared with what is right and with what a mistake would make of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from netcode.diagnosis.architecture import ACTIVATIONS, PENALTIES, REDUCTIONS, Architecture, Point, forward
from netcode.diagnosis.evaluation import CALLS, FUNCTIONS, right_gradients
from netcode.shapes import Array, Bool

EPSILON = float(np.finfo(np.float64).eps)
SINGLE = float(np.finfo(np.float32).eps) / EPSILON
"""How much coarser float32 is."""
DIGITS = 1e-9
"""To which an answer must be what a mistake makes of it, in proportion to the change that it makes."""
DIGITS_OF_SINGLE = 1e-5
"""The same of numbers that were rounded to float32, in proportion to the largest one."""

Answers = Mapping[str, Sequence[Array]]
"""Gradients by name, at each call; examples are columns."""


class Comparison:
    """The answers beside the right gradients of an architecture."""

    def __init__(
        self,
        answers: Answers,
        points: Sequence[Point],
        architecture: Architecture,
        *,
        flat_biases: bool = False,
        last_call: bool = False,
    ) -> None:
        """`flat_biases`: those of the reader have one axis. `last_call`: the answers are those of the last call."""
        self.answers, self.points, self.architecture = answers, points, architecture
        self._flat, self._calls = flat_biases, slice(-1 if last_call else 0, None)
        self.right = {name: calls[self._calls] for name, calls in right_gradients(points, architecture).items()}
        self.single_precision = all(array.dtype == np.float32 for calls in answers.values() for array in calls)
        coarser = SINGLE if self.single_precision else 1.0
        self.bounds = {name: [coarser * bound for bound in bounds] for name, bounds in self._bounds().items()}

    def is_right(self, name: str) -> bool:
        """Whether it is the right gradient but for rounding, in whatever order its sums were taken."""
        return all(near.all() for near in self.near(name))

    def near(self, name: str) -> list[Bool[Array, " ..."]]:
        """At each call, which entries are right but for rounding; none if the shape is wrong."""
        return [
            np.abs(given.reshape(right.shape) - right) <= bound
            if self._same_shape(name, given, right)
            else np.array(False)
            for given, right, bound in zip(self.answers[name], self.right[name], self.bounds[name], strict=True)
        ]

    def is_answer(self, name: str, values: Sequence[Array]) -> bool:
        """Whether these are the answers, call by call."""
        calls = values[self._calls]
        return all(self._is_answer(name, call, value) for call, value in enumerate(calls)) and self._are_integers(
            self.answers[name]
        ) == self._are_integers(calls)

    def is_rounded(self, name: str, values: Sequence[Array]) -> bool:
        """Whether these are the answers to the digits of float32."""
        calls = values[self._calls]
        return all(
            given.shape == value.shape and np.abs(given - value).max() <= DIGITS_OF_SINGLE * np.abs(value).max()
            for given, value in zip(self.answers[name], calls, strict=True)
        )

    def per_point(self, calls: Sequence[Array]) -> list[Sequence[Array]]:
        """What belongs to all calls, point by point."""
        if self._calls.start:
            return [calls[-1:]]
        return [calls[start : start + CALLS] for start in range(0, len(calls), CALLS)]

    def _is_answer(self, name: str, call: int, value: Array) -> bool:
        given, right, bound = self.answers[name][call], self.right[name][call], self.bounds[name][call]
        if not self._same_shape(name, given, value):
            return False
        digits = DIGITS * (1e4 if self.single_precision else 1)
        if value.shape == right.shape:
            slack = bound + digits * np.abs(value - right).max(initial=0)
        else:
            slack = bound.max() + digits * np.abs(value).max(initial=0)
        return bool(np.all(np.abs(given.reshape(value.shape) - value) <= slack))

    def _same_shape(self, name: str, given: Array, value: Array) -> bool:
        if self._flat and name.startswith("db") and (1 in value.shape or value.ndim < 2):
            return given.size == value.size and (1 in given.shape or given.ndim < 2)
        return given.shape == value.shape

    def _are_integers(self, calls: Sequence[Array]) -> bool:
        return all(array.dtype.kind in "iub" for array in calls)

    def _bounds(self) -> dict[str, Sequence[Array]]:
        scales = [scale for point in self.points for scale in [rounding_scales(point, self.architecture)] * CALLS]
        return {name: [scale[name] for scale in scales][self._calls] for name in self.architecture.gradients}


@np.errstate(all="ignore")
def rounding_scales(point: Point, architecture: Architecture) -> dict[str, Array]:
    """For each gradient how far two right ones may be apart, entry by entry.

    Twice the rounding error of a sum of so many terms in the worst order, relative to the sum of their magnitudes;
    where scores are large, their rounding errors, which are relative errors of what follows, come on top. What is 32
    digits smaller than the largest entry counts as 0.
    """
    values, activation = forward(point, architecture), ACTIVATIONS[architecture.activation]
    sums, inputs, slopes, largest = {}, [np.abs(point.X)], {}, 0.0
    last = architecture.layers
    for layer in range(1, last + 1):
        sums[layer] = np.abs(point.parameters[f"W{layer}"]) @ inputs[-1] + np.abs(point.bias(layer))
        largest = max(largest, float(sums[layer].max()))
        if layer < last:
            slopes[layer] = _slope_scale(activation.slope, values[f"Z{layer}"], values[f"A{layer}"])
            inputs.append(np.abs(values[f"A{layer}"]) + sums[layer] * np.minimum(slopes[layer], 1))
    dZ = eval(f"E{REDUCTIONS[architecture.reduction]}", _names(point), {"E": _error_scale(values, point, sums[last])})
    terms = 16 + sum(point.X.shape) + sum(point.parameters[f"W{last}"].shape)
    factor, bounds = EPSILON * terms * (1 + largest), {}
    for layer in range(last, 0, -1):
        weights = np.abs(point.parameters[f"W{layer}"])
        for name, magnitude in {
            f"dW{layer}": dZ @ inputs[layer - 1].T + _penalty(point, architecture, f"W{layer}", weights),
            f"db{layer}": dZ.sum(axis=1, keepdims=True) + architecture.penalty_on_biases * np.abs(point.bias(layer)),
        }.items():
            bounds[name] = factor * magnitude + EPSILON**2 * magnitude.max() + np.finfo(np.float64).tiny
        if layer > 1:
            dZ = weights.T @ dZ * slopes[layer - 1]
    return bounds


def _slope_scale(slope: str, Z: Array, A: Array) -> Array:
    """That of a piecewise constant is exact; any other may have lost digits by subtraction."""
    if not slope:
        return np.ones(Z.shape)
    exact = "> 0" in slope
    return np.abs(eval(slope.format(Z="Z", A="A"), dict(FUNCTIONS), {"Z": Z, "A": A})) + (0 if exact else 1)


def _error_scale(values: Mapping[str, Array], point: Point, scores: Array) -> Array:
    P = np.abs(values["P"])
    return (P + np.abs(point.Y)) * np.maximum(1, P) + (scores if P.max() > 1 else 0)


def _penalty(point: Point, architecture: Architecture, name: str, weights: Array) -> Array:
    term = PENALTIES[architecture.penalty].format(W=name)
    return eval(f"0 * {name}{term}", _names(point), {name: weights, "lam": point.lam})


def _names(point: Point) -> dict[str, object]:
    return {"m": point.X.shape[1], "Y": point.Y}
