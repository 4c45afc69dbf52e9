"""The data one trains on, and one clear line for a table that doesn't fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netcode.data import Options, Schema, load, load_for, read_csv, read_npz, spiral
from netcode.data.table import read_csv_for
from netcode.errors import InputError

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
    X, y, *_ = read_csv(csv(text))
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
    y = read_csv(csv("".join(f'1.5,"{label}"\n' for label in written)), Options(label="2")).y
    assert y is not None
    assert y.tolist() == read


def test_csv_of_exactly_the_known_features_has_no_labels(csv: Write) -> None:
    path = csv("x,class\n1,2\n3,4\n")
    assert read_csv_for(path, Schema.plain(2)).y is None
    assert read_csv_for(path, Schema.plain(2)).X.tolist() == [[1, 2], [3, 4]]
    labelled = read_csv_for(path, Schema.plain(1))
    assert labelled.y is not None
    assert labelled.y.tolist() == [2, 4]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "data.csv: empty"),
        ("a,b,label\n", "data.csv: a header but no examples"),
        ("a,b,label\n1,2,cat\n1,nan,dog\n", "data.csv: 1 value is missing: column 'b', line 3; --missing drop"),
        ("1,2,cat\n\n1,-inf,dog\n", "data.csv, line 3, column 2: '-inf'; expected a finite number"),
        ("1,2,cat\n1e999,2,dog\n", "data.csv, line 2, column 1: '1e999'; expected a finite number"),
        ("1,2,cat\n1,3,cat\n1,two,dog\n", "data.csv, line 3, column 2: 'two'; expected a finite number"),
        ("1,2,cat\n1,,cat\n", "data.csv: 1 value is missing: column 2, line 2"),
        ("label,a,b\ncat,1,x\n", "data.csv: text in column 'b' (as 'x'); expected numbers (--encode"),
        ("1,2,cat\n1,dog\n", "data.csv, line 2: 2 columns; expected 3, as in the first"),
        ("1,2,cat\n1,2,dog,9\n", "data.csv, line 2: 4 columns; expected 3, as in the first"),
        ("1,2,cat\n1,2,\n", "data.csv: 1 value is missing: column 3, line 2"),
        ("a,b,a\n1,2,3\n", "data.csv, line 1, column 3: the name 'a' comes twice"),
        (",a,label\n0,1,2\n", "data.csv: column 1 has no name and only numbers or names the lines"),
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
        read_csv_for(csv("1,2,a\n"), Schema.plain(features))


def test_csv_of_other_bytes(tmp_path: Path) -> None:
    path = tmp_path / "data"
    for content, complaint in [
        (b"PK\x03\x04\xff\xfe", "it looks like a ZIP archive or an Excel workbook"),
        (b"PAR1\x15", "it looks like a Parquet file"),
        (b"1,2,a\n\x00\x01\x02", "not a text in UTF-8, UTF-16 or Windows-1252"),
        (b"\x1f\x8b\x08\x00broken", "can't be unpacked: it is truncated or damaged"),
    ]:
        path.write_bytes(content)
        with pytest.raises(InputError, match=complaint):
            read_csv(path)


TEXTS = st.lists(st.lists(st.sampled_from(["1", "-2.5", "nan", "", "a", '"', "label", "é", " "])).map(",".join))


@given(st.binary() | TEXTS.map("\n".join).map(str.encode), st.none() | st.integers(1, 3))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_csv_of_any_bytes_is_a_table_or_one_clear_line(tmp_path: Path, content: bytes, features: int | None) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    try:
        X, y, *_ = read_csv(path) if features is None else read_csv_for(path, Schema.plain(features))
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
    X, y, *_ = read_npz(npz(X=np.arange(6, dtype=np.int8).reshape(3, 2), y=np.array(["a", "b", "a"])))
    assert y is not None
    assert X.dtype == np.float64
    assert X.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert y.tolist() == ["a", "b", "a"]
    y = read_npz(npz(X=np.ones((2, 1)), y=np.array([0.0, 1.0]))).y
    assert y is not None
    assert y.dtype == np.int64
    assert read_npz(npz(X=np.ones((2, 1))), labelled=False).y is None


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
def test_load_for_refuses_another_number_of_features(csv: Write, npz: Callable[..., Path], features: int) -> None:
    for path in (csv("1,2,3,a\n") if features == 1 else csv("1,2,a\n"), npz(X=np.ones((1, 2)))):
        with pytest.raises(InputError, match=f"expected {features}"):
            load_for(str(path), Schema.plain(features))
    with pytest.raises(InputError, match=f"spiral: 2 features; expected {features}"):
        load_for("spiral", Schema.plain(features))
