"""The project whose pages are published: where it is, which packages are its own, and what its outputs depend on."""

from __future__ import annotations

import hashlib
import importlib.machinery
import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from publishing.errors import SiteError

__all__ = ["Project"]

DATA = (".csv", ".json", ".npz", ".txt")  # what a page may read from docs/

HERE = Path(__file__).parent
MAKES_OUTPUTS = ("project.py", "figures/matplotlibrc", "pages/execution.py", "verdicts/claims.py")
"""What of this package an output or a verdict depends on: the rest only shows them."""


@dataclass(frozen=True)
class Project:
    """A folder with pages in docs/, and the packages that they import.

    >>> Project(Path("/course"), ("course",)).environment()["PYTHONHASHSEED"]
    '0'
    """

    root: Path
    packages: tuple[str, ...] = ()
    """Its own: their modules become pages, too."""
    libraries: tuple[str, ...] = ()
    """Packages of others that its pages import, and that readers get with it when they run a cell."""

    def environment(self) -> dict[str, str]:
        """Where claims are checked and pages are executed: the project's own modules come first."""
        path = os.pathsep.join(filter(None, [str(self.root), os.environ.get("PYTHONPATH")]))
        style = str(HERE / "figures")
        same = {"PYTHONUTF8": "1", "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        return {**os.environ, **same, "PYTHONPATH": path, "MATPLOTLIBRC": style}

    def key(self) -> str:
        """What a page's output depends on beside its own text: when the key changes, nothing kept is used again.

        It is of the packages' modules, of what executes them, of the data in docs/, and of all installed versions.
        """
        digest = hashlib.sha256(f"{platform.python_version()} {platform.platform()}\n".encode())
        versions = sorted({f"{d.name} {d.version}" for d in importlib.metadata.distributions()})
        digest.update("\n".join(versions).encode())
        for file in self._files():
            digest.update(f"\n{file}\n".encode() + file.read_bytes())
        return digest.hexdigest()

    def require_unchanged(self, expected: str) -> None:
        """Raises SiteError if the key is another by now: what was made meanwhile belongs to neither, and isn't kept."""
        if self.key() != expected:
            raise SiteError("The project's files changed while the site was built: build it again")

    def _files(self) -> Iterator[Path]:
        yield from (HERE / name for name in MAKES_OUTPUTS)
        for package in (*self.packages, *self.libraries):
            for folder in self.locations(package):
                yield from sorted(f for f in folder.rglob("*") if f.is_file() and "__pycache__" not in f.parts)
        yield from sorted(f for f in (self.root / "docs").rglob("*") if f.suffix in DATA)

    def locations(self, package: str) -> list[Path]:
        """The folders that `import package` would read in the environment above; none if there is no such package."""
        path = [str(self.root), *os.environ.get("PYTHONPATH", "").split(os.pathsep), *sys.path]
        spec = importlib.machinery.PathFinder.find_spec(package, list(filter(None, path)))
        return [Path(location) for location in spec.submodule_search_locations or ()] if spec else []
