from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from netcode import Classifier
from netcode.data import spiral
from netcode.scikit_learn import NotFittedError
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
    [
        NAMES[y],
        NAMES[y].astype(object),
        NAMES[y].astype(np.dtypes.StringDType()),
        (y - 7).astype(object),
        (y == 1).astype(object),
        y - 7,
        y.astype(np.uint8),
        y == 1,
        y.astype(float),
        NAMES[y].astype("S"),
    ],
    ids=[
        "strings",
        "string objects",
        "strings of any length",
        "integer objects",
        "boolean objects",
        "negative",
        "bytes wide",
        "booleans",
        "whole floats",
        "byte strings",
    ],
)
def test_labels_of_any_kind_come_back_as_they_were(labels: Any) -> None:
    model = quick().fit(X, labels)
    predicted = model.predict(X)
    assert set(predicted.tolist()) <= set(labels.tolist())
    assert model.classes_.tolist() == sorted(set(labels.tolist()))
    assert model.classes_.dtype != object
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


def test_a_network_that_no_memory_holds_is_refused_before_it_is_made() -> None:
    X, y = np.zeros((4, 2)), [0, 1, 0, 1]
    words = r"^hidden=1000000000: 5,000,000,002 parameters; expected at most 1,000,000,000$"
    with pytest.raises(ValueError, match=words):
        Classifier(hidden=10**9).fit(X, y)


def test_one_hidden_layer_is_a_number_or_one_in_a_list() -> None:
    one, other = quick(hidden=25).fit(X, y), quick(hidden=[25]).fit(X, y)
    assert np.array_equal(one.parameters_.flat, other.parameters_.flat)


def test_two_hidden_layers_learn_the_spiral() -> None:
    assert quick(hidden=(32, 16), updates=2000, learning_rate=0.5).fit(X, y).score(X, y) > 0.95


def test_many_examples_are_taken_in_mini_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    step = training_step.TrainingStep.__call__

    def spy(self: Any, X: Any, Y: Any, with_loss: bool = False, weights: Any = None) -> float | None:
        taken.append(X.shape[1])
        return step(self, X, Y, with_loss, weights)

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
NOT_A_NUMBER = "(float() argument must be a string or a real number, not '{}')"
KINDS = "expected all of them integers, booleans or strings"


