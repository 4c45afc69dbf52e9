"""Pages that a module of the project makes: `generated: [{folder: layers, module: derivations.book}]`.

The module is run as `python -m derivations.book FOLDER`, in a process of its own, and leaves a JSON file for each page:
`page`, a notebook, and `claims`, what was checked for it. It keeps what hasn't changed, and exits with an error if a
claim doesn't hold. The page of `layer_norm-0123.json` is `layers/layer_norm.md`; `index.json` has the folder's own.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

from publishing.errors import SiteError
from publishing.project import Project

__all__ = ["INDEX", "Generated", "pages"]

INDEX = "index"

log = logging.getLogger("publishing")


class Generated(NamedTuple):
    """A page that was made, with its place among the site's pages, and the claims that its formulas rest on."""

    uri: str
    notebook: Any
    claims: list[dict[str, Any]]

    @property
    def is_index(self) -> bool:
        """Whether it is its folder's own page, which alone is in the navigation."""
        return self.uri.endswith(f"/{INDEX}.md")

    @property
    def markdown(self) -> str:
        """What the theme must know of the page before its content comes."""
        about = {key: self.notebook.metadata[key] for key in ("title", "description")}
        return "---\n" + "".join(f"{key}: {json.dumps(value)}\n" for key, value in about.items()) + "---\n"

    @property
    def source(self) -> str:
        """The file that the claims are made in; empty if there are none."""
        return self.claims[0]["source"].partition(":")[0] if self.claims else ""


def pages(project: Project, makers: Iterable[Mapping[str, str]]) -> Iterator[Generated]:
    """All pages of all modules. Raises SiteError, with what the module has said, if one of them fails."""
    for folder, module in ((maker["folder"], maker["module"]) for maker in makers):
        kept = project.root / ".cache" / "generated" / folder
        log.info("Pages: %s", module)
        command = [sys.executable, "-m", module, str(kept)]
        done = subprocess.run(
            command, cwd=project.root, env=project.environment(), capture_output=True, encoding="utf-8", check=False
        )
        if done.returncode != 0:
            raise SiteError(f"The site is not built, because of the pages of {module}:\n{done.stdout}{done.stderr}")
        files = sorted(kept.glob("*.json"))
        if not files:
            raise SiteError(f"{module} has made no page")
        yield from (_page(folder, file) for file in files)


def claims(made: list[Generated]) -> bytes:
    """The claims of all pages, as a file to take along."""
    found = [claim for page in made for claim in page.claims]
    return json.dumps({"claims": found}, ensure_ascii=False, indent=1).encode()


def _page(folder: str, file: Path) -> Generated:
    content = json.loads(file.read_text(encoding="utf-8"))
    name = file.stem.partition("-")[0]
    return Generated(f"{folder}/{name}.md", nbformat.from_dict(content["page"]), content["claims"])
