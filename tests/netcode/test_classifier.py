from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from netcode import Classifier
from netcode.classifier import NotFittedError
from netcode.data import spiral
from netcode.training import training_step

X, y = spiral(points_per_class=30)
NAMES = np.array(["left", "right", "up"])


def quick(**settings: Any) -> Classifier:
    return Classifier(**({"updates": 300} | settings))


def test_the_spiral_is_learned() -> None:
    model = Classifier(updates=3000).fit(X, y)
    assert model.score(X, y) > 0.95
    assert model.n_features_in_ == 2
    assert len(model.loss_curve_) == 3000
    assert model.loss_curve_[-1] < 0.5 < model.loss_curve_[0]
    P = model.predict_proba(X)
    assert P.shape == (90, 3)
    assert P.sum(axis=1) == pytest.approx(1)
    assert np.array_equal(model.predict(X), model.classes_[P.argmax(axis=1)])


@pytest.mark.parametrize(
    "labels",
    [NAMES[y], NAMES[y].astype(object), y - 7, y.astype(np.uint8), y == 1, y.astype(float), NAMES[y].astype("S")],
    ids=["strings", "string objects", "negative", "bytes wide", "booleans", "whole floats", "byte strings"],
)
def test_labels_of_any_kind_come_back_as_they_were(labels: Any) -> None:
    model = quick().fit(X, labels)
    predicted = model.predict(X)
    assert set(predicted.tolist()) <= set(labels.tolist())
    assert np.array_equal(model.classes_, np.unique(labels.astype(str) if labels.dtype == object else labels))
    assert model.score(X, labels) == np.mean(predicted == labels)


@pytest.mark.parametrize("batch_size", [None, 1, 7, 90, 1000])
def test_any_batch_size_and_the_same_result_for_the_same_seed(batch_size: int | None) -> None:
    settings = {"batch_size": batch_size, "updates": 20, "learning_rate": 0.1}
    one, same, other = (quick(**settings, seed=seed).fit(X, y) for seed in (1, 1, 2))
    assert len(one.loss_curve_) == 20
    assert one.loss_curve_ == same.loss_curve_
    assert np.array_equal(one.predict_proba(X), same.predict_proba(X))
    assert one.loss_curve_ != other.loss_curve_


@pytest.mark.parametrize("hidden", [(), (8,), (16, 8), [5, 4, 3], (3, 3, 3, 3, 3)])
def test_any_number_of_hidden_layers(hidden: Any) -> None:
    model = quick(hidden=hidden, learning_rate=0.3).fit(X, y)
    assert [W.shape[0] for W in model.parameters_.W.values()] == [*hidden, 3]
    assert model.predict_proba(X).sum(axis=1) == pytest.approx(1)
    assert model.loss_curve_[-1] < model.loss_curve_[0]


def test_one_hidden_layer_is_a_number_or_one_in_a_list() -> None:
    one, other = quick(hidden=25).fit(X, y), quick(hidden=[25]).fit(X, y)
    assert np.array_equal(one.parameters_.flat, other.parameters_.flat)


def test_two_hidden_layers_learn_the_spiral() -> None:
    assert quick(hidden=(32, 16), updates=2000, learning_rate=0.5).fit(X, y).score(X, y) > 0.95


def test_many_examples_are_taken_in_mini_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    step = training_step.TrainingStep.__call__

    def spy(self: Any, X: Any, Y: Any, with_loss: bool = False) -> float | None:
        taken.append(X.shape[1])
        return step(self, X, Y, with_loss)

    monkeypatch.setattr(training_step.TrainingStep, "__call__", spy)
    for many, batch_size in ((2000, "auto"), (2001, "auto"), (2001, None), (2001, 7)):
        quick(updates=1, batch_size=batch_size).fit(np.eye(many, 3), np.arange(many) % 2)
    assert taken == [2000, 200, 2001, 7]


def test_nothing_given_is_mutated() -> None:
    rows, labels = X.copy(), y.copy()
    quick().fit(rows, labels).predict(rows)
    assert np.array_equal(rows, X)
    assert np.array_equal(labels, y)


def test_lists_will_do() -> None:
    model = quick().fit([[0, 1], [1, 0], [1, 1], [0, 0]], ["yes", "yes", "no", "no"])
    assert model.predict([[0, 1]]).tolist() in (["yes"], ["no"])


def test_settings_by_name() -> None:
    model = quick(hidden=3)
    assert model.get_params()["hidden"] == 3
    assert model.set_params(hidden=4, lam=0.5) is model
    assert repr(model).startswith("Classifier(hidden=4, learning_rate=1.0, lam=0.5, updates=300")
    with pytest.raises(ValueError, match="there is no setting 'hiden'; expected one of hidden, learning_rate, lam"):
        model.set_params(hidden=5, hiden=3)
    assert model.hidden == 4


