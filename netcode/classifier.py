"""The network behind scikit-learn's door: `fit(X, y)` with examples as rows. It needs no scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import signature
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netcode.arguments import integer, layer_sizes, nonnegative, positive
from netcode.data.blocks import is_dask, labelled_blocks
from netcode.deep_network import forward, initialize
from netcode.errors import InputError
from netcode.network import one_hot
from netcode.parameters import Parameters
from netcode.shapes import Array, Float
from netcode.training.dask_descent import DaskDescent
from netcode.training.gradient_descent import GradientDescent, automatic_batch_size


class NotFittedError(InputError, AttributeError):
    """The classifier has not been fitted yet."""


class Classifier:
    """A classifier: hidden layers of ReLU units, softmax, cross-entropy with L2, gradient descent.

    After `fit` it has `classes_` (C,), the labels in sorted order; `parameters_`; `loss_curve_`, the loss of each
    update's examples before it; and `n_features_in_`. All settings being the same, so is the result.
    """

    _estimator_type = "classifier"
    classes_: NDArray[Any]
    parameters_: Parameters
    loss_curve_: list[float]
    n_features_in_: int

    def __init__(
        self,
        hidden: int | Sequence[int] = 25,
        learning_rate: float = 1.0,
        lam: float = 1e-3,
        updates: int = 10_000,
        batch_size: int | Literal["auto"] | None = "auto",
        seed: int = 0,
    ) -> None:
        """`hidden` is the number of hidden units, or that of each hidden layer: `hidden=(64, 32)`.

        `lam` is the strength of L2. Each update takes `batch_size` examples: with "auto" all of up to 2,000 and else
        200, with None all. As is usual, nothing is checked before `fit`.
        """
        self.hidden = hidden
        self.learning_rate = learning_rate
        self.lam = lam
        self.updates = updates
        self.batch_size = batch_size
        self.seed = seed

    def fit(self, X: ArrayLike, y: ArrayLike) -> Classifier:
        """Learn from the examples X (m, n) and their labels y (m,): integers, booleans or strings.

        Raises InputError if the data or a setting make no sense, or the training diverges. What an earlier `fit` has
        learned is then kept.

        X may be a Dask array, y too: each update then takes the gradients of all blocks, computed where they lie.
        """
        hidden = layer_sizes("hidden", self.hidden)
        seed = integer("seed", self.seed, least=0)
        learning_rate, lam = positive("learning_rate", self.learning_rate), nonnegative("lam", self.lam)
        descent: GradientDescent | DaskDescent
        if is_dask(X):
            blocks = labelled_blocks(X, y)
            classes, n = blocks.classes, blocks.X.shape[1]
            if self.batch_size not in ("auto", None):
                raise InputError(f"batch_size is {self.batch_size}; expected None: all blocks make a gradient")
            start = initialize((n, *hidden, len(classes)), seed)
            descent = DaskDescent(
                blocks.X, blocks.indices, start, learning_rate=learning_rate, lam=lam, updates=self.updates
            )
        else:
            rows = _features(X)
            labels = _labels(y, len(rows))
            classes, indices = np.unique(labels, return_inverse=True)
            if len(classes) < 2:
                raise InputError(f"y has one class only, {classes.tolist()[0]!r}; expected at least two")
            n = rows.shape[1]
            descent = GradientDescent(
                rows.T,
                one_hot(indices, len(classes)),
                initialize((n, *hidden, len(classes)), seed),
                learning_rate=learning_rate,
                lam=lam,
                updates=self.updates,
                batch_size=automatic_batch_size(len(rows)) if self.batch_size == "auto" else self.batch_size,
                seed=seed,
            )
        loss_curve = list(descent)
        self.classes_, self.n_features_in_ = classes, n
        self.loss_curve_, self.parameters_ = loss_curve, descent.parameters
        return self

    def predict_proba(self, X: ArrayLike) -> Float[Array, "m C"]:
        """The probability of each class, in the order of `classes_`, for the examples X (m, n).

        Raises NotFittedError before `fit`, and InputError if X makes no sense.
        """
        if not hasattr(self, "parameters_"):
            raise NotFittedError(f"this {type(self).__name__} is not fitted; expected fit(X, y) first")
        rows = _features(X)
        if rows.shape[1] != self.n_features_in_:
            raise InputError(f"X has {rows.shape[1]} features; expected {self.n_features_in_}, as in fit")
        return forward(rows.T, self.parameters_).P.T

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The most probable label (m,) of each of the examples X (m, n). Raises as `predict_proba` does."""
        most_probable = self.predict_proba(X).argmax(axis=1)
        return self.classes_[most_probable]

    def score(self, X: ArrayLike, y: ArrayLike) -> float:
        """The accuracy: which part of the examples X (m, n) is predicted as y (m,) says. Raises as `fit` does."""
        predicted = self.predict(X)
        return float(np.mean(predicted == _labels(y, len(predicted))))

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The settings by name. `deep` is there for scikit-learn; there is nothing deeper."""
        return {name: getattr(self, name) for name in signature(type(self)).parameters}

    def set_params(self, **settings: Any) -> Classifier:
        """Change settings by name. Raises InputError, and changes none, if there is no such setting."""
        known = self.get_params()
        for name in settings:
            if name not in known:
                raise InputError(f"there is no setting {name!r}; expected one of {', '.join(known)}")
        for name, value in settings.items():
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.get_params().items())
        return f"{type(self).__name__}({settings})"

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn asks of a classifier it is given; only scikit-learn calls this, so it is there."""
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags(),
            input_tags=InputTags(),
        )


def _features(X: ArrayLike) -> Float[Array, "m n"]:
    try:
        rows = np.asarray(X)
    except ValueError:
        raise InputError("the rows of X differ in length; expected as many features in each") from None
    if rows.size == 0:
        raise InputError(f"X is empty, its shape is {rows.shape}; expected at least one example and one feature")
    if rows.ndim != 2:
        raise InputError(f"X has the shape {rows.shape}; expected two dimensions, (examples, features)")
    if rows.dtype.kind not in "fiub":
        rows = _numbers(rows)
    rows = rows.astype(np.float64, copy=False)
    finite = np.isfinite(rows)
    if not finite.all():
        row, column = np.argwhere(~finite)[0]
        raise InputError(f"X has {rows[row, column]} in row {row}, column {column}; expected finite numbers")
    return rows


def _numbers(rows: NDArray[Any]) -> Float[Array, "m n"]:
    numbers = np.empty(rows.shape)
    for (row, column), value in np.ndenumerate(rows.astype(object)):
        try:
            numbers[row, column] = float(value)
        except (TypeError, ValueError):
            raise InputError(f"X has {value!r} in row {row}, column {column}; expected real numbers") from None
    return numbers


def _labels(y: ArrayLike, examples: int) -> NDArray[Any]:
    try:
        labels = np.asarray(y)
    except ValueError:
        raise InputError("y is ragged; expected one label for each example") from None
    if labels.ndim != 1:
        raise InputError(f"y has the shape {labels.shape}; expected one dimension, a label for each example")
    if len(labels) != examples:
        raise InputError(f"y has {len(labels)} labels; expected {examples}, one for each example of X")
    if labels.dtype.kind == "O" and all(isinstance(label, str) for label in labels):
        return labels.astype(str)
    whole = labels.dtype.kind == "f" and np.all(labels == np.round(labels))
    if labels.dtype.kind not in "iubUS" and not whole:
        raise InputError(f"y holds labels of the type {labels.dtype}; expected integers, booleans or strings")
    return labels