@pytest.mark.usefixtures("unchecked_shapes")
@pytest.mark.parametrize(
    ("rows", "labels", "message"),
    [
        ([[0.0, 1.0], [2.0, np.nan]], [0, 1], "X has NaN in row 1, column 1; expected finite numbers"),
        ([[0.0, -np.inf], [2.0, 1.0]], [0, 1], "X has -inf in row 0, column 1; expected finite numbers"),
        ([[0.0, 1.0], [2.0]], [0, 1], "the rows of X differ in length; expected as many features in each"),
        ([[0.0, "a"], [2.0, 1.0]], [0, 1], "X has 'a' in row 0, column 1; expected real numbers"),
        (
            [[0.0, None], [2.0, 1.0]],
            [0, 1],
            f"X has None in row 0, column 1; expected real numbers {NOT_A_NUMBER.format('NoneType')}",
        ),
        (
            [[{}, 0], [2, 1]],
            [0, 1],
            f"X has {{}} in row 0, column 0; expected real numbers {NOT_A_NUMBER.format('dict')}",
        ),
        ([["1" * 99, "b"]], [0], "X has 'b' in row 0, column 1; expected real numbers"),
        (
            [[0, 10**400]],
            [0],
            "X has 100000000000000000...0000000000000000000 in row 0, column 1; expected real numbers",
        ),
        ([[1j, 1.0], [2.0, 1.0]], [0, 1], "X is complex128; expected real numbers. Complex data not supported"),
        (np.zeros((0, 2)), [], "X is empty: 0 sample(s) (shape=(0, 2)) while a minimum of 1 is required."),
        (np.zeros((2, 0)), [0, 1], "X is empty: 0 feature(s) (shape=(2, 0)) while a minimum of 1 is required."),
        (np.zeros((2, 1, 1)), [0, 1], "X has the shape (2, 1, 1); expected two dimensions, (examples, features)"),
        (
            [1.0, 2.0],
            [0, 1],
            "X has the shape (2,); expected two dimensions, (examples, features). "
            "Reshape your data: X[np.newaxis] has one example, X[:, np.newaxis] one feature",
        ),
        (np.ma.masked_less(ROWS, 1), [0, 1], "X is a masked array; expected a plain one, as X.filled(value) gives"),
        (ROWS, np.ma.array([0, 1]), "y is a masked array; expected a plain one, as y.filled(value) gives"),
        (ROWS, [0, 0], "y has one class only, 0; expected at least two classes"),
        (ROWS, ["a", "a"], "y has one class only, 'a'; expected at least two classes"),
        (ROWS, None, "a classifier requires y to be passed, but the target y is None"),
        (ROWS, [0, 1, 2], "y has 3 labels; expected 2, one for each example of X"),
        (ROWS, [[0, 1], [1, 0]], "y has the shape (2, 2); expected one dimension, a label for each example"),
        (ROWS, [1.0, 0.5], f"y is continuous: 0.5 in row 1; {KINDS}"),
        (ROWS, [np.nan, 1.0], f"y is continuous: nan in row 0; {KINDS}"),
        (ROWS, [None, "a"], f"Unknown label type: y holds NoneType, str; {KINDS}"),
        (ROWS, np.array([1, "a"], object), f"Unknown label type: y holds int, str; {KINDS}"),
        (ROWS, np.array([1, 2], "M8[s]"), f"Unknown label type: y holds datetime64[s]; {KINDS}"),
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


@pytest.mark.parametrize("method", ["fit", "partial_fit"])
def test_a_last_update_that_diverges_is_not_kept(method: str) -> None:
    model = quick().fit(X, y)
    before = model.predict_proba(X)
    with pytest.raises(ValueError, match="training diverged in its last update"):
        getattr(model.set_params(learning_rate=1e300, updates=1, lam=1e10), method)(X, y)
    assert np.array_equal(model.predict_proba(X), before)


def test_not_fitted_and_the_wrong_number_of_features() -> None:
    with pytest.raises(NotFittedError, match=r"this Classifier is not fitted; expected fit\(X, y\) first"):
        quick().predict(X)
    with pytest.raises(ValueError, match="X has 3 features, but Classifier is expecting 2 features as input"):
        quick().fit(X, y).predict(np.zeros((1, 3)))
    with pytest.raises(ValueError, match="y has 2 labels; expected 90"):
        quick().fit(X, y).score(X, [0, 1])


def test_a_column_of_labels_is_taken_with_a_warning() -> None:
    with pytest.warns(UserWarning, match="A column-vector y was passed when a 1d array was expected"):
        column = quick().fit(X, y[:, np.newaxis])
    assert np.array_equal(column.parameters_.flat, quick().fit(X, y).parameters_.flat)


def test_as_many_classes_as_would_fill_the_memory_are_refused_before_they_do() -> None:
    with pytest.raises(ValueError, match=r"^y: 7,072 classes of 7,072 examples; expected at most 50,000,000"):
        quick().fit(np.zeros((7072, 1)), np.arange(7072))


@pytest.mark.parametrize("hidden", [(), (8,)])
def test_logarithms_of_probabilities_that_are_rounded_to_0(hidden: tuple[int, ...]) -> None:
    model = quick(hidden=hidden).fit(X, y)
    assert model.predict_log_proba(X) == pytest.approx(np.log(model.predict_proba(X)))
    far = 1e6 * X
    assert (model.predict_proba(far) == 0).any()
    logarithms = model.predict_log_proba(far)
    assert np.isfinite(logarithms).all()
    assert np.array_equal(logarithms.argmax(axis=1), model.predict_proba(far).argmax(axis=1))


class TestPartialFit:
    def test_as_many_calls_are_as_many_updates(self) -> None:
        whole, by_parts = quick(updates=20, batch_size=None).fit(X, NAMES[y]), quick()
        for _ in range(20):
            assert by_parts.partial_fit(X, NAMES[y], classes=NAMES) is by_parts
        assert np.array_equal(by_parts.parameters_.flat, whole.parameters_.flat)
        assert by_parts.loss_curve_ == whole.loss_curve_
        assert np.array_equal(by_parts.classes_, whole.classes_)

    def test_it_goes_on_from_fit_and_fit_begins_anew(self) -> None:
        first = quick(updates=20, batch_size=None).fit(X, y)
        more = quick(updates=21, batch_size=None).fit(X, y)
        assert np.array_equal(first.partial_fit(X, y).parameters_.flat, more.parameters_.flat)
        assert np.array_equal(first.set_params(updates=21).fit(X, y).parameters_.flat, more.parameters_.flat)

    def test_a_part_need_not_have_all_classes(self) -> None:
        model = quick().partial_fit(X[:5], NAMES[y[:5]], classes=["up", "right", "left"])
        assert model.classes_.tolist() == ["left", "right", "up"]
        assert model.predict_proba(X).shape == (90, 3)

    @pytest.mark.parametrize(
        ("labels", "classes", "message"),
        [
            (y, None, "classes must be passed on the first call to partial_fit; expected at least two labels"),
            (y, [0], "classes must be passed on the first call to partial_fit; expected at least two labels"),
            (y, [0, 1], "y has the label 2 in row 60; expected one of the 2 classes"),
            (NAMES[y], [0, 1, 2], "y holds labels of the type <U5; expected int64, as the classes"),
        ],
    )
    def test_what_makes_no_sense_in_the_first_call(self, labels: Any, classes: Any, message: str) -> None:
        model = quick()
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            model.partial_fit(X, labels, classes=classes)
        assert not hasattr(model, "classes_")

    def test_what_makes_no_sense_later_changes_nothing(self) -> None:
        model = quick().partial_fit(X, y, classes=[0, 1, 2])
        before = model.parameters_.flat.copy()
        for rows, classes, message in (
            (X, [0, 1, 3], "classes are not those of the first call"),
            (X[:, :1], None, "X has 1 features, but Classifier is expecting 2"),
            (1e308 * X, None, "training diverged"),
        ):
            with pytest.raises(ValueError, match=message):
                model.partial_fit(rows, y, classes=classes)
            assert np.array_equal(model.parameters_.flat, before)
            assert len(model.loss_curve_) == 1


class TestWeights:
    @pytest.mark.parametrize("hidden", [(), (8,), (8, 4)])
    def test_a_weight_is_a_number_of_repetitions(self, hidden: tuple[int, ...]) -> None:
        times = np.arange(90) % 4
        weighted = quick(hidden=hidden, updates=50).fit(X, y, sample_weight=times)
        repeated = quick(hidden=hidden, updates=50).fit(X.repeat(times, axis=0), y.repeat(times))
        assert weighted.parameters_.flat == pytest.approx(repeated.parameters_.flat, rel=1e-9, abs=1e-12)
        assert weighted.loss_curve_ == pytest.approx(repeated.loss_curve_)
        assert weighted.loss_curve_ != pytest.approx(quick(hidden=hidden, updates=50).fit(X, y).loss_curve_)
        assert weighted.score(X, y, times) == pytest.approx(weighted.score(X.repeat(times, axis=0), y.repeat(times)))

    @pytest.mark.parametrize("weight", [1, 0.1, 7, 1e-300, 1e308])
    def test_equal_weights_are_none(self, weight: float) -> None:
        equal = quick(updates=50).fit(X, y, sample_weight=np.full(90, weight))
        assert np.array_equal(equal.parameters_.flat, quick(updates=50).fit(X, y).parameters_.flat)

    def test_weights_go_with_their_examples_into_the_batches(self) -> None:
        one = quick(updates=40, batch_size=7, learning_rate=0.1)
        none_of_2 = one.fit(X, y, sample_weight=(y < 2).astype(float)).predict_proba(X)[:, 2]
        assert (
            none_of_2.mean()
            < 0.5 * quick(updates=40, batch_size=7, learning_rate=0.1).fit(X, y).predict_proba(X)[:, 2].mean()
        )

    def test_partial_fit_weighs_too(self) -> None:
        times = np.arange(90) % 4
        weighted = quick().partial_fit(X, y, classes=[0, 1, 2], sample_weight=times)
        repeated = quick().partial_fit(X.repeat(times, axis=0), y.repeat(times), classes=[0, 1, 2])
        assert weighted.parameters_.flat == pytest.approx(repeated.parameters_.flat)

    @pytest.mark.parametrize(
        ("weights", "message"),
        [
            ([1, 2], "sample_weight has the shape (2,); expected (90,), a weight an example"),
            (np.ones((90, 2)), "sample_weight has the shape (90, 2); expected (90,), a weight an example"),
            (-np.ones(90), "sample_weight is -1.0 in row 0; expected finite numbers from 0"),
            (np.full(90, np.nan), "sample_weight is nan in row 0; expected finite numbers from 0"),
            (
                np.zeros(90),
                "all entries of sample_weight are zero; expected a positive weight for at least one example",
            ),
            (["a"] * 90, "sample_weight holds what is no number; expected a number for each example of X"),
        ],
    )
    def test_weights_that_make_no_sense(self, weights: Any, message: str) -> None:
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            quick().fit(X, y, sample_weight=weights)


class Frame:
    """What a data frame is to the classifier: an array whose columns have names."""

    def __init__(self, rows: Any, columns: list[Any]) -> None:
        self.rows, self.columns = rows, columns

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.array(self.rows, dtype=dtype)


class TestFeatureNames:
    def test_names_are_kept(self) -> None:
        model = quick().fit(Frame(X, ["width", "height"]), y)
        assert model.feature_names_in_.tolist() == ["width", "height"]
        assert model.feature_names_in_.dtype == object
        assert model.score(Frame(X, ["width", "height"]), y) == quick().fit(X, y).score(X, y)

    @pytest.mark.parametrize("rows", [X, Frame(X, [0, 1]), Frame(X, [0, "height"])], ids=["array", "numbers", "mixed"])
    def test_without_names_there_are_none_also_after_others(self, rows: Any) -> None:
        model = quick().fit(Frame(X, ["width", "height"]), y).fit(rows, y)
        assert not hasattr(model, "feature_names_in_")

    @pytest.mark.parametrize(
        ("names", "message"),
        [
            (["height", "width"], "must be in the same order"),
            (["width", "depth"], "unseen at fit time:\n- depth\n.*now missing:\n- height"),
            (["width"], "now missing:\n- height"),
        ],
    )
    def test_other_names_are_refused(self, names: list[str], message: str) -> None:
        model = quick().fit(Frame(X, ["width", "height"]), y)
        for method in (model.predict, model.predict_proba, model.predict_log_proba):
            with pytest.raises(ValueError, match=f"(?s)should match those that were passed during fit.\n.*{message}"):
                method(Frame(X[:, : len(names)], names))
        with pytest.raises(ValueError, match="should match"):
            model.partial_fit(Frame(X[:, : len(names)], names), y)

    def test_an_array_without_names_is_taken_in_order_with_a_warning(self) -> None:
        model = quick().fit(Frame(X, ["width", "height"]), y)
        with pytest.warns(UserWarning, match="X does not have valid feature names"):
            assert np.array_equal(model.predict(X), model.predict(Frame(X, ["width", "height"])))
