"""The same flowers in the layouts in which tables are published: each is read as the same numbers and labels."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from netcode.data import Options, Table, load_table, read_csv
from netcode.data.table import read_csv_for
from netcode.errors import InputError

NAMES = ["length", "width", "species"]
ROWS = [(5.1 + 0.1 * i, 3.5 - 0.1 * i, kind) for i, kind in enumerate(["setosa", "virginica"] * 6)]


def numbered(rows: Sequence[tuple[object, ...]], separator: str = ",", header: Sequence[str] = ()) -> str:
    lines = [header] if header else []
    return "".join(separator.join(f"{c:.1f}" if isinstance(c, float) else str(c) for c in row) + "\n"
                   for row in [*lines, *rows])  # fmt: skip


PLAIN = numbered(ROWS, ",", NAMES)
CODED = [(a, b, ("setosa", "virginica").index(kind)) for a, b, kind in ROWS]


def german(text: str) -> str:
    return text.replace(",", ";").replace(".", ",")


LAYOUTS: dict[str, bytes] = {
    "plain": PLAIN.encode(),
    "no header": numbered(ROWS).encode(),
    "label first": numbered([(c, a, b) for a, b, c in ROWS], ",", ["species", "length", "width"]).encode(),
    "label first, no header": numbered([(c, a, b) for a, b, c in ROWS]).encode(),
    "semicolons": numbered(ROWS, ";", NAMES).encode(),
    "tabs": numbered(ROWS, "\t", NAMES).encode(),
    "bars": numbered(ROWS, "|").encode(),
    "blanks": numbered(ROWS, "   ").encode(),
    "blanks, header": numbered(ROWS, " ", NAMES).encode(),
    "blanks after commas": numbered(ROWS, ", ").encode(),
    "decimal commas": german(PLAIN).encode(),
    "decimal commas, no header": german(numbered(ROWS)).encode(),
    "decimal commas, tabs": numbered(ROWS, "\t", NAMES).replace(".", ",").encode(),
    "byte order mark": b"\xef\xbb\xbf" + PLAIN.encode(),
    "UTF-16": PLAIN.encode("utf-16"),
    "UTF-16 without a mark": PLAIN.encode("utf-16-le"),
    "UTF-16, big end first": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "Windows lines": PLAIN.replace("\n", "\r\n").encode(),
    "old Macintosh lines": PLAIN.replace("\n", "\r").encode(),
    "comments": b"# flowers\n#\n" + PLAIN.encode() + b"# the end\n",
    "names in a comment": b"# flowers\n# " + PLAIN.encode(),
    "sep line": b"sep=;\n" + numbered(ROWS, ";", NAMES).encode(),
    "quoted sep line": b'"sep=;"\r\n' + german(PLAIN).encode(),
    "trailing delimiter": PLAIN.replace("\n", ",\n").encode(),
    "trailing delimiter, not in the header": PLAIN.replace("\n", ",\n").replace("species,", "species").encode(),
    "trailing delimiter, no header": numbered(ROWS).replace("\n", ",\n").encode(),
    "trailing delimiter in the header alone": PLAIN.replace("species\n", "species,\n").encode(),
    "empty lines": ("\n" + PLAIN + "\n\n").encode(),
    "quotes": PLAIN.replace("species", '"species"').replace("setosa", '"setosa"').encode(),
    "gzip": gzip.compress(PLAIN.encode()),
}


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes | str], Path]:
    def write(content: bytes | str) -> Path:
        path = tmp_path / "data.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


File = Callable[[bytes | str], Path]


def check_flowers(table: Table) -> None:
    np.testing.assert_allclose(table.X, [row[:2] for row in ROWS], atol=1e-9)
    assert table.y is not None
    assert table.y.tolist() == [row[2] for row in ROWS]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_read(file: File, layout: str) -> None:
    check_flowers(read_csv(file(LAYOUTS[layout])))


@pytest.mark.parametrize("first", ["12,2,setosa,virginica", "12,2", "12,2,,"])
def test_scikit_learns_sizes_are_no_example(file: File, first: str) -> None:
    table = read_csv(file(f"{first}\n{numbered(CODED)}"))
    np.testing.assert_allclose(table.X, [row[:2] for row in ROWS])
    assert table.notes == ("its first line tells sizes",)
    assert read_csv(file(f"{first}\n{numbered(CODED, ',', NAMES)}")).schema.label == "species"


def test_windows_1252_is_read(file: File) -> None:
    table = read_csv(file("länge;art\n1,5;weiß\n2,5;grün\n".encode("cp1252")))
    assert table.schema.features[0].name == "länge"
    assert table.y is not None
    assert table.y.tolist() == ["weiß", "grün"]


def test_thousands_are_read_beside_decimal_commas_and_refused_where_a_point_may_be_either(file: File) -> None:
    assert read_csv(file("a;b;label\n1.234,5;1;x\n7,25;2;y\n")).X.tolist() == [[1234.5, 1], [7.25, 2]]
    with pytest.raises(InputError, match=r"'1\.234' in a file with decimal commas"):
        read_csv(file("a;b;label\n1,5;1.234;x\n7,25;2.345;y\n"))


def test_a_header_is_none_if_its_words_are_data(file: File) -> None:
    cars = "high,low,good\nlow,low,bad\nhigh,high,good\n"
    options = Options(label="3", encode=True)
    assert read_csv(file(cars), options).X.tolist() == [[1, 0, 0, 1], [0, 1, 0, 1], [1, 0, 1, 0]]
    table = read_csv(file("buy,keep,worth\n" + cars), options)
    assert [feature.title for feature in table.schema.features] == ["buy=high", "buy=low", "keep=high", "keep=low"]


def test_a_header_of_numbers_is_known_by_its_order(file: File) -> None:
    rows = "".join(f"{i}.5,1,2,3,4,{i % 2}\n" for i in range(12))
    assert len(read_csv(file("0,1,2,3,4,5\n" + rows)).X) == 12
    assert len(read_csv(file("0,1,2,3,4,label\n" + rows)).X) == 12


def test_true_and_false_are_numbers(file: File) -> None:
    assert read_csv(file("a,b,label\nTRUE,False,x\nfalse,True,y\n")).X.tolist() == [[1, 0], [0, 1]]


def test_columns_are_found_by_name_in_any_order(file: File) -> None:
    schema = read_csv(file(PLAIN)).schema
    swapped = [(kind, "?", b, a) for a, b, kind in ROWS]
    check_flowers(read_csv_for(file(numbered(swapped, ";", ["species", "more", "width", "length"])), schema))
    for content in (numbered(ROWS), numbered([row[:2] for row in ROWS])):
        table = read_csv_for(file(content), schema)
        np.testing.assert_allclose(table.X, [row[:2] for row in ROWS])
        assert table.notes == ("has no header; its columns are taken in the order of the training",)
    with pytest.raises(InputError, match="has no column 'length', which the model needs; it has 'size', 'width'"):
        read_csv_for(file("size,width\n1,2\n"), schema)


def test_columns_without_names_are_found_by_their_places(file: File) -> None:
    rows = [(i, kind, a, b) for i, (a, b, kind) in enumerate(ROWS)]
    schema = read_csv(file(numbered(rows)), Options(ignore=("1",))).schema
    check_flowers(read_csv_for(file(numbered(rows)), schema))
    np.testing.assert_allclose(read_csv_for(file(numbered([row[2:] for row in rows])), schema).X, [r[:2] for r in ROWS])
    with pytest.raises(InputError, match="3 columns; expected 2 features"):
        read_csv_for(file(numbered(ROWS)), schema)


MISSING = "a,b,label\n1,NA,x\n2,4,y\n,8,x\n6,?,y\n"


def test_all_missing_values_are_named(file: File) -> None:
    with pytest.raises(InputError) as caught:
        read_csv(file(MISSING))
    assert "3 values are missing: column 'a', line 4; column 'b', lines 2, 5; --missing drop" in str(caught.value)


def test_missing_values_are_dropped_or_left_to_be_filled_in(file: File) -> None:
    table = read_csv(file(MISSING), Options(missing="drop"))
    assert table.X.tolist() == [[2, 4]]
    assert table.notes == ("left out as a value is missing: 3 examples",)
    filled = read_csv(file(MISSING), Options(missing="mean")).X
    np.testing.assert_array_equal(filled, [[1, np.nan], [2, 4], [np.nan, 8], [6, np.nan]])


def test_what_cannot_be_filled_in_is_refused(file: File) -> None:
    for text, missing, complaint in [
        ("a,label\n1,x\n2,y\n3,\n", "mean", "column 'label', line 4; a label can't be filled in"),
        ("a,b,label\n1,,x\n2,,y\n", "mean", "column b holds no value at all; --ignore b leaves it out"),
        ("a,b,label\n1,,x\n2,,y\n", "drop", "no example is left"),
    ]:
        with pytest.raises(InputError, match=complaint):
            read_csv(file(text), Options(missing=missing))


def test_numbers_among_recurring_texts_are_categories(file: File) -> None:
    """As the numbers of doors in UCI's Car Evaluation."""
    rows = [f"{doors},{k},{'yn'[k % 2]}" for k, doors in enumerate(["2", "3", "4", "5more"] * 5)]
    text = "doors,price,label\n" + "\n".join(rows)
    with pytest.raises(InputError, match=r"text in column 'doors' \(as '5more'\); expected numbers \(--encode"):
        read_csv(file(text), Options(ignore=("price",), label="label"))
    table = read_csv(file(text), Options(ignore=("price",), label="label", encode=True))
    titles = [feature.title for feature in table.schema.features]
    assert titles == ["doors=2", "doors=3", "doors=4", "doors=5more"]
    assert table.X.sum(axis=0).tolist() == [5, 5, 5, 5]
    with pytest.raises(InputError, match="line 5, column 'doors': '5more'; expected a finite number"):
        read_csv(file(text.replace("5more", "4").replace("4,3", "5more,3")), Options(ignore=("price",), label="label"))


