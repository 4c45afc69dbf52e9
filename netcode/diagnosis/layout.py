"""How the arrays of whoever asks lie: examples as columns or rows, weights either way round, biases of three shapes.

Everything else in this folder has examples as columns, as in the formulas.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

import numpy as np

from netcode.diagnosis.architecture import Point
from netcode.network import one_hot
from netcode.shapes import Array

Labels = Literal["one-hot", "numbers", "numbers in a column", "numbers in a row", "one-hot, the other way round"]
"""What the targets are; numbers are those of the classes, counted from 0."""
LABELS: tuple[Labels, ...] = (
    "one-hot",
    "numbers",
    "numbers in a column",
    "numbers in a row",
    "one-hot, the other way round",
)


class Layout(NamedTuple):
    """The shapes of the arrays; that of a gradient is its parameter's."""

    rows: bool
    """Whether X is (m, n) and Y is (m, C), instead of (n, m) and (C, m)."""
    weights: Literal["out in", "in out", "flat"]
    """Whether W1 is (h, n) and W2 is (C, h), or (n, h) and (h, C); or, with one output and one layer, (n,)."""
    biases: Literal["column", "row", "flat", "number"]
    """Whether b1 is (h, 1), (1, h) or (h,), or a number."""
    labels: Labels = "one-hot"

    def __str__(self) -> str:
        examples = "rows, X (m, n)" if self.rows else "columns, X (n, m)"
        if self.weights == "flat":
            return f"examples as {examples}, w (n,), b a number, labels numbers"
        weights = "(h, n)" if self.weights == "out in" else "(n, h)"
        biases = {"column": "(h, 1)", "row": "(1, h)", "flat": "(h,)"}
        return f"examples as {examples}, W1 {weights}, b1 {biases[self.biases]}, labels {self._targets}"

    @property
    def _targets(self) -> str:
        shape = "(m, C)" if self.rows != (self.labels == LABELS[-1]) else "(C, m)"
        return f"one-hot {shape}" if self.labels.startswith("one-hot") else self.labels

    def per_example(self, array: Array) -> Array:
        """An array with a column for each example, as it lies here; with one feature and one weight it is flat."""
        if self.weights == "flat" and len(array) == 1:
            return array[0].copy()
        return np.array(array.T if self.rows else array, order="C")

    def targets(self, Y: Array) -> Array:
        """The targets as they are here."""
        if self.labels.startswith("one-hot"):
            turned = self.rows != (self.labels == LABELS[-1])
            return np.array(Y.T if turned else Y, order="C")
        numbers = Y[0].astype(int) if len(Y) == 1 else Y.argmax(axis=0)
        if self.labels == "numbers":
            return numbers
        return numbers[:, np.newaxis] if self.labels == "numbers in a column" else numbers[np.newaxis]

    def parameter(self, name: str, array: Array) -> Array:
        """A weight or bias as it is here."""
        if self.weights == "flat":
            return np.array(array[0] if array.size > 1 else array[0, 0])
        if name.startswith("W"):
            return np.array(array if self.weights == "out in" else array.T, order="C")
        return {"column": array, "row": array.T, "flat": array[:, 0]}[self.biases].copy()

    def as_columns(self, name: str, array: Array) -> Array:
        """X, Y, a parameter or its gradient as it is where examples are columns; biases that are flat stay flat."""
        if self.weights == "flat" and name.removeprefix("d")[0] in "Wb":
            return array.reshape(1, -1) if array.ndim < 2 else array
        if name.removeprefix("d").startswith("b") and self.biases == "row" and self.rows and array.ndim == 1:
            return array[:, np.newaxis]  # NumPy repeats it along the rows, as it should
        turned = {"W": self.weights == "in out", "b": self.biases == "row" or (self.biases == "flat" and self.rows)}
        return array.T if turned.get(name.removeprefix("d")[0], self.rows) else array

    def point(self, X: Array, Y: Array, parameters: Mapping[str, Array], lam: float) -> Point | None:
        """The point that these arrays are in this layout, Y perhaps being labels; None if their shapes don't fit."""
        if X.ndim != 2:
            return None
        X, Y = self.as_columns("X", X), self.as_columns("Y", Y)
        turned = {name: self.as_columns(name, array) for name, array in parameters.items()}
        for name, array in turned.items():
            if name.startswith("b") and self.biases == "flat" and array.ndim == 1:
                turned[name] = array[:, np.newaxis]
            elif array.ndim != 2 or (name.startswith("b") and self.biases == "flat"):
                return None
        C = _classes(X, turned)
        if C and Y.shape == (X.shape[1],) and np.isin(Y, np.arange(max(C, 2))).all():
            Y = one_hot(Y.astype(int), C) if C > 1 else Y[np.newaxis]
        if not C or Y.shape != (C, X.shape[1]):
            return None
        return Point(X.astype(np.float64), Y.astype(np.float64), turned, lam)


def _classes(X: Array, parameters: Mapping[str, Array]) -> int:
    """The number of units of the last layer, if each layer's shapes fit the one before; else 0."""
    inputs, layer = len(X), 1
    while (weights := parameters.get(f"W{layer}")) is not None:
        bias = parameters.get(f"b{layer}")
        if weights.shape[1] != inputs or (bias is not None and bias.shape != (len(weights), 1)):
            return 0
        inputs, layer = len(weights), layer + 1
    return inputs if layer > 1 else 0


def _shapes() -> Iterator[Layout]:
    """The common ones first."""
    yield Layout(rows=False, weights="out in", biases="column")
    yield Layout(rows=True, weights="in out", biases="row")
    yield Layout(rows=False, weights="out in", biases="flat")
    yield Layout(rows=True, weights="in out", biases="flat")
    yield Layout(rows=True, weights="out in", biases="flat")
    yield Layout(rows=True, weights="out in", biases="row")
    yield Layout(rows=True, weights="out in", biases="column")
    yield Layout(rows=True, weights="in out", biases="column")
    yield Layout(rows=False, weights="out in", biases="row")
    yield Layout(rows=False, weights="in out", biases="column")
    yield Layout(rows=False, weights="in out", biases="row")
    yield Layout(rows=False, weights="in out", biases="flat")


LAYOUTS = tuple(_shapes())
"""All of them with targets that are one-hot."""


ONE_OUTPUT = Layout(rows=True, weights="flat", biases="number")
"""Of linear and logistic regression, as they are often written."""


def with_labels(layouts: tuple[Layout, ...], likely: Labels = "one-hot") -> list[Layout]:
    """The layouts with each kind of labels, the likely one first."""
    kinds = sorted(LABELS, key=lambda kind: kind != likely)
    return [layout._replace(labels=labels) for labels, layout in itertools.product(kinds, layouts)]
