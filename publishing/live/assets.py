"""What the site ships for its live cells: scripts, the project's packages, what runs in the worker, and their list."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from publishing.live import bundle, frame, needs, packages, pyodide
from publishing.live.needs import Needs
from publishing.live.pyodide import File, Host
from publishing.project import Project

HERE = Path(__file__).parent
PUBLISHING = HERE.parent
FOLDER = "assets/live"

SHARED = (
    "figures/inline.py",
    "formulas/line_breaks.py",
    "formulas/formula_markup.py",
    "formulas/lines.py",
    "pages/urls.py",
    "verdicts/provenance.py",
)
"""Modules of the build that show a live cell's outputs as the page shows the built ones."""


class Assets(NamedTuple):
    """The files by their places in the site; and what the reader's browser loads of them and elsewhere, by name.

    `needs` is what the project's modules need of it.
    """

    contents: dict[str, bytes]
    loaded: dict[str, File]
    needs: Needs

    @property
    def hosts(self) -> list[str]:
        """The other hosts that they are loaded from."""
        parts = {urlsplit(file.address)[:2] for file in self.loaded.values()}
        return sorted(f"{scheme}://{host}" for scheme, host in parts if host)


def assets(project: Project, host: Host) -> Assets:
    """For a site whose readers get Pyodide from `host`. Raises SiteError if something can't be made or had."""
    contents = {packages.ARCHIVE: packages.archive(project), "worker.zip": _worker()}
    files = pyodide.files(host) | {name: pyodide.described(name, content) for name, content in contents.items()}
    listed: dict[str, Any] = {
        "files": {name: file._asdict() for name, file in files.items()},
        "lock": pyodide.lock(),
        "needs": (known := needs.needs(project)),
    }
    if host == "self-hosted":
        contents |= {f"pyodide/{name}": content for name, content in pyodide.copies().items()}
    contents[frame.NAME] = frame.page()
    contents |= bundle.scripts() | {"python.json": json.dumps(listed, separators=(",", ":")).encode()}
    return Assets({f"{FOLDER}/{name}": content for name, content in contents.items()}, files, known)


def _worker() -> bytes:
    """The files beside the packages: the modules that run the cells, and what they read. The same bytes each time."""
    files = {f"publishing/{name}": (PUBLISHING / name).read_bytes() for name in SHARED}
    files |= {f"publishing/live/python/{file.name}": file.read_bytes() for file in (HERE / "python").glob("*.py")}
    shims = HERE / "shims"
    files |= {file.relative_to(shims).as_posix(): file.read_bytes() for file in shims.rglob("*.py")}
    files |= {"matplotlibrc": (PUBLISHING / "figures" / "matplotlibrc").read_bytes(), **_digits()}
    return packages.zipped(files)


def _digits() -> dict[str, bytes]:
    """scikit-learn's own file, if it is installed here."""
    package = importlib.util.find_spec("sklearn")
    if package is None or package.origin is None:
        return {}
    return {"sklearn/digits.csv.gz": (Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz").read_bytes()}
