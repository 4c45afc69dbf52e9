"""The data one trains on, and one clear line for a table that doesn't fit."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netcode.data import digits, load, load_features, read_csv, read_npz, spiral
from netcode.errors import InputError, MissingExtraError

Write = Callable[[str], Path]


@pytest.fixture
def csv(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "data.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def npz(tmp_path: Path) -> Callable[..., Path]:
    def write(**arrays: Any) -> Path:
        path = tmp_path / "data.npz"
        np.savez(path, **arrays)
        return path

    return write


def test_spiral_follows_its_formula() -> None:
    X, y = spiral(noise=0.0)
    assert X.shape == (300, 2)
    assert X.dtype == np.float64
    assert y.tolist() == [0] * 100 + [1] * 100 + [2] * 100
    for j, i in [(0, 0), (0, 57), (1, 1), (1, 99), (2, 50)]:
        r, t = i / 99, 4 * j + 4 * i / 99
        np.testing.assert_allclose(X[100 * j + i], [r * np.sin(t), r * np.cos(t)], rtol=0, atol=1e-15)


def test_spiral_noise_turns_each_point_by_a_normal_angle() -> None:
    points = 20_000
    X, _ = spiral(points, classes=1, noise=0.2, seed=3)
    r, angle = np.linspace(0, 1, points), np.linspace(0, 4, points)
    np.testing.assert_allclose(np.hypot(*X.T), r, rtol=1e-14)
    turned = (np.arctan2(X[:, 0], X[:, 1]) - angle + np.pi) % (2 * np.pi) - np.pi
    assert abs(turned[1:].mean()) < 5 * 0.2 / points**0.5
    assert abs(turned[1:].std() - 0.2) < 5 * 0.2 / (2 * points) ** 0.5


def test_spiral_arms_meet_at_the_origin_for_every_seed() -> None:
    for seed in range(20):
        X, y = spiral(seed=seed)
        assert y[(X == 0).all(axis=1)].tolist() == [0, 1, 2]


def test_spiral_depends_on_its_seed_alone() -> None:
    assert np.array_equal(spiral(seed=5)[0], spiral(seed=5)[0])
    assert not np.array_equal(spiral(seed=5)[0], spiral(seed=6)[0])
    code = "from netcode.data import spiral; print(spiral()[0].tobytes().hex())"
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1")
    }
    assert len(printed) == 1


@pytest.mark.parametrize("wrong", [{"points_per_class": 0}, {"classes": 0}, {"noise": -0.1}, {"noise": float("nan")}])
def test_spiral_refuses_senseless_sizes(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="expected at least 1"):
        spiral(**wrong)


def test_digits() -> None:
    X, y = digits()
    assert X.shape == (1797, 64)
    assert X.min() == 0
    assert X.max() == 1
    assert np.array_equal(X * 16, np.rint(X * 16))
    assert np.array_equal(np.unique(y), np.arange(10))


def test_digits_without_scikit_learn_name_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.delitem(sys.modules, "sklearn.datasets", raising=False)
    with pytest.raises(MissingExtraError, match=r"pip install 'checked-backprop\[digits\]'$"):
        digits()


@pytest.mark.parametrize(
    "text",
    [
        "1,2,cat\n3,4,dog\n",
        "height,width,kind\n1,2,cat\n3,4,dog\n",
        "label,height,width\ncat,1,2\ndog,3,4\n",
        "height,Class,width\n1,cat,2\n3,dog,4\n",
        "0,1,label\n1,2,cat\n3,4,dog\n",
        "1;2;cat\n3;4;dog\n",
        "1\t2\tcat\n3\t4\tdog\n",
        "1, 2, cat\n\n3, 4, dog",
        "\ufeffheight,width,kind\r\n1,2,cat\r\n3,4,dog\r\n",
        '"1","2","cat"\n"3","4","dog"\n',
        "\ufeff1,2,cat\n3,4,dog\n",
    ],
)
def test_csv_is_read_with_and_without_header(csv: Write, text: str) -> None:
    X, y = read_csv(csv(text))
    assert y is not None
    assert X.tolist() == [[1, 2], [3, 4]]
    assert X.dtype == np.float64
    assert y.tolist() == ["cat", "dog"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["0", "1", "-2"], [0, 1, -2]),
        (["1", "01", "2"], ["1", "01", "2"]),
        (["1", "2.0", "3"], ["1", "2.0", "3"]),
        (["1", "2", "99999999999999999999"], ["1", "2", "99999999999999999999"]),
        (["label, with comma", "ünï", "x"], ["label, with comma", "ünï", "x"]),
    ],
)
def test_csv_labels_are_integers_only_if_nothing_is_lost(csv: Write, written: list[str], read: list[Any]) -> None:
    _, y = read_csv(csv("".join(f'1.5,"{label}"\n' for label in written)))
    assert y is not None
    assert y.tolist() == read


def test_csv_of_exactly_the_known_features_has_no_labels(csv: Write) -> None:
    path = csv("x,class\n1,2\n3,4\n")
    assert read_csv(path, features=2).y is None
    assert read_csv(path, features=2).X.tolist() == [[1, 2], [3, 4]]
    labelled = read_csv(path, features=1)
    assert labelled.y is not None
    assert labelled.y.tolist() == [2, 4]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "data.csv: empty"),
        ("a,b,label\n", "data.csv: a header but no examples"),
        ("a,b,label\n1,2,cat\n1,nan,dog\n", "data.csv, line 3, column 'b': 'nan'; expected a finite number"),
        ("1,2,cat\n\n1,-inf,dog\n", "data.csv, line 3, column 2: '-inf'; expected a finite number"),
        ("1,2,cat\n1e999,2,dog\n", "data.csv, line 2, column 1: '1e999'; expected a finite number"),
        ("1,2,cat\n1,two,dog\n", "data.csv, line 2, column 2: 'two'; expected a finite number"),
        ("1,,cat\n", "data.csv, line 1, column 2: ''; expected a finite number"),
        ("label,a,b\ncat,1,x\n", "data.csv, line 2, column 'b': 'x'; expected a finite number"),
        ("1,2,cat\n1,dog\n", "data.csv, line 2: 2 columns; expected 3, as in the first"),
        ("1,2,cat\n1,2,dog,9\n", "data.csv, line 2: 4 columns; expected 3, as in the first"),
        ("1,2,\n", "data.csv, line 1, column 3: the label is missing"),
        ("a,b,a\n1,2,3\n", "data.csv, line 1, column 3: the name 'a' comes twice"),
        (",a,label\n0,1,2\n", "data.csv, line 1, column 1: has no name"),
        ("1\n2\n", "data.csv: one column only; expected at least one feature and a label"),
        ('1,2,"cat\n1,2,dog\n', "data.csv, line 2: can't be read as CSV: unexpected end of data"),
    ],
)
def test_csv_that_does_not_fit_gets_one_clear_line(csv: Write, text: str, complaint: str) -> None:
    with pytest.raises(InputError) as caught:
        read_csv(csv(text))
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("features", [1, 4])
def test_csv_of_neither_the_known_features_nor_one_more(csv: Write, features: int) -> None:
    with pytest.raises(InputError, match=f"3 columns; expected {features} features, and perhaps their label"):
        read_csv(csv("1,2,a\n"), features)


def test_csv_of_other_bytes(tmp_path: Path) -> None:
    path = tmp_path / "data.xlsx"
    path.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(InputError, match="not a text in UTF-8"):
        read_csv(path)


TEXTS = st.lists(st.lists(st.sampled_from(["1", "-2.5", "nan", "", "a", '"', "label", "é", " "])).map(",".join))


@given(st.binary() | TEXTS.map("\n".join).map(str.encode), st.none() | st.integers(1, 3))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_csv_of_any_bytes_is_a_table_or_one_clear_line(tmp_path: Path, content: bytes, features: int | None) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    try:
        X, y = read_csv(path, features)
    except InputError as error:
        complaint = str(error)
    else:
        complaint = ""
        assert np.isfinite(X).all()
        assert X.size
        assert features in (None, X.shape[1])
        assert y is None or len(y) == len(X)
    assert "\n" not in complaint
    assert complaint == "" or complaint.startswith(str(path))


def test_npz_is_read(npz: Callable[..., Path]) -> None:
    X, y = read_npz(npz(X=np.arange(6, dtype=np.int8).reshape(3, 2), y=np.array(["a", "b", "a"])))
    assert y is not None
    assert X.dtype == np.float64
    assert X.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert y.tolist() == ["a", "b", "a"]
    _, y = read_npz(npz(X=np.ones((2, 1)), y=np.array([0.0, 1.0])))
    assert y is not None
    assert y.dtype == np.int64
    assert read_npz(npz(X=np.ones((2, 1))), features=1).y is None


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        ({"a": np.ones(1)}, "no array X and y"),
        ({"X": np.ones((2, 2))}, "no array y"),
        ({"X": np.ones(2), "y": np.ones(2)}, "X is of type float64 and shape (2,); expected numbers"),
        ({"X": np.array([["1", "2"]]), "y": np.ones(1)}, "expected numbers"),
        ({"X": np.ones((1, 2)) * 1j, "y": np.ones(1)}, "expected numbers"),
        ({"X": np.array([[1, None]]), "y": np.ones(1)}, "it holds pickled objects, which are not read"),
        ({"X": np.ones((0, 2)), "y": np.ones(0)}, "X is empty, of shape (0, 2)"),
        ({"X": np.array([[1, 2], [3, np.nan]]), "y": np.ones(2)}, "X[1, 1] (row 1, column 1, from 0) is nan"),
        ({"X": np.array([[1, np.inf]]), "y": np.ones(1)}, "X[0, 1] (row 0, column 1, from 0) is inf"),
        ({"X": np.ones((2, 2)), "y": np.ones(3)}, "y has shape (3,); expected (2,)"),
        ({"X": np.ones((2, 2)), "y": np.eye(2)}, "y has shape (2, 2); expected (2,)"),
        ({"X": np.ones((2, 2)), "y": np.array([0.5, 1])}, "expected integers or strings"),
        ({"X": np.ones((2, 2)), "y": np.array([np.nan, 1])}, "expected integers or strings"),
    ],
)
def test_npz_that_does_not_fit_gets_one_clear_line(
    npz: Callable[..., Path], arrays: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_npz(npz(**arrays))
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_npz_cut_short_anywhere_is_refused(npz: Callable[..., Path]) -> None:
    path = npz(X=np.ones((2, 2)), y=np.array([0, 1]))
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(InputError, match=r"not an NPZ file|truncated or damaged"):
            read_npz(path)


def test_npz_pickles_are_never_run(npz: Callable[..., Path], tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (tmp_path / "run",)

    with pytest.raises(InputError):
        read_npz(npz(X=np.array([Bomb()], dtype=object), y=np.array([0])))
    assert not (tmp_path / "run").exists()


def test_load_takes_names_and_files(csv: Write, npz: Callable[..., Path]) -> None:
    assert np.array_equal(load("spiral")[0], spiral()[0])
    assert load("digits")[0].shape == (1797, 64)
    assert load(str(csv("1,a\n2,b\n")))[1].tolist() == ["a", "b"]
    assert load(str(npz(X=np.ones((2, 1)), y=np.array([0, 1]))))[1].tolist() == [0, 1]


def test_load_refuses_one_class_only(csv: Write) -> None:
    with pytest.raises(InputError, match="all 2 examples have the label a; expected at least two classes"):
        load(str(csv("1,a\n2,a\n")))


def test_load_refuses_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"sprial: no such file \(expected a CSV or NPZ file, or spiral or digits\)"):
        load("sprial")
    with pytest.raises(IsADirectoryError):
        load(str(tmp_path))


@pytest.mark.parametrize("features", [1, 4])
def test_load_features_refuses_another_number_of_features(csv: Write, npz: Callable[..., Path], features: int) -> None:
    for path in (csv("1,2,3,a\n") if features == 1 else csv("1,2,a\n"), npz(X=np.ones((1, 2)))):
        with pytest.raises(InputError, match=f"expected {features}"):
            load_features(str(path), features)
    with pytest.raises(InputError, match=f"spiral: 2 features; expected {features}"):
        load_features("spiral", features)
