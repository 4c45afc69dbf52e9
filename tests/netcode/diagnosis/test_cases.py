"""Files as people write them, each with its answer in the first line: other forms, other networks, mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcode import Diagnosis
from netcode.diagnosis.diagnose import diagnose_reader
from netcode.diagnosis.layout import LAYOUTS
from netcode.diagnosis.reading.choice import choose
from netcode.diagnosis.reading.definitions import definitions

CASES = sorted((Path(__file__).parent / "cases").glob("*.py"))

pytestmark = pytest.mark.usefixtures("unchecked_shapes")


def diagnosed(path: Path) -> Diagnosis:
    reader = choose(definitions(path)).reader
    assert reader is not None
    return diagnose_reader(reader, LAYOUTS)


def test_there_are_cases() -> None:
    assert len(CASES) >= 9


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_file_gets_its_answer(path: Path) -> None:
    kind, _, answer = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ").partition(": ")
    diagnosis = diagnosed(path)
    names = [causes[0].mistake.name for _, causes in diagnosis.causes]
    if kind == "right":
        assert diagnosis.ok
        assert diagnosis.network == answer
    elif kind == "more than two":
        assert names == answer.split()
        assert "more than two things are wrong; the first is" in diagnosis.summary
    else:
        assert names == [kind]
        wrong = ", ".join(finding.gradient for finding in diagnosis.findings if not finding.ok)
        assert wrong == answer or diagnosis.misfit


def test_the_readers_line_is_shown() -> None:
    (case,) = [path for path in CASES if path.stem == "slope_of_sigmoid_at_scores"]
    assert "yours:  line 14: d1 = d2 @ w2.T * z * (1 - z)" in str(diagnosed(case))


def test_where_a_product_fails_its_shapes_are_told() -> None:
    (case,) = [path for path in CASES if path.stem == "product_without_transpose"]
    assert diagnosed(case).misfit == "line 10: (4, 5) @ (4, 7): the shapes don't fit"
