"""The network behind scikit-learn's door: `fit(X, y)` with examples as rows. It needs no scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from inspect import signature
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netcode.arguments import integer, layer_sizes, require_parameters
from netcode.data.arrays import check_classes, class_indices, classes_of, example_weights, features, labels
from netcode.data.blocks import is_dask, labelled_blocks
from netcode.data.feature_names import check_feature_names, feature_names
from netcode.deep_network import forward, initialize
from netcode.errors import InputError
from netcode.network import margin_to_max, one_hot, softmax
from netcode.parameters import Parameters
from netcode.scikit_learn import classifier_tags, not_fitted_error
from netcode.shapes import Array, Float
from netcode.training.dask_descent import DaskDescent
from netcode.training.gradient_descent import GradientDescent, automatic_batch_size


class Classifier:
    """A classifier: hidden layers of ReLU units, softmax, cross-entropy with L2, gradient descent.

    After `fit` it has `classes_` (C,), the labels in sorted order; `parameters_`; `loss_curve_`, the loss of each
    update's examples before it; `n_features_in_`; and, if X was a data frame whose columns have names,
    `feature_names_in_` (n,). All settings being the same, so is the result.
    """

    _estimator_type = "classifier"
    classes_: NDArray[Any]
    parameters_: Parameters
    loss_curve_: list[float]
    n_features_in_: int
    feature_names_in_: NDArray[Any]

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

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Classifier:
        """Learn from the examples X (m, n) and their labels y (m,): integers, booleans or strings.

        `sample_weight` (m,) counts each example so many times in the mean of the cross-entropies.

        Raises InputError if the data or a setting make no sense, or the training diverges. What an earlier `fit` has
        learned is then kept.

        X may be a Dask array, y too: each update then takes the gradients of all blocks, computed where they lie.
        """
        descent: GradientDescent | DaskDescent
        if is_dask(X):
            if sample_weight is not None:
                raise InputError("sample_weight can't be used with Dask arrays; expected None")
            classes, descent = self._descent_on_blocks(X, y)
        else:
            classes, descent = self._descent(X, y, sample_weight)
        loss_curve = list(descent)
        self._keep(X, classes, loss_curve, _finite(descent.parameters))
        return self

    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Classifier:
        """Make one update with the examples X (m, n), as one batch: for data that come bit by bit.

        `classes` are all labels that will ever come; they are needed in the first call. Later calls, and calls after
        `fit`, go on from what is learned. `updates` and `batch_size` play no part. Raises as `fit` does.

            >>> model = Classifier(hidden=3)
            >>> for x in (0.0, 1.0, 2.0):
            ...     model = model.partial_fit([[x]], [x > 0.5], classes=[False, True])
            >>> len(model.loss_curve_)
            3
        """
        rows, known = features(X), self._known_classes(classes)
        if fitted := hasattr(self, "parameters_"):
            self._check_features(X, rows)
            start = self.parameters_
        else:
            start = self._initial(rows.shape[1], known)
        given = labels(y, len(rows))
        descent = GradientDescent(
            rows.T,
            one_hot(class_indices(given, known), len(known)),
            start,
            learning_rate=self.learning_rate,
            lam=self.lam,
            updates=1,
            weights=example_weights(sample_weight, len(rows)),
        )
        losses, parameters = list(descent), _finite(descent.parameters)
        if fitted:
            self.loss_curve_, self.parameters_ = [*self.loss_curve_, *losses], parameters
        else:
            self._keep(X, known, losses, parameters)
        return self

    def predict_proba(self, X: ArrayLike) -> Float[Array, "m C"]:
        """The probability of each class, in the order of `classes_`, for the examples X (m, n).

        Raises NotFittedError before `fit`, and InputError if X makes no sense.
        """
        return softmax(self._scores(X)).T

    def predict_log_proba(self, X: ArrayLike) -> Float[Array, "m C"]:
        """The logarithms of the probabilities, accurate also where these are rounded to 0 or 1. Raises as they do."""
        gaps = margin_to_max(self._scores(X))
        smaller = np.sort(gaps, axis=0)[1:]  # the largest score's own term is the 1 of log1p
        return -(gaps + np.log1p(np.exp(-smaller).sum(axis=0))).T

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The most probable label (m,) of each of the examples X (m, n). Raises as `predict_proba` does."""
        most_probable = self.predict_proba(X).argmax(axis=1)
        return self.classes_[most_probable]

    def score(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """The accuracy: which part of the examples X (m, n) is predicted as y (m,) says, by weight if there are any.

        Raises as `fit` does.
        """
        predicted = self.predict(X)
        hits = predicted == labels(y, len(predicted))
        return float(np.average(hits, weights=example_weights(sample_weight, len(hits))))

    def _descent(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None
    ) -> tuple[NDArray[Any], GradientDescent]:
        rows = features(X)
        classes, indices = np.unique(labels(y, len(rows)), return_inverse=True)
        if len(classes) < 2:
            raise InputError(f"y has one class only, {classes.tolist()[0]!r}; expected at least two classes")
        check_classes(len(classes), len(rows))
        start = self._initial(rows.shape[1], classes)
        return classes, GradientDescent(
            rows.T,
            one_hot(indices, len(classes)),
            start,
            learning_rate=self.learning_rate,
            lam=self.lam,
            updates=self.updates,
            batch_size=automatic_batch_size(len(rows)) if self.batch_size == "auto" else self.batch_size,
            seed=self.seed,
            weights=example_weights(sample_weight, len(rows)),
        )

    def _descent_on_blocks(self, X: Any, y: Any) -> tuple[NDArray[Any], DaskDescent]:
        X, indices, classes = labelled_blocks(X, y)
        if self.batch_size not in ("auto", None):
            raise InputError(f"batch_size is {self.batch_size}; expected None: all blocks make a gradient")
        start = self._initial(X.shape[1], classes)
        return classes, DaskDescent(
            X, indices, start, learning_rate=self.learning_rate, lam=self.lam, updates=self.updates
        )

    def _initial(self, n: int, classes: NDArray[Any]) -> Parameters:
        hidden, seed = layer_sizes("hidden", self.hidden), integer("seed", self.seed, least=0)
        sizes = (n, *hidden, len(classes))
        require_parameters(f"hidden={self.hidden}", sizes)
        return initialize(sizes, seed)

    def _known_classes(self, classes: ArrayLike | None) -> NDArray[Any]:
        """The classes that `partial_fit` learns. Raises InputError if they aren't known, or contradict `classes_`."""
        known = None if classes is None else classes_of(classes)
        if hasattr(self, "classes_"):
            if known is not None and not np.array_equal(known, self.classes_):
                raise InputError("classes are not those of the first call; expected the same, or None")
            return self.classes_
        if known is None or len(known) < 2:
            raise InputError("classes must be passed on the first call to partial_fit; expected at least two labels")
        return known

    def _keep(self, X: Any, classes: NDArray[Any], loss_curve: list[float], parameters: Parameters) -> None:
        self.classes_, self.n_features_in_ = classes, parameters.W[1].shape[1]
        self.loss_curve_, self.parameters_ = loss_curve, parameters
        names = feature_names(X)
        if names is not None:
            self.feature_names_in_ = names
        elif hasattr(self, "feature_names_in_"):
            del self.feature_names_in_  # those of an earlier fit

    def _scores(self, X: ArrayLike) -> Float[Array, "C m"]:
        if not hasattr(self, "parameters_"):
            raise not_fitted_error(f"this {type(self).__name__} is not fitted; expected fit(X, y) first")
        rows = features(X)
        self._check_features(X, rows)
        return forward(rows.T, self.parameters_).Z[self.parameters_.depth]

    def _check_features(self, X: Any, rows: Float[Array, "m n"]) -> None:
        check_feature_names(X, getattr(self, "feature_names_in_", None))
        n, known = rows.shape[1], self.n_features_in_
        if n != known:
            raise InputError(f"X has {n} features, but {type(self).__name__} is expecting {known} features as input")

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
        """What scikit-learn asks of a classifier it is given."""
        return classifier_tags()


def _finite(parameters: Parameters) -> Parameters:
    """The parameters. Raises InputError if the last update, whose loss nobody has seen, made one of them infinite."""
    if not np.isfinite(parameters.flat).all():
        raise InputError("training diverged in its last update; expected a smaller learning_rate, or smaller features")
    return parameters
