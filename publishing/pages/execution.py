"""Executes the scripts among the pages, side by side, and keeps their outputs for as long as they are sure to hold."""

from __future__ import annotations

import hashlib
import importlib
import itertools
import json
import logging
import os
import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from traitlets.config import Config

from publishing.errors import SiteError
from publishing.project import Project

log = logging.getLogger("publishing")

SECONDS_PER_CELL = 600
COLOURS = re.compile(r"\x1b\[[\d;]*m")


def execute_all(pages: Sequence[Path], project: Project, key: str, report: Path | None = None) -> list[Any]:
    """The executed notebook of each page, in order; the pages can read the claims' report.

    Raises SiteError, which names every page and cell that failed.
    """
    missing = [page for page in pages if not _kept(page, project, key).exists()]
    if missing:
        importlib.import_module("matplotlib.font_manager")  # once, so that no page reports that it looks for fonts
        log.info("Pages: executing %d of %d ...", len(missing), len(pages))
    left = itertools.count(len(missing) - 1, -1)

    def execute(page: Path) -> Any:
        started = time.monotonic()
        result = _execute(page, project, key, report)
        if page in missing:
            log.info("%s: executed in %.1f s, %d left", page.name, time.monotonic() - started, next(left))
        return result

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        # The longest first, so that at the end no worker waits for one that has begun late.
        done = {page: pool.submit(execute, page) for page in sorted(pages, key=_length, reverse=True)}
    results = [done[page].result() for page in pages]
    if failed := [result for result in results if isinstance(result, str)]:
        raise SiteError("\n".join(failed))
    return results


def forget_all_but(pages: Sequence[Path], project: Project, key: str) -> None:
    """Remove the kept outputs that belong to none of the pages as they are now."""
    needed = {_kept(page, project, key) for page in pages}
    for file in (project.root / ".cache" / "pages").glob("*.ipynb"):
        if file not in needed:
            file.unlink(missing_ok=True)


def _length(page: Path) -> int:
    return page.stat().st_size


def _kept(page: Path, project: Project, key: str) -> Path:
    """Where the page's outputs are kept. They depend on its code, and not on its prose."""
    name = hashlib.sha256(f"{key} {page.name}\n{_code(page.read_text(encoding='utf-8'))}".encode()).hexdigest()
    return project.root / ".cache" / "pages" / f"{name}.ipynb"


@cache
def _code(text: str) -> str:
    """The code of a page with this text."""
    return json.dumps([cell.source for cell in _code_cells(_read(text))])


def _read(text: str) -> Any:
    """A page's text as a notebook that is not executed."""
    notebook = jupytext.reads(text, fmt="py:percent")
    notebook.metadata.pop("jupytext", None)  # lists the cells' options in any order
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"cell-{number}"
    return notebook


def _code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _take_outputs(notebook: Any, executed: Any) -> None:
    """Give the notebook the outputs of one that has the same code."""
    notebook.metadata = executed.metadata
    for cell, done in zip(_code_cells(notebook), _code_cells(executed), strict=True):
        cell.outputs, cell.execution_count = done.outputs, done.execution_count


def _execute(page: Path, project: Project, key: str, report: Path | None) -> Any:
    """The executed notebook, or what is wrong with it in words."""
    kept = _kept(page, project, key)
    notebook = _read(page.read_text(encoding="utf-8"))
    if kept.exists():
        _take_outputs(notebook, nbformat.read(kept, as_version=4))
        return notebook
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=SECONDS_PER_CELL,
        force_raise_errors=True,
        resources={"metadata": {"path": str(page.parent)}},
        extra_arguments=["--InlineBackend.figure_formats=svg", "--HistoryManager.enabled=False"],
        config=Config({"KernelManager": {"transport_encryption": "auto"}}),
    )
    environment = {
        **project.environment(),
        "IPYTHONDIR": str(project.root / ".cache" / "ipython"),
        "SOURCE_DATE_EPOCH": "0",  # the date in a figure's metadata
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        **({"CHECKED_REPORT": str(report)} if report else {}),
    }
    try:
        client.execute(env=environment)
    except (CellControlSignal, DeadKernelError) as error:
        return _failure(page, notebook, error)
    _normalize(notebook)
    if _kept(page, project, key) != kept:
        return f"{page.name}: changed while it was executed: build the site again"
    project.require_unchanged(key)
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = kept.with_suffix(".draft")
    nbformat.write(notebook, draft)
    draft.replace(kept)
    return notebook


def _normalize(notebook: Any) -> None:
    """Leave out what is another in each execution: times, and the pieces in which printed text came."""
    for cell in _code_cells(notebook):
        cell.metadata.pop("execution", None)
        cell.outputs = _joined(cell.outputs)


def _joined(outputs: list[Any]) -> list[Any]:
    """Consecutive pieces of printed text as one."""
    joined: list[Any] = []
    for output in outputs:
        if joined and output.output_type == joined[-1].output_type == "stream" and output.name == joined[-1].name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def _failure(page: Path, notebook: Any, error: Exception) -> str:
    """Names the page and the cell that was executed last, which is the one that failed."""
    number, cell = [(n, c) for n, c in enumerate(notebook.cells, 1) if "execution" in c.metadata][-1]
    first = cell.source.strip().splitlines()[0]
    return f"{page.name}: cell {number}, which begins with `{first}`, failed:\n{COLOURS.sub('', str(error)).strip()}"
