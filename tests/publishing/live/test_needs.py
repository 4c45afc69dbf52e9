"""What must be loaded before a module can be imported: no less, and not much more."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from publishing import npm
from publishing.live import needs, pyodide
from publishing.project import Project
from tests.publishing.conftest import ROOT

PAGES = [file for file in sorted((ROOT / "docs").glob("*.py")) if "from derivations" not in file.read_text("utf-8")]
"""Those that can do without SymPy."""
PLAYGROUND = ROOT / "docs" / "javascripts" / "playground" / "training.js"

WITHOUT = """
import sys
class Absent:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in {absent}:
            raise ModuleNotFoundError(f"{{name}} was not loaded")
sys.meta_path.insert(0, Absent())
sys.path[:0] = [{shims!r}]
{imports}
"""


@pytest.fixture(scope="module")
def known() -> needs.Needs:
    return needs.needs(Project(ROOT, ("derivations", "netcode")))


def test_imports_are_found_wherever_they_stand() -> None:
    source = "import numpy as np, os.path\ndef f():\n    from matplotlib.path import Path\n# import sympy"
    found = list(needs.imported(ast.walk(ast.parse(source))))
    assert sorted(found) == ["matplotlib.path", "matplotlib.path.Path", "numpy", "os.path"]


def test_a_module_needs_what_it_imports_itself_and_through_others() -> None:
    sources = {
        "a": "",
        "a.first": "from a import second",
        "a.second": "import numpy",
        "a.third": "def f():\n    from . import fourth",
        "a.fourth": "try:\n    import mpmath\nexcept ImportError:\n    pass",
        "b": "from .part import x",
        "b.part": "x = 1\nimport mpmath",
        "c": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import sympy\ndef f():\n    import matplotlib",
    }
    found = needs.needs_of(sources)
    assert found == {
        "a": [],
        "a.first": ["numpy"],
        "a.second": ["numpy"],
        "a.third": ["mpmath"],
        "a.fourth": ["mpmath"],
        "b": ["mpmath"],
        "c": [],
    }
    assert needs.packages(["b.part.x", "a.first", "json"], found) == ["mpmath", "numpy"]
    assert needs.packages(["sympy.core"], found) == ["mpmath", "sympy"]


def test_netcode_needs_numpy_alone(known: needs.Needs) -> None:
    assert needs.packages(["netcode", "netcode.training.observed_training"], known) == ["numpy"]
    assert "sympy" in needs.packages(["derivations.affine"], known)


@pytest.mark.parametrize("page", [*PAGES, PLAYGROUND], ids=lambda page: page.stem)
def test_what_a_page_imports_can_be_imported_with_no_more_than_that(page: Path, known: needs.Needs) -> None:
    source = page.read_text(encoding="utf-8")
    if page is PLAYGROUND:
        source = source.partition("return `")[2].partition("settings =")[0]
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.Import, ast.ImportFrom))]
    packages = needs.packages(needs.imported(nodes), known)
    spared = [package["imports"] for name, package in pyodide.lock()["packages"].items() if name not in packages]
    absent = {module for modules in spared for module in modules}
    assert "sympy" in absent
    imports = "\n".join(map(ast.unparse, nodes))
    program = WITHOUT.format(absent=absent, shims=str(needs.SHIMS), imports=imports)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_browser_reads_the_same_of_a_program(known: needs.Needs, tmp_path: Path) -> None:
    shutil.copy(ROOT / "publishing" / "live" / "browser" / "needs.js", tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    programs = [
        "import json",
        "import numpy as np, sympy as sp",
        "  import os.path, mpmath  # import matplotlib",
        "from netcode import (\n    data,\n    plot as p,\n)",
        "from netcode.gradients import numeric, reference",
        "from netcode.gradients import (reference as r)",
        "x = 'no import sympy'; y = 1\nfrom sklearn.datasets import load_digits; import json",
        "from derivations import affine",
        "x = 1; import sympy",
        "try: import matplotlib.pyplot\nexcept ImportError: pass",
        "import unknown.thing",
        *(file.read_text(encoding="utf-8") for file in PAGES),
    ]
    given = {"listed": {"needs": known, "lock": pyodide.lock()}, "programs": programs}
    answers = json.loads(npm.run(Path(__file__).with_name("needs.mjs"), str(tmp_path), given=json.dumps(given)))
    for program, answer in zip(programs, answers, strict=True):
        expected = needs.packages(needs.imported(ast.walk(ast.parse(dedent(program)))), known)
        assert {*pyodide.closure(answer)} == {*expected}, program[:80]
    assert [len(answer) > 0 for answer in answers[:3]] == [False, True, True]
