"""list, check and show, as one uses them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from derivations.__main__ import main
from derivations.checking import statements
from derivations.proofs.claims import Claim, Outcome
from derivations.proofs.derivation import Derivation
from derivations.proofs.statement import Statement

ROOT = Path(__file__).parents[2]


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "derivations", *arguments],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Any]:
    """All claims, checked once, and the report."""
    path = tmp_path_factory.mktemp("report") / "checks.json"
    done = run("check", "--json", str(path))
    return done, json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)


@pytest.mark.xdist_group("whole")
def test_every_claim_is_as_expected(whole: tuple[subprocess.CompletedProcess[str], Any]) -> None:
    done, report = whole
    assert done.returncode == 0, done.stdout + done.stderr
    assert report["ok"] is True
    assert all(claim["verdict"] != "undecided" for claim in report["claims"])
    assert {claim["verdict"] for claim in report["claims"] if claim["expected"] == "fails"} == {"refuted"}


@pytest.mark.xdist_group("whole")
def test_the_table_is_readable_where_it_is_piped_to(whole: tuple[subprocess.CompletedProcess[str], Any]) -> None:
    done, report = whole
    assert "\x1b" not in done.stdout
    assert "\x1b" not in done.stderr
    *_, summary = done.stdout.splitlines()
    rows = done.stdout.splitlines()[1:-1]
    assert [row.split()[:2] for row in rows] == [["ok", name] for name in statements()]
    assert re.fullmatch(
        r"\d+ claims: \d+ proven for all sizes, \d+ cross-checked in numbers, "
        r"\d+ refuted as expected, 0 not as expected\.",
        summary,
    )
    assert summary.startswith(f"{len(report['claims'])} claims")


@pytest.mark.xdist_group("whole")
def test_the_report(whole: tuple[subprocess.CompletedProcess[str], Any]) -> None:
    _, report = whole
    assert set(report) == {"format", "ok", "environment", "left_out", "claims"}
    assert {"python", "sympy", "numpy"} <= set(report["environment"])
    assert len({claim["id"] for claim in report["claims"]}) == len(report["claims"])
    for claim in report["claims"]:
        assert set(claim) == {
            "id", "statement", "step", "expected", "verdict", "sizes", "compared", "max_error", "tolerance", "provided",
            "witness", "counterexample", "seconds", "source", "key",
        }  # fmt: skip
        assert claim["witness"] or claim["verdict"] != "proven"
        assert claim["statement"]
        assert claim["expected"] in {"holds", "fails"}
        assert claim["verdict"] in {"proven", "cross-checked", "refuted", "undecided"}
        assert claim["seconds"] >= 0
        assert claim["compared"] >= (claim["verdict"] in {"proven", "cross-checked"})
        assert (claim["counterexample"] is not None) == (claim["verdict"] == "refuted")
        file, line = claim["source"].split(":")
        assert 1 <= int(line) <= len((ROOT / file).read_text(encoding="utf-8").splitlines())
        if claim["max_error"] is not None and claim["verdict"] != "refuted":
            assert 0 <= claim["max_error"] <= claim["tolerance"]


def test_the_source_of_a_step_is_its_line() -> None:
    """Where a reason is written out beside its step, it begins within the step's lines."""
    seen = 0
    for derivation in (found for found in statements().values() if isinstance(found, Derivation)):
        for claim, (_, reason) in zip(derivation.claims(), derivation.steps, strict=False):
            file, line = claim.source.split(":")
            code = (ROOT / file).read_text(encoding="utf-8")
            if derivation.address.arguments and f'"{reason}"' in code:
                there = "\n".join(code.splitlines()[int(line) - 1 :][:8])
                assert f'"{reason}"' in there, claim.id
                seen += 1
    assert seen > 50


