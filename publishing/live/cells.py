"""A page's code cells as its live cells need them: their sources, and how much must be loaded before each can run."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from itertools import accumulate
from operator import or_
from typing import Any

from publishing.live import pyodide
from publishing.live.needs import Needs, imported, packages
from publishing.live.pyodide import File

FOLDER = "assets/live/pages"


def code_cells(notebook: Any) -> list[Any]:
    """The cells that have code, in order: a cell's number in the page is its place here, from 1."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def address(page: str) -> str:
    """Where the cells of the page `training.py` are in the site."""
    return f"{FOLDER}/{page.removesuffix('.py')}.json"


def contents(notebook: Any) -> bytes:
    """The cells' sources, and the alternative texts of their figures, as JSON."""
    cells = [{"source": cell.source, "alternative": cell.metadata.get("alt")} for cell in code_cells(notebook)]
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode()


def megabytes(notebook: Any, files: Mapping[str, File], known: Needs) -> list[int]:
    """What must have been loaded before each cell can run, those before it being run first: rounded, in 10^6 bytes."""
    imports = (set(imported(ast.walk(ast.parse(cell.source)))) for cell in code_cells(notebook))
    return [round(_sent(modules, files, known) / 1e6) for modules in accumulate(imports, or_)]


def bar(number: int, megabytes: int, cells: str) -> str:
    """The element with which the reader runs a cell; `cells` is where the page's cells are, as seen from the page."""
    return f'<live-cell data-cell="{number}" data-load="{megabytes}" data-cells="{cells}"></live-cell>'


def _sent(modules: set[str], files: Mapping[str, File], known: Needs) -> int:
    needed = packages(modules, known)
    spared = [wheel["file_name"] for name, wheel in pyodide.lock()["packages"].items() if name not in needed]
    return sum(file.sent for name, file in files.items() if name not in spared)
