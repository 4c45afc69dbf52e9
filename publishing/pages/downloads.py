"""Each executed page to take along: its script, and the notebook with the outputs that the page shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import nbformat

FOLDER = "downloads"


class Download(NamedTuple):
    """The two files' places in the site, and the page's source as the project names it."""

    script: str
    notebook: str
    source: str


def download(page: str) -> Download:
    """Of the page `training.py`."""
    return Download(f"{FOLDER}/{page}", f"{FOLDER}/{page.removesuffix('.py')}.ipynb", f"docs/{page}")


def contents(page: str, script: Path, notebook: Any) -> dict[str, bytes]:
    """The files by their places in the site."""
    places = download(page)
    return {places.script: script.read_bytes(), places.notebook: (nbformat.writes(notebook) + "\n").encode()}
