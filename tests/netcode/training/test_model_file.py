"""A model survives its file unchanged; nothing is ever half written, and nothing damaged is ever loaded."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest

from netcode import deep_network
from netcode.data.schema import Feature, Schema
from netcode.errors import InputError
from netcode.network import initialize
from netcode.training import model_file
from netcode.training.model_file import Model, Progress
from tests.statistics import cases


def model(seed: int = 0) -> Model:
    classes = np.array(["a", "b", "c", "ünï"])
    columns = Schema((Feature("größe", 2), Feature("art", 3, "x")), "label", 1, 3)
    mean = np.array([0.5, -1])
    progress = Progress(7, {"seed": seed})
    return Model(initialize(2, 3, 4, seed), classes, mean, np.array([2.0, 3]), mean + 1, columns, progress)


def equal(one: Model, other: Model) -> bool:
    pairs = zip([*one.parameters, *one[1:5]], [*other.parameters, *other[1:5]], strict=True)
    return all(np.array_equal(a, b) for a, b in pairs) and one[5:] == other[5:]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "model.npz"
    model_file.save(path, model())
    return path


def test_a_model_comes_back_as_it_was(saved: Path) -> None:
    assert equal(model_file.load(saved), model())
    assert os.listdir(saved.parent) == ["model.npz"]


def test_the_same_model_gives_the_same_bytes(saved: Path, tmp_path: Path) -> None:
    model_file.save(tmp_path / "again.npz", model())
    assert (tmp_path / "again.npz").read_bytes() == saved.read_bytes()


def test_predictions_standardize_the_features() -> None:
    shifted = model()
    plain = shifted._replace(mean=np.zeros(2), scale=np.ones(2))
    X = np.random.default_rng(0).standard_normal((50, 2))
    P = plain.predict_proba(X)
    assert P.shape == (50, 4)
    np.testing.assert_allclose(P.sum(axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(shifted.predict_proba(X * shifted.scale + shifted.mean), P, rtol=1e-12)
    assert plain.predict(X).tolist() == plain.classes[P.argmax(axis=1)].tolist()
    assert len(set(plain.predict(X))) > 1


def test_features_that_overflow_get_no_label() -> None:
    X = np.array([[1.0, 2.0], [1e308, -1e308]])
    large = model()._replace(parameters=initialize(2, 3, 4, seed=0)._replace(W2=np.full((4, 3), 1e9)))
    with pytest.raises(InputError, match=r"^example 2: its scores overflow"):
        large.predict(X)


@pytest.mark.parametrize("stage", ["write", "fsync", "replace"])
@pytest.mark.parametrize("failure", [OSError("disk full"), KeyboardInterrupt()])
def test_a_save_cut_off_at_any_stage_leaves_the_old_file(
    saved: Path, monkeypatch: pytest.MonkeyPatch, stage: str, failure: BaseException
) -> None:
    def fail(*args: Any, **kwargs: Any) -> NoReturn:
        if stage == "write":
            args[0].write(b"half")  # the open file: some of the bytes are already out
        raise failure

    with monkeypatch.context() as patch:
        patch.setattr(np, "savez", fail) if stage == "write" else patch.setattr(os, stage, fail)
        with pytest.raises(type(failure)):
            model_file.save(saved, model(seed=1))
    assert equal(model_file.load(saved), model())
    assert os.listdir(saved.parent) == ["model.npz"]


def test_a_model_cut_short_anywhere_is_refused(saved: Path) -> None:
    whole = saved.read_bytes()
    for length in range(0, len(whole), cases(few=29, many=1)):
        saved.write_bytes(whole[:length])
        with pytest.raises(InputError, match=r"not an NPZ file|truncated or damaged"):
            model_file.load(saved)


def test_a_model_with_any_byte_changed_is_refused_or_the_same(saved: Path) -> None:
    whole = saved.read_bytes()
    complaints = []
    positions = range(0, len(whole), cases(few=17, many=1))
    for position in positions:
        saved.write_bytes(whole[:position] + bytes([whole[position] ^ 0x15]) + whole[position + 1 :])
        try:
            assert equal(model_file.load(saved), model())  # a byte that says nothing, such as a time
        except InputError as error:
            complaints.append(str(error))
    assert len(complaints) > len(positions) // 2
    assert not any("\n" in complaint for complaint in complaints)


@pytest.mark.parametrize("depth", range(1, 7))
def test_a_model_of_any_depth_survives_its_file(depth: int, tmp_path: Path) -> None:
    parameters = deep_network.initialize([*(2, 5, 3, 6, 4, 7)[:depth], 4], seed=depth)
    written = model()._replace(parameters=parameters)
    model_file.save(tmp_path / "deep.npz", written)
    read = model_file.load(tmp_path / "deep.npz")
    assert read.parameters.depth == depth
    assert equal(read, written)
    X = np.random.default_rng(0).standard_normal((5, 2))
    assert np.array_equal(read.predict_proba(X), written.predict_proba(X))


def test_a_model_of_version_1_is_still_read() -> None:
    """Its bytes are those that the first release wrote, for two layers and nothing else."""
    old = model_file.load(Path(__file__).with_name("version-1.npz"))
    assert equal(old, model()._replace(fill=model().mean, schema=Schema.plain(2), progress=None))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"W3": None}, "W2 is float64 (3, 5); expected (4, 5)"),  # then the last layer is W2
        ({"fill": np.full(2, np.nan)}, "fill is float64 (2,); expected (2,), all finite"),
        ({"columns": None}, "it holds no columns"),
        ({"settings": None}, "it holds no settings"),
        ({"columns": np.array(["a"])}, "columns is <U1 (1,); expected (2,)"),
        ({"column_numbers": np.array([1, 9])}, "a column's number is beyond the table's width"),
        ({"W2": None}, "W1 is float64 (5, 2); expected (4, 2)"),
        ({"b2": None}, "it holds no b2"),
        ({"W2": np.ones((3, 4))}, "W2 is float64 (3, 4); expected (3, 5)"),
        ({"W2": np.ones(5)}, "W2 is not a matrix"),
        ({"b2": np.ones((1, 3))}, "b2 is float64 (1, 3); expected (3, 1)"),
        ({"W3": np.ones((3, 3))}, "W3 is float64 (3, 3); expected (4, 3)"),
    ],
)
def test_layers_that_do_not_fit_are_refused(tmp_path: Path, change: dict[str, Any], complaint: str) -> None:
    path = tmp_path / "deep.npz"
    model_file.save(path, model()._replace(parameters=deep_network.initialize((2, 5, 3, 4), seed=0)))
    np.savez(path, **{name: array for name, array in {**arrays_of(path), **change}.items() if array is not None})
    with pytest.raises(InputError, match=re.escape(complaint)):
        model_file.load(path)


def arrays_of(path: Path) -> dict[str, Any]:
    with np.load(path) as archive:
        return dict(archive)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"format": None}, "not a model"),
        ({"format": np.array("another program's")}, "not a model"),
        ({"version": np.array(3)}, "a model of version 3; expected version 2"),
        ({"W2": None}, "a damaged model: W1 is float64 (3, 2); expected (4, 2)"),
        ({"W1": np.ones(3)}, "W1 is not a matrix"),
        ({"W2": np.ones((3, 3))}, "W2 is float64 (3, 3); expected (4, 3)"),
        ({"b1": np.ones(3)}, "b1 is float64 (3,); expected (3, 1)"),
        ({"b2": np.full((4, 1), np.nan)}, "b2 is float64 (4, 1); expected (4, 1), all finite"),
        ({"classes": np.array(["a", "a"])}, "the classes are not two or more labels"),
        ({"scale": np.zeros(2)}, "scale is not positive"),
    ],
)
def test_a_model_that_contradicts_itself_is_refused(saved: Path, change: dict[str, Any], complaint: str) -> None:
    arrays = {name: array for name, array in {**arrays_of(saved), **change}.items() if array is not None}
    np.savez(saved, **arrays)
    with pytest.raises(InputError) as caught:
        model_file.load(saved)
    assert complaint in str(caught.value)


def test_a_missing_value_is_filled_in() -> None:
    X = np.array([[np.nan, 2.0], [1.0, np.nan]])
    filled = np.array([[1.5, 2.0], [1.0, 0.0]])
    assert np.array_equal(model().predict_proba(X), model().predict_proba(filled))
    assert np.isnan(X).sum() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"updates": np.array(-1)},
        {"updates": np.array([1, 2])},
        {"settings": np.array("{")},
        {"settings": np.array("[1]")},
    ],
)
def test_a_model_without_a_sound_progress_still_predicts(saved: Path, change: dict[str, Any]) -> None:
    arrays = {name: array for name, array in {**arrays_of(saved), **change}.items() if array is not None}
    np.savez(saved, **arrays)
    assert equal(model_file.load(saved), model()._replace(progress=None))


def test_many_examples_are_predicted_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    X = np.random.default_rng(0).standard_normal((50, 2))
    whole = model().predict_proba(X)
    monkeypatch.setattr(model_file, "BLOCK", 7)
    np.testing.assert_allclose(model().predict_proba(X), whole, rtol=1e-14)
