"""The driver of `make mutants`: it makes mistakes, and tells those that tests notice from those that they do not."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutants import run
from tests.mutants.__main__ import Mutant, drawn, main
from tests.mutants.harmless import LISTED
from tests.mutants.mutations import mutations
from tests.mutants.nearest import ROOT, modules


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b @ c", []),
        ("a = b - c * 2", ["a = (b) + (c * 2)", "a = b - (c) / (2)", "a = b - c * 3"]),
        ("a = b < c", ["a = (b) <= (c)"]),
        ("a = not b", ["a = (b)"]),
        ("a = b and c", ["a = ((b) or (c))"]),
        ("a = b if c else d", ["a = (d if c else b)"]),
        ("a += b", ["pass"]),
        ("log(a)", ["pass"]),
        ("if f(a):\n    b = a", ["if (not (f(a))):\n    b = a"]),
        ("a = [b for b in c if b]", ["a = [b for b in c if (not (b))]"]),
        ('"""1 + 1"""\nsize: Literal[1]\nif a:\n    raise E(f"{1 + 1}")', None),
        ("é = 'é'; a = 1", ["é = 'é'; a = 2"]),
    ],
)
def test_each_kind_of_mutation(source: str, expected: list[str] | None) -> None:
    made = [mutation.applied(source) for mutation in mutations(source)]
    assert made == ([source.replace("if a", "if (not (a))")] if expected is None else expected)


def test_every_mutant_is_python_and_differs() -> None:
    seen = 0
    for module, tests in modules().items():
        source = (ROOT / module).read_text(encoding="utf-8")
        for mutation in mutations(source):
            mutant = mutation.applied(source)
            ast.parse(mutant)
            assert mutant != source
            assert mutant.count("\n") <= source.count("\n")
            seen += 1
        assert all((ROOT / test).exists() for test in tests)
    assert seen > 1000


def test_a_draw_is_the_same_for_the_same_seed() -> None:
    paths = list(modules())
    one, again, other = (drawn(40, seed, paths) for seed in (1, 1, 2))
    assert one == again != other
    assert len({mutant.module for mutant in one}) > 5


def test_killed_and_surviving_mutants_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "project"
    (project / "tests").mkdir(parents=True)
    (project / "pyproject.toml").write_text("[tool.pytest.ini_options]\npythonpath = ['.']\n")
    (project / "tests" / "test_area.py").write_text("from area import area\ndef test_it(): assert area(2, 2) == 4\n")
    (project / "area.py").write_text("def area(a, b):\n    c = a * b\n    return c + 0\n")
    tests = {"area.py": ("tests/test_area.py",)}
    monkeypatch.setattr(run, "ROOT", project)
    monkeypatch.setattr(run, "COPIED", ("tests", "area.py", "pyproject.toml"))
    monkeypatch.setattr("tests.mutants.__main__.ROOT", project)
    monkeypatch.setattr("tests.mutants.__main__.modules", lambda: tests)
    before = (project / "area.py").read_bytes()
    assert main(["area.py"]) == 1
    printed = capsys.readouterr().out
    summary, *survivors = printed[printed.rindex("\n\n") :].split("\n")[2:4]
    assert summary == "2 of 3 mutants are killed, 1 survive (seed 0)."
    assert survivors == ["area.py:3: c + 0  ->  (c) - (0)"]
    assert (project / "area.py").read_bytes() == before
    (project / "tests" / "test_area.py").write_text("def test_it(): assert False\n")
    with pytest.raises(RuntimeError, match="a test fails without any mutant"):
        main(["area.py"])


def test_what_is_called_harmless_is_a_mutant_still() -> None:
    assert LISTED
    for one in LISTED:
        source = (ROOT / one["module"]).read_text(encoding="utf-8")
        made = {Mutant(one["module"], mutation).change for mutation in mutations(source)}
        assert one["change"] in made, f"tests/mutants/harmless.toml: {one['module']} has no such mutant any more"
        assert one["why"]
