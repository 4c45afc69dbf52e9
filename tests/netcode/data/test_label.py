"""The label is found where it is plain; where it isn't, or can't be one, the message says why and what to do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netcode.data import Options, Table, read_csv
from netcode.errors import InputError

RANDOM = np.random.default_rng(0)
M = 60
MEASURED = [[f"{value / 997:.4f}" for value in 1 + RANDOM.permutation(990)[:M]] for _ in range(3)]
CLASSES = [str(k % 3 + 1) for k in range(M)]
WORDS = [("ant", "bee", "cow")[k % 3] for k in range(M)]
COUNTS = [str(value) for value in RANDOM.permutation(1000)[:M]]
IDS = [str(8_000_000 + 137 * int(value)) for value in RANDOM.permutation(1000)[:M]]
LINES = [str(k) for k in range(1, M + 1)]
a, b, c = MEASURED


def read(tmp_path: Path, columns: list[list[str]], header: str = "", options: Options | None = None) -> Table:
    path = tmp_path / "data.csv"
    rows = map(",".join, zip(*columns, strict=True))
    path.write_text("\n".join([*([header] if header else []), *rows]) + "\n")
    return read_csv(path, options)


def refusal(tmp_path: Path, columns: list[list[str]], header: str = "", options: Options | None = None) -> str:
    with pytest.raises(InputError) as caught:
        read(tmp_path, columns, header, options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("columns", "header", "number", "reason"),
    [
        ([a, b, WORDS], "", 3, "the only column of text"),
        ([WORDS, a, b], "", 1, "the only column of text"),
        ([CLASSES, a, b, COUNTS], "", 1, "the first column, of few whole numbers"),
        ([a, b, CLASSES], "", 3, "the last column, of few whole numbers"),
        ([a, CLASSES, b], "a,Survived,b", 2, "by its name"),
        ([a, CLASSES, b, COUNTS], "a,label,b,quality", 2, "by its name"),
        ([a, b, WORDS], "x,y,kind", 3, "the only column of text"),
        ([a, b, CLASSES], "a,b,y", 3, "by its name"),
        ([CLASSES, a, CLASSES], "rank,a,target", 3, "by its name"),
    ],
)
def test_a_plain_label_is_found(
    tmp_path: Path, columns: list[list[str]], header: str, number: int, reason: str
) -> None:
    table = read(tmp_path, columns, header)
    assert table.schema.label_number == number
    assert table.choice.endswith(f", {reason}")
    assert table.y is not None
    assert table.y.astype(str).tolist() == columns[number - 1]
    assert table.X.shape == (M, len(columns) - 1)


@pytest.mark.parametrize(
    ("columns", "header", "label", "complaint"),
    [
        ([a, b, c], "a,b,c", None, "no column is plainly the label"),
        ([a, b, c], "", None, "it has 3 columns without names, which are numbered from 1"),
        ([a, b, COUNTS], "", None, "no column is plainly the label"),
        ([CLASSES, a, CLASSES], "", None, "isn't plain: 1 (3 different whole numbers), 3 (3 different whole"),
        ([WORDS, a, WORDS], "p,a,q", None, "isn't plain: 'p' (3 different texts), 'q' (3 different texts); name it"),
        ([a, CLASSES, WORDS], "a,y,kind", None, "isn't plain: 'kind' (3 different texts), 'y' (3 different whole"),
        ([CLASSES, a, CLASSES], "label,a,class", None, "isn't plain: 'label'"),
        ([a, b, c], "a,b,c", "c", "holds 60 different numbers in 60 examples: a measured number; expected classes"),
        ([a, b, c], "a,b,target", None, "column 'target', holds 60 different numbers in 60 examples: a measured"),
        ([a, b, COUNTS], "a,b,c", "c", "holds 60 different whole numbers in 60 examples: hardly any repeats"),
        ([a, b, [f"n{k}" for k in range(M)]], "a,b,class", None, "60 different texts in 60 examples: hardly any"),
        ([IDS, a, WORDS], "Id,a,kind", None, "column 'Id' is an id; expected features only: --ignore Id"),
        ([IDS, a, WORDS], "PassengerId,a,kind", None, "column 'PassengerId' is an id"),
        ([a, IDS, WORDS], "a,sample_id,kind", None, "column 'sample_id' is an id"),
        ([LINES, a, WORDS], ",a,kind", None, "column 1 has no name and only numbers or names the lines"),
        ([LINES, a, WORDS], "Unnamed: 0,a,kind", None, "column 'Unnamed: 0' is an id"),
        ([LINES, a, WORDS], "", None, "column 1 only numbers the lines; expected features only: --ignore 1"),
        ([a, LINES, WORDS], "a,time,kind", None, "column 'time' only numbers the lines"),
        ([IDS, WORDS, a], "", None, "column 1 looks like an id (60 different whole numbers in 60 examples)"),
    ],
)
def test_what_is_not_plain_or_cannot_be_is_refused(
    tmp_path: Path, columns: list[list[str]], header: str, label: str | None, complaint: str
) -> None:
    assert complaint in refusal(tmp_path, columns, header, Options(label=label))


def test_what_looks_like_an_id_is_left_out_or_kept_at_will(tmp_path: Path) -> None:
    columns, header = [IDS, a, LINES, WORDS], "Id,a,time,kind"
    assert "--ignore Id leaves it out (--ignore none keeps every column)" in refusal(tmp_path, columns, header)
    assert read(tmp_path, columns, header, Options(ignore=("Id", "time"))).X.shape == (M, 1)
    assert read(tmp_path, columns, header, Options(ignore=("none",))).X.shape == (M, 3)
    assert "--ignore leaves 1 columns" in refusal(tmp_path, [a, b], "", Options(ignore=("1",)))


@pytest.mark.parametrize("label", [None, "bee"])
def test_a_one_hot_label_is_refused_with_the_columns_that_make_it(tmp_path: Path, label: str | None) -> None:
    one_hot = [[str(int(word == name)) for word in WORDS] for name in ("ant", "bee", "cow")]
    said = refusal(tmp_path, [a, *one_hot], "a,ant,bee,cow", Options(label=label))
    assert "the columns 'ant', 'bee', 'cow' hold one label together, as 0 and 1 (one-hot)" in said
    name, others = ("bee", ("ant", "cow")) if label else ("cow", ("ant", "bee"))
    assert f"--label {name} --ignore {','.join(others)}" in said
    table = read(tmp_path, [a, *one_hot], "a,ant,bee,cow", Options(name, others))
    assert table.X.shape == (M, 1)


def test_two_flags_that_exclude_nothing_are_no_one_hot_label(tmp_path: Path) -> None:
    flags = [["0", "1", "1", "0", "1", "0"] * 10, ["0", "1", "0", "1", "1", "0"] * 10]
    assert read(tmp_path, [a, *flags], "a,p,q").schema.label == "q"


def test_toy_tables_are_not_suspected(tmp_path: Path) -> None:
    assert read(tmp_path, [["1", "2", "3"], ["x", "y", "x"]]).X.tolist() == [[1], [2], [3]]
    gates = [["0", "1", "0", "1"], ["0.5", "1", "2", "3"], ["0", "1", "1", "0"]]
    assert read(tmp_path, gates, "a,b,label").X.shape == (4, 2)