def test_list_names_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    rows = capsys.readouterr().out.splitlines()[1:]
    assert [row.split()[0] for row in rows] == list(statements())
    assert all(statement.title in row for row, statement in zip(rows, statements().values(), strict=True))


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("affine.Z_by_W", ["affine.Z_by_W"]),
        ("Z_by_b", ["affine.Z_by_b"]),
        ("errata", [name for name in statements() if name.startswith("errata.")]),
    ],
)
def test_check_by_name(name: str, chosen: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", name]) == 0
    rows = capsys.readouterr().out.splitlines()[1:-1]
    assert [row.split()[1] for row in rows] == chosen


def test_a_name_given_twice_is_checked_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "Z_by_b", "affine.Z_by_b"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("2 claims: 1 proven")


@pytest.mark.parametrize("command", ["check", "show"])
@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [("backward_dW11", "backward_dW1"), ("softmax_crossentropy", "softmax_cross_entropy"), ("jacobain", "jacobian")],
)
def test_an_unknown_name(command: str, wrong: str, nearest: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, wrong]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert repr(wrong) in captured.err
    assert f"did you mean {nearest}?" in captured.err


def test_a_report_that_can_not_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "missing" / "checks.json", tmp_path / "file" / "checks.json", Path("/dev/full")):
        assert main(["check", "Z_by_b", "--json", str(path)]) == 2
        captured = capsys.readouterr()
        assert captured.err.startswith("derivations: ")
        assert str(path) in captured.err
        assert captured.err.count("\n") == 1
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
    assert not Path("/dev/full").is_file()


def test_a_report_replaces_the_old_one_whole(tmp_path: Path) -> None:
    path = tmp_path / "checks.json"
    path.write_text("old")
    assert main(["check", "Z_by_b", "--json", str(path)]) == 0
    assert [claim["id"] for claim in json.loads(path.read_text(encoding="utf-8"))["claims"]] == [
        "affine.Z_by_b.1",
        "affine.Z_by_b.numpy",
    ]
    assert list(tmp_path.iterdir()) == [path]


def test_show_in_each_format(capsys: pytest.CaptureFixture[str]) -> None:
    name = "network.backward_dW2"
    derivation = statements()[name]
    assert isinstance(derivation, Derivation)
    shown = {}
    for form in ("text", "latex", "numpy"):
        assert main(["show", name, "--format", form]) == 0
        shown[form] = capsys.readouterr().out.rstrip("\n")
    assert shown["numpy"] == "dW2 = dZ2 @ A1.T + lam * W2"
    assert shown["latex"] == derivation.latex()
    assert shown["latex"].startswith(r"\begin{aligned}")
    assert shown["text"] == derivation.text()
    assert all(reason.replace("`", "") in shown["text"] for _, reason in derivation.steps)
    assert main(["show", name]) == 0
    assert capsys.readouterr().out.rstrip("\n") == shown["text"]


WITHOUT_CODE = ("depth.jacobian", "depth.back_to_Z", "depth.step")
"""They hold for any activation f, which is no function of NumPy's."""


@pytest.mark.parametrize("form", ["text", "latex", "numpy"])
def test_every_statement_can_be_shown_or_says_why_not(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name, statement in statements().items():
        status = main(["show", name, "--format", form])
        captured = capsys.readouterr()
        if form == "numpy" and (name in WITHOUT_CODE or not isinstance(statement, Derivation)):
            assert (status, captured.out) == (2, "")
            assert captured.err.startswith(f"derivations: {name}")
        else:
            assert (status, captured.err) == (0, "")
            assert captured.out.strip()


def test_usage() -> None:
    for arguments in ([], ["prove"], ["show"], ["show", "relu", "--format", "html"]):
        done = run(*arguments)
        assert done.returncode == 2
        assert "usage: python -m derivations" in done.stderr
        assert "Traceback" not in done.stderr
    assert run("--help").returncode == 0


class Wrong(Statement):
    """A statement whose claim is whatever it is given."""

    def __init__(self, claim: Claim) -> None:
        super().__init__("wrong")
        self.claim = claim

    @property
    def id(self) -> str:
        return "chapter.wrong"

    def claims(self) -> list[Claim]:
        return [self.claim]

    def latex(self) -> str:
        return self.claim.statement

    def text(self) -> str:
        return self.title

    def _confirmed(self, outcomes: list[Outcome]) -> str:
        return "right"


def test_a_claim_that_breaks_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken() -> Any:
        raise ValueError("matmul: shapes")

    wrong = Wrong(Claim("chapter.wrong", "x = y", "derivations/chapter.py:7", broken))
    monkeypatch.setattr("derivations.__main__.statements", lambda: {"chapter.wrong": wrong})
    assert main(["check"]) == 1
    captured = capsys.readouterr()
    assert "NOT AS EXPECTED: chapter.wrong (derivations/chapter.py:7): undecided" in captured.err
    assert "ValueError: matmul: shapes" in captured.err
    assert captured.out.splitlines()[1].split()[:2] == ["NO", "chapter.wrong"]
    assert captured.out.rstrip().endswith("1 not as expected.")


# Anybody's file

MINE = """
from derivations import Derivation, Index, array, size, sum_over

m, n = size("m"), size("n")
i, j, u = Index("i", m), Index("j", m), Index("u", n)
X = array("X", n, m)
total = Derivation("A total", sum_over(j, X[u, i]), (m * X[u, i], "the same for every j"))
"""
WRONG = 'half = Derivation("Half of it", sum_over(j, X[u, i]), (m * X[u, i] / 2, "a factor is wrong"))\n'


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clean_imports: None) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    return path