ROWS = [[0.0, 1.0], [1.0, 0.0]]


@pytest.mark.parametrize(
    ("rows", "labels", "message"),
    [
        ([[0.0, 1.0], [2.0, np.nan]], [0, 1], "X has nan in row 1, column 1; expected finite numbers"),
        ([[0.0, -np.inf], [2.0, 1.0]], [0, 1], "X has -inf in row 0, column 1; expected finite numbers"),
        ([[0.0, 1.0], [2.0]], [0, 1], "the rows of X differ in length; expected as many features in each"),
        ([[0.0, "a"], [2.0, 1.0]], [0, 1], "X has 'a' in row 0, column 1; expected real numbers"),
        ([[0.0, None], [2.0, 1.0]], [0, 1], "X has None in row 0, column 1; expected real numbers"),
        ([[1j, 1.0], [2.0, 1.0]], [0, 1], "X has 1j in row 0, column 0; expected real numbers"),
        ([], [], "X is empty, its shape is (0,); expected at least one example and one feature"),
        (np.zeros((2, 0)), [0, 1], "X is empty, its shape is (2, 0); expected at least one example and one feature"),
        ([1.0, 2.0], [0, 1], "X has the shape (2,); expected two dimensions, (examples, features)"),
        (ROWS, [0, 0], "y has one class only, 0; expected at least two"),
        (ROWS, ["a", "a"], "y has one class only, 'a'; expected at least two"),
        (ROWS, [0, 1, 2], "y has 3 labels; expected 2, one for each example of X"),
        (ROWS, [[0], [1]], "y has the shape (2, 1); expected one dimension, a label for each example"),
        (ROWS, [0.5, 1.0], "y holds labels of the type float64; expected integers, booleans or strings"),
        (ROWS, [np.nan, 1.0], "y holds labels of the type float64; expected integers, booleans or strings"),
        (ROWS, [None, "a"], "y holds labels of the type object; expected integers, booleans or strings"),
        (ROWS, [[0], [1, 2]], "y is ragged; expected one label for each example"),
    ],
)
def test_data_that_make_no_sense(rows: Any, labels: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        quick().fit(rows, labels)


@pytest.mark.usefixtures("unchecked_shapes")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hidden", 0),
        ("hidden", 2.5),
        ("hidden", "25"),
        ("updates", -1),
        ("batch_size", 0),
        ("learning_rate", -1.0),
        ("learning_rate", 0),
        ("lam", -1e-3),
        ("seed", -1),
    ],
)
def test_settings_that_make_no_sense(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{name} is {value!r}; expected a "):
        quick(**{name: value}).fit(X, y)


@pytest.mark.usefixtures("unchecked_shapes")
def test_the_size_that_makes_no_sense_is_the_one_named() -> None:
    with pytest.raises(ValueError, match=r"^hidden is 0; expected a whole number from 1$"):
        quick(hidden=(5, 0)).fit(X, y)


def test_what_was_learned_is_kept_when_the_next_fit_fails() -> None:
    model = quick().fit(X, y)
    before = model.predict_proba(X)
    with pytest.raises(ValueError, match="training diverged"):
        model.set_params(learning_rate=1e9).fit(X, y)
    assert np.array_equal(model.predict_proba(X), before)


def test_not_fitted_and_the_wrong_number_of_features() -> None:
    with pytest.raises(NotFittedError, match=r"this Classifier is not fitted; expected fit\(X, y\) first"):
        quick().predict(X)
    with pytest.raises(ValueError, match="X has 3 features; expected 2, as in fit"):
        quick().fit(X, y).predict(np.zeros((1, 3)))
    with pytest.raises(ValueError, match="y has 2 labels; expected 90"):
        quick().fit(X, y).score(X, [0, 1])


class TestWithScikitLearn:
    """What its tools ask of a classifier."""

    @pytest.fixture(autouse=True)
    def _needs_scikit_learn(self) -> None:
        pytest.importorskip("sklearn")

    def test_clone_and_cross_validation(self) -> None:
        from sklearn.base import clone, is_classifier
        from sklearn.model_selection import GridSearchCV, cross_val_score

        model = quick(hidden=5)
        assert is_classifier(model)
        assert clone(model.fit(X, y)).get_params() == model.get_params()
        assert not hasattr(clone(model), "parameters_")
        assert cross_val_score(model, X, NAMES[y], cv=3).shape == (3,)
        search = GridSearchCV(model, {"hidden": [2, 20]}, cv=3).fit(X, NAMES[y])
        assert set(search.predict(X)) <= set(NAMES)

    def test_a_pipeline(self) -> None:
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        assert make_pipeline(StandardScaler(), quick(updates=1000)).fit(X, NAMES[y]).score(X, NAMES[y]) > 0.6