def test_texts_that_never_recur_are_not_to_be_encoded(file: File) -> None:
    """As names, tickets and dates, which only tell the examples apart."""
    rows = [f"2012-01-{k:02},{'mf'[k % 2]},{k * k % 7}.5,{'yn'[k % 2]}" for k in range(1, 31)]
    text = "date,sex,length,label\n" + "\n".join(rows)
    cure = r"\(--encode --ignore date makes columns of 0 and 1, but of what differs from line to line\)"
    with pytest.raises(InputError, match=cure):
        read_csv(file(text), Options(label="label"))
    with pytest.raises(InputError, match=r"expected numbers \(--ignore date leaves it out\)"):
        read_csv(file(text), Options(label="label", ignore=("sex",)))


def test_text_is_refused_by_name_or_encoded(file: File) -> None:
    text = "island,length,sex,label\nA,1,m,x\nB,2,f,y\nA,3,,x\n"
    with pytest.raises(InputError) as caught:
        read_csv(file(text))
    assert "text in columns 'island' (as 'A'), 'sex' (as 'm'); expected numbers (--encode" in str(caught.value)
    assert "--ignore island,sex leaves them out" in str(caught.value)
    table = read_csv(file(text), Options(encode=True, missing="mean"))
    assert [feature.title for feature in table.schema.features] == ["island=A", "island=B", "length", "sex=f", "sex=m"]
    nan = np.nan
    np.testing.assert_array_equal(table.X, [[1, 0, 1, 0, 1], [0, 1, 2, 1, 0], [1, 0, 3, nan, nan]])
    with pytest.raises(InputError, match=r"line 2, column 'island': 'C'; the model knows A, B"):
        read_csv_for(file("sex,island,length\nm,C,1\n"), table.schema)


def test_a_text_of_too_many_kinds_is_not_encoded(file: File) -> None:
    text = "name,length,label\n" + "".join(f"n{i},{i}.5,{i % 2}\n" for i in range(200))
    with pytest.raises(InputError, match=r"'name' holds 200 different texts; expected at most 100 to --encode"):
        read_csv(file(text), Options(encode=True))


def test_columns_in_options_are_found_by_name_by_case_and_by_number(file: File) -> None:
    for label in ("species", "SPECIES", "3"):
        check_flowers(read_csv(file(PLAIN), Options(label=label)))
    with pytest.raises(InputError, match="has no column 'kind', which --label names; it has 'length', 'width'"):
        read_csv(file(PLAIN), Options(label="kind"))
    with pytest.raises(InputError, match="has no column '4', which --ignore names; it has 3 columns without names"):
        read_csv(file(numbered(ROWS)), Options(ignore=("4",)))


def test_options_of_a_table_are_refused_for_other_data() -> None:
    with pytest.raises(InputError, match="are for CSV files"):
        load_table("spiral", Options(label="1"))