def test_check_a_file(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = mine.with_suffix(".json")
    assert main(["check", "mine.py", "--json", str(report)]) == 0
    rows = capsys.readouterr().out.splitlines()[1:-1]
    assert [row.split()[:2] for row in rows] == [["ok", "mine.total"]]
    claims = json.loads(report.read_text(encoding="utf-8"))["claims"]
    assert [claim["id"] for claim in claims] == ["mine.total.1", "mine.total.matrix", "mine.total.numpy"]
    assert claims[0]["source"] == "mine.py:7"


def test_a_wrong_file_says_which_step(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine.write_text(MINE + WRONG)
    assert main(["check", str(mine)]) == 1
    captured = capsys.readouterr()
    assert "NOT AS EXPECTED: mine" in captured.err
    assert "half.1 (mine.py:8): refuted, expected that it holds, at the step 'a factor is wrong': at " in captured.err
    assert captured.out.splitlines()[-1].endswith("1 not as expected.")


def test_what_is_no_file_of_derivations(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (mine.parent / "empty.py").write_text("x = 1\n")
    (mine.parent / "broken.py").write_text("1 / 0\n")
    for name, message in {
        "empty.py": "empty.py: no derivation is defined there",
        "broken.py": "broken.py, line 1: ZeroDivisionError: division by zero",
        "missing.py": "missing.py: expected a Python file",
        "json": "json: no derivation is defined there",
    }.items():
        assert main(["check", name]) == 2
        captured = capsys.readouterr()
        assert captured.err.rstrip().endswith(message)
        assert captured.err.count("\n") == 1


def test_check_a_module_by_its_name(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = mine.parent / "formulas_by_name"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "totals.py").write_text(MINE)
    sys.path.insert(0, str(mine.parent))
    for name in ("formulas_by_name.totals", "formulas_by_name"):
        assert main(["check", name]) == 0
        assert capsys.readouterr().out.splitlines()[1].split()[:2] == ["ok", "formulas_by_name.totals.total"]


def test_a_false_formula_is_not_shown_without_a_word(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine.write_text(MINE + WRONG)
    assert main(["show", "mine.py"]) == 1
    assert "half.1 (mine.py:8): refuted" in capsys.readouterr().err


def test_a_device_is_not_replaced_by_a_report(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    device = Path(os.devnull)
    before = device.stat().st_rdev
    assert main(["check", str(mine), "--json", os.devnull]) == 2
    assert "it is a device" in capsys.readouterr().err
    assert device.stat().st_rdev == before


def test_what_needs_an_extra_is_left_out_by_name(mine: Path) -> None:
    """Without scikit-learn there are no digits; that is no failure."""
    (mine.parent / "sitecustomize.py").write_text("import sys\nsys.modules['sklearn'] = None\n")
    done = run("check", "forward_Z1", PYTHONPATH=str(mine.parent))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == (
        "Left out, as scikit-learn is not installed (the extra `digits`): digits, initial; digits, trained."
    )
