"""A copy of the project, in which its site is built from nothing, edited and built again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.child import ChildError

ROOT = Path(__file__).parents[1]
MADE = (".*", "__pycache__", "dist", "node_modules", "site")  # by make and by tools, not by us
SMALL = """
INHERIT: mkdocs.yml
nav: [index.md]
plugins: {checked-pages: {generated: []}}
"""


@dataclass(frozen=True)
class SiteCopy:
    root: Path
    config: str

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def pages(self) -> list[Path]:
        """What the pages are made from."""
        return sorted(file for file in (self.root / "docs").iterdir() if file.suffix in (".md", ".py"))

    def address(self, page: Path) -> str:
        """The page's address, seen from the home page."""
        return "" if page.stem == "index" else f"{page.stem}/"

    def edit(self, page: Path) -> None:
        """Add a sentence at the page's end."""
        addition = "\n# %% [markdown]\n# One sentence more.\n" if page.suffix == ".py" else "\nOne sentence more.\n"
        page.write_text(page.read_text(encoding="utf-8") + addition, encoding="utf-8")

    def build(self) -> float:
        """Build the site as `make site` does; the seconds by the clock. Raises ChildError, with MkDocs' own words."""
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", self.config]
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
        started = time.perf_counter()
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if not line.startswith("INFO")]
            raise ChildError("\n".join(["the site is not built:", *said]))
        return time.perf_counter() - started


@contextmanager
def copied(small: bool = False) -> Iterator[SiteCopy]:
    """A copy with nothing built yet, but all installed. A small one has one page, with nothing to execute."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*MADE))
        installed = ROOT / ".cache" / "npm"
        installed.mkdir(parents=True, exist_ok=True)
        (root / ".cache").mkdir()
        (root / ".cache" / "npm").symlink_to(installed)
        copy = SiteCopy(root, "small.yml" if small else "mkdocs.yml")
        if small:
            for page in copy.pages:
                page.unlink()
            (root / "docs" / "index.md").write_text("# Home\n\nA page.\n", encoding="utf-8")
            (root / copy.config).write_text(SMALL, encoding="utf-8")
        yield copy
