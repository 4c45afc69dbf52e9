"""How the arrays of whoever asks lie: examples as columns or rows, weights either way round, biases of three shapes.

Everything else in this folder has examples as columns, as in the formulas.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from netcode.network import Forward, one_hot
from netcode.parameters import Parameters
from netcode.shapes import Array, Float


class Place(NamedTuple):
    """Where a gradient is asked for: examples, targets, parameters and the strength of the penalty."""

    X: Float[Array, "n m"]
    Y: Float[Array, "C m"]
    parameters: Parameters
    lam: float


class Layout(NamedTuple):
    """The shapes of the arrays; that of a gradient is its parameter's."""

    rows: bool
    """Whether X is (m, n) and Y is (m, C), instead of (n, m) and (C, m)."""
    weights: Literal["out in", "in out"]
    """Whether W1 is (h, n) and W2 is (C, h), or (n, h) and (h, C)."""
    biases: Literal["column", "row", "flat"]
    """Whether b1 is (h, 1), (1, h) or (h,)."""

    def __str__(self) -> str:
        examples = "rows: X (m, n), Y (m, C)" if self.rows else "columns: X (n, m), Y (C, m)"
        weights = "(h, n)" if self.weights == "out in" else "(n, h)"
        biases = {"column": "(h, 1)", "row": "(1, h)", "flat": "(h,)"}
        return f"examples as {examples}, W1 {weights}, b1 {biases[self.biases]}"

    def given(self, place: Place, passed: Forward) -> dict[str, object]:
        """All that a backward pass may ask for, by name, in fresh arrays; `y` are the labels."""
        parameters = Parameters(*(self._parameter(*named) for named in place.parameters._asdict().items()))
        values = Forward(*(self._per_example(array) for array in passed))
        return {
            "X": self._per_example(place.X),
            "Y": self._per_example(place.Y),
            "y": place.Y.argmax(axis=0),
            "parameters": parameters,
            "forward": values,
            **parameters._asdict(),
            **values._asdict(),
            "lam": place.lam,
        }

    def as_columns(self, name: str, array: Array) -> Array:
        """X, Y, a parameter or its gradient as it is where examples are columns; biases that are flat stay flat."""
        turned = {"W": self.weights == "in out", "b": self.biases == "row" or (self.biases == "flat" and self.rows)}
        return array.T if turned.get(name.removeprefix("d")[0], self.rows) else array

    def place(self, X: Array, Y: Array, parameters: Parameters, lam: float) -> Place | None:
        """The place that these arrays are in this layout, Y perhaps being labels; None if their shapes don't fit."""
        X, Y = self.as_columns("X", X), self.as_columns("Y", Y)
        W1, b1, W2, b2 = (self.as_columns(*named) for named in parameters._asdict().items())
        if self.biases == "flat":
            if b1.ndim != 1 or b2.ndim != 1:
                return None
            b1, b2 = b1[:, np.newaxis], b2[:, np.newaxis]
        if any(array.ndim != 2 for array in (X, W1, b1, W2, b2)):
            return None
        (n, m), h, C = X.shape, len(W1), len(W2)
        if (W1.shape, b1.shape, W2.shape, b2.shape) != ((h, n), (h, 1), (C, h), (C, 1)):
            return None
        if Y.shape == (m,) and np.isin(Y, np.arange(C)).all():
            Y = one_hot(Y.astype(int), C)
        if Y.shape != (C, m):
            return None
        return Place(X, Y.astype(np.float64), Parameters(W1, b1, W2, b2), lam)

    def _per_example(self, array: Array) -> Array:
        return np.array(array.T if self.rows else array, order="C")

    def _parameter(self, name: str, array: Array) -> Array:
        if name.startswith("W"):
            return np.array(array if self.weights == "out in" else array.T, order="C")
        return {"column": array, "row": array.T, "flat": array[:, 0]}[self.biases].copy()


LAYOUTS = (
    Layout(rows=False, weights="out in", biases="column"),
    Layout(rows=True, weights="in out", biases="row"),
    Layout(rows=False, weights="out in", biases="flat"),
    Layout(rows=True, weights="in out", biases="flat"),
    Layout(rows=True, weights="out in", biases="flat"),
    Layout(rows=True, weights="out in", biases="row"),
    Layout(rows=True, weights="out in", biases="column"),
    Layout(rows=True, weights="in out", biases="column"),
    Layout(rows=False, weights="out in", biases="row"),
    Layout(rows=False, weights="in out", biases="column"),
    Layout(rows=False, weights="in out", biases="row"),
    Layout(rows=False, weights="in out", biases="flat"),
)
"""All of them, the common ones first."""
