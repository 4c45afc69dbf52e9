"""What the site ships for its live cells, and what it says that they load."""

from __future__ import annotations

import ast
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import publishing.project
from publishing.errors import SiteError
from publishing.live import assets, cells, needs, pyodide
from tests.publishing.conftest import ROOT, Project

PAGE = """
    # %%
    x = 1

    # %% tags=["remove-cell"]
    y = 2

    # %% tags=["hide-input"] alt="A line."
    import matplotlib.pyplot as plt
    plt.plot([x, y])
    plt.show()

    # %% tags=["solution"]
    print(x + y)
"""


def test_each_cell_that_is_shown_can_be_run_and_says_what_it_loads(project: Project) -> None:
    project.write("docs/training.py", PAGE)
    page = project.page("training")
    files = pyodide.files("cdn")
    base = sum(files[name].sent for name in pyodide.CORE)
    more = sum(files[pyodide.lock()["packages"][name]["file_name"]].sent for name in pyodide.needed(["matplotlib"]))
    for number, bytes_ in ((1, base), (3, base + more), (4, base + more)):
        load = round(bytes_ / 1e6)
        bar = f'<live-cell data-cell="{number}" data-load="{load}" data-cells="../assets/live/pages/training.json">'
        assert page.count(bar) == 1, re.findall("<live-cell[^>]*>", page)
        assert page.count(f'id="cell-{number}"') == 1
    assert "cell-2" not in page
    assert '<script src="../assets/live/cells.js" type="module"></script>' in page
    found = json.loads((project.root / "site/assets/live/pages/training.json").read_text(encoding="utf-8"))
    assert [cell["source"].partition("\n")[0] for cell in found] == [
        "x = 1",
        "y = 2",
        "import matplotlib.pyplot as plt",
        "print(x + y)",
    ]
    assert [cell["alternative"] for cell in found] == [None, None, "A line.", None]


def test_the_site_ships_the_project_s_own_packages_and_nothing_of_pyodide(project: Project) -> None:
    project.page("")
    folder = project.root / "site" / "assets" / "live"
    listed = json.loads((folder / "python.json").read_text(encoding="utf-8"))
    shipped = zipfile.ZipFile(folder / listed["files"]["packages.zip"]["address"]).namelist()
    assert {name.partition("/")[0] for name in shipped} == {"derivations", "netcode"}
    assert "derivations/softmax.py" in shipped
    hosts = {file["address"].partition("/pyodide")[0] for name, file in listed["files"].items() if name in pyodide.CORE}
    assert hosts == {"https://cdn.jsdelivr.net/npm"}
    assert not (folder / "pyodide").exists()
    for name, file in listed["files"].items():
        if "://" not in file["address"]:
            content = (folder / file["address"]).read_bytes()
            assert pyodide.described(file["address"], content) == pyodide.File(**file), name


def test_the_worker_s_modules_import_nothing_that_a_browser_lacks() -> None:
    made = assets.assets(publishing.project.Project(ROOT, ("derivations", "netcode")), "cdn").contents[
        "assets/live/worker.zip"
    ]
    archive = zipfile.ZipFile(io.BytesIO(made))
    own = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in archive.namelist()}
    own |= {module.rpartition(".")[0] for module in own}
    known = {"numpy", "matplotlib", "sklearn", "IPython", "netcode"}
    for name in archive.namelist():
        if name.endswith(".py"):
            source = archive.read(name).decode()
            for module in needs.imported(ast.walk(ast.parse(source))):
                top = module.partition(".")[0]
                inside = {module, module.rpartition(".")[0]} & own
                assert inside or top in known or _is_python_s(top), f"{name}: {module}"


def _is_python_s(module: str) -> bool:
    import sys

    return module in sys.stdlib_module_names


def test_the_sizes_of_all_wheels_are_known() -> None:
    sizes = {name: file.size for name, file in pyodide.files("cdn").items() if name.endswith(".whl")}
    assert set(sizes) == {package["file_name"] for package in pyodide.lock()["packages"].values()}


def test_a_wheel_that_is_not_the_lock_s_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in pyodide.lock()["packages"].values():
        (tmp_path / package["file_name"]).write_bytes(b"something else")
    monkeypatch.setenv(pyodide.WHEELS, str(tmp_path))
    with pytest.raises(SiteError, match=r"^numpy-.*: its sha256 is [0-9a-f]{64}; Pyodide's lock says [0-9a-f]{64}$"):
        pyodide.copies()


def test_a_wheel_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pyodide.WHEELS, str(tmp_path))
    with pytest.raises(SiteError, match=r"^numpy-.*: can't be had from "):
        pyodide.copies()


def test_cells_without_code_are_none() -> None:
    notebook = new_notebook(cells=[new_markdown_cell("text"), new_code_cell(" \n"), new_code_cell("x = 1")])
    assert [cell.source for cell in cells.code_cells(notebook)] == ["x = 1"]


def test_the_worker_has_every_module_that_its_modules_import() -> None:
    with zipfile.ZipFile(io.BytesIO(assets._worker())) as worker:
        names = {name for name in worker.namelist() if name.endswith(".py")}
        imported = {module for name in names for module in _imports(worker.read(name).decode())}
    needed = {module for module in imported if (ROOT / f"{module.replace('.', '/')}.py").is_file()}
    assert len(needed) > 5
    assert {f"{module.replace('.', '/')}.py" for module in needed if module.startswith("publishing")} <= names


def _imports(text: str) -> set[str]:
    """The modules, `a.b` and `a.b.c` of `from a.b import c`."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found
