"""A statement's name and lines are read in the source of the module that defines it."""

from __future__ import annotations

import importlib
import linecache
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from IPython.core.compilerop import CachingCompiler

from derivations import Derivation, affine, network
from derivations.calculus import sum_over
from derivations.notation import X, i, j, m, u
from derivations.proofs.loading import LoadError, load_file, load_package, statements_of
from derivations.proofs.registry import Address, defined_in

HEADER = """
from derivations import Derivation, affine, sum_over
from derivations.affine import forward
from derivations.notation import X, i, j, m, u

def make(title):
    return Derivation(title, sum_over(j, X[u, i]), (m * X[u, i], "the same for all"))
"""

Load = Callable[[str], ModuleType]


pytestmark = pytest.mark.usefixtures("clean_imports")


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Makes a module of the header and some code."""

    def load(code: str) -> ModuleType:
        path = tmp_path / "mine.py"
        path.write_text(HEADER + code, encoding="utf-8")
        return load_file(path)

    return load


def lines(module: ModuleType, text: str) -> int:
    return next(k for k, line in enumerate((Path(str(module.__file__))).read_text().splitlines(), 1) if text in line)


def test_the_name_and_the_lines(load: Load) -> None:
    module = load("""
total = Derivation(
    "A total",
    sum_over(j, X[u, i]),
    (
        m * X[u, i],
        "the same for all",
    ),
)
""")
    address = module.total.address
    assert (address.module, address.name, address.file) == ("mine", "total", "mine.py")
    assert address.line == lines(module, "total = ")
    assert module.total.claims()[0].source == f"mine.py:{lines(module, '    (')}"
    assert module.total.id == "mine.total"


@pytest.mark.parametrize(
    ("code", "names"),
    [
        pytest.param("a = make('a')\nb = make('b')", ["a", "b"], id="made by a function"),
        pytest.param("a, b = make('a'), make('b')", ["a", "b"], id="two at once"),
        pytest.param("if True:\n    a = make('a')", ["a"], id="under a condition"),
        pytest.param("a = make('a').prove()", ["a"], id="proven at once"),
        pytest.param("a: Derivation = make('a')", ["a"], id="with a type"),
        pytest.param("many = [make(k) for k in 'ab']", ["many[0]", "many[1]"], id="in a list"),
        pytest.param("many = {'a': make('a')}", ["many['a']"], id="in a dictionary"),
        pytest.param("a = make('a')\nmany = [a]", ["a"], id="with a name of its own, in a list"),
        pytest.param("a = make('a')\nagain = a", ["a"], id="another name for the same"),
        pytest.param("mine = affine.forward\nproven = forward.prove()", [], id="another's"),
        pytest.param("globals()['hidden'] = make('hidden')", ["hidden"], id="named by a program"),
        pytest.param("_draft = make('draft')", [], id="begun with an underscore"),
    ],
)
def test_what_a_module_defines(load: Load, code: str, names: list[str]) -> None:
    affine.forward.prove()
    assert list(statements_of(load(code))) == [f"mine.{name}" for name in names]


@pytest.mark.parametrize(("code", "name"), [("many = {'a': make('a')}", "a"), ("many = [make('a')]", 0)])
def test_what_is_in_a_collection_knows_its_name_by_itself(load: Load, code: str, name: str | int) -> None:
    assert load(code).many[name].id == f"mine.many[{name!r}]"


def test_a_chapters_own_name_is_found_whoever_imports_it_first() -> None:
    assert network.backward_dW2.id == "network.backward_dW2"
    assert affine.forward.address.file == "derivations/affine.py"
    assert "rows.dW2_as_rows" in statements_of(importlib.import_module("derivations.rows"))
    assert not any("backward" in name for name in defined_in(importlib.import_module("derivations.rows")))


def test_what_no_module_holds_has_no_name() -> None:
    made = Derivation("A total", sum_over(j, X[u, i]), (m * X[u, i], "the same for all"))
    assert made.address == Address()
    assert made.id == "unnamed"
    assert made.claims()[0].source == ""


def test_the_cells_of_a_notebook_are_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last cell that sets the name counts, as it does for Python."""
    notebook = ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", notebook)
    for number, code in enumerate([HEADER, "\n\na = make('a')", "a = make('b')", "a.claims()"]):
        cell = f"cell {number}"
        monkeypatch.setitem(linecache.cache, cell, (len(code), None, code.splitlines(keepends=True), cell))
        exec(compile(code, cell, "exec"), vars(notebook))
    assert notebook.a.address.source == "cell 2:1"
    assert notebook.a.id == "__main__.a"


