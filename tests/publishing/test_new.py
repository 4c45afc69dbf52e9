"""A site of one's own: made, built, changed by hand, and not built with a wrong sign."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from publishing.__main__ import main
from tests.publishing.conftest import Project


@pytest.fixture
def made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Project:
    folder = tmp_path / "two-models"
    assert main(["new", str(folder)]) == 0
    assert f"cd {folder}\n  make serve" in capsys.readouterr().out
    return Project(folder)


def test_it_works_at_once(made: Project) -> None:
    page = made.page("regression")
    assert '<div class="derived" id="course-regression-gradient">' in page
    assert '<span class="verdict proven">1 proven</span>' in page
    assert "[[2. 0.]]" in page
    assert "<title>A straight line - Two models</title>" in page
    assert (made.root / ".gitignore").is_file()
    pinned = (made.root / "requirements.txt").read_text(encoding="utf-8")
    assert re.fullmatch(r"checked-backprop\[site\]==\d+\.\d+.*\n", pinned)


def test_another_network_under_other_names_is_built_and_a_wrong_sign_is_not(made: Project) -> None:
    shutil.move(made.root / "course", made.root / "lessons")
    for file in [made.root / "mkdocs.yml", made.root / "Makefile", *(made.root / "docs").iterdir()]:
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"\bcourse\b", "lessons", text), encoding="utf-8")
    unit = made.root / "lessons" / "logistic.py"
    unit.write_text(unit.read_text(encoding="utf-8").replace("sigmoid(z[i])", "0.5 + 0.5 * tanh(z[i] / 2)"))
    assert '<div class="derived" id="lessons-logistic-unit-dz">' in made.page("logistic")
    line = made.root / "lessons" / "regression.py"
    text = line.read_text(encoding="utf-8")
    assert text.count("2 * (P[0, i] - y[0, i])") == 1
    line.write_text(text.replace("2 * (P[0, i] - y[0, i])", "2 * (P[0, i] + y[0, i])"), encoding="utf-8")
    assert "lessons.regression.gradient.1: expected to hold, but refuted" in made.failure()


def test_what_is_there_already_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years")
    assert main(["new", str(tmp_path / "mine")]) == 2
    said = capsys.readouterr().err
    assert (
        said == f"publishing: {tmp_path / 'mine'}: there is something already; expected a folder that is new or empty\n"
    )
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    assert main(["new", str(tmp_path)]) == 0
    assert (tmp_path / "mkdocs.yml").is_file()