def test_a_statement_can_not_be_changed() -> None:
    with pytest.raises(AttributeError, match=r"affine.forward: steps can't be changed"):
        affine.forward.steps = ()
    changeable: Any = affine.forward.where, affine.forward.instances[0]
    for mapping in changeable:
        with pytest.raises(TypeError):
            mapping["A"] = m


# Loading


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("1 / 0", r"mine.py, line 9: ZeroDivisionError: division by zero"),
        (
            "a = Derivation('a', X[u, i], (2 * X[u, i], 'b'))",
            r"mine.py, line 9: IllFormedError: a: X has no definition",
        ),
        ("def", "mine.py: SyntaxError: "),
        ("import nothing_of_this_name", "mine.py, line 9: ModuleNotFoundError: "),
    ],
)
def test_a_file_that_can_not_be_imported(load: Load, code: str, message: str) -> None:
    with pytest.raises(LoadError, match=message) as raised:
        load("\n" + code)
    assert "\n" not in str(raised.value)
    assert "mine" not in sys.modules


def test_what_is_no_file_of_python(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.py", tmp_path / "notes.txt"):
        with pytest.raises(LoadError, match="expected a Python file"):
            load_file(path)


def test_a_file_of_a_package_imports_its_neighbours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "formulas_of_mine"
    (package / "inner").mkdir(parents=True)
    for name in ("__init__.py", "inner/__init__.py"):
        (package / name).write_text("")
    (package / "common.py").write_text(HEADER)
    (package / "inner" / "layer.py").write_text("from ..common import make\na = make('a')\n")
    monkeypatch.syspath_prepend(tmp_path)
    module = load_file(package / "inner" / "layer.py")
    assert list(statements_of(module)) == ["formulas_of_mine.inner.layer.a"]
    found = [name for part in load_package("formulas_of_mine") for name in statements_of(part)]
    assert found == ["formulas_of_mine.inner.layer.a"]
    with pytest.raises(LoadError, match="no_package_of_mine: ModuleNotFoundError"):
        load_package("no_package_of_mine")


def test_a_file_does_not_take_the_name_of_a_module_in_use(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text(HEADER + "a = make('a')")
    before = sys.modules.get("json")
    module = load_file(tmp_path / "json.py")
    assert list(statements_of(module)) == ["json_.a"]
    assert sys.modules.get("json") is before


def test_in_a_notebook_a_statement_is_found_in_its_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = CachingCompiler()
    monkeypatch.setattr("IPython.get_ipython", lambda: SimpleNamespace(compile=compiler))
    code = HEADER + "\nmine = make('A total')\n"
    notebook = ModuleType("__main__")
    exec(compile(code, compiler.cache(code, 4), "exec"), vars(notebook))
    monkeypatch.setitem(sys.modules, "__main__", notebook)
    assert notebook.mine.address.source == f"cell 4:{1 + code[: code.index('mine')].count(chr(10))}"


def test_a_file_is_named_from_its_package_on_whatever_the_folders_above_are_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "lessons" / "lessons"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(HEADER + "whole = make('whole')")
    (package / "one.py").write_text(HEADER + "part = make('part')")
    monkeypatch.syspath_prepend(package.parent)
    for module, name, file in (("lessons.one", "part", "lessons/one.py"), ("lessons", "whole", "lessons/__init__.py")):
        assert defined_in(importlib.import_module(module))[name].address.file in (file, "__init__.py")
    assert defined_in(sys.modules["lessons.one"])["part"].address.file == "lessons/one.py"
