"""What a page's output depends on beside its own text, as one key: when the key changes, nothing kept is used again."""

from __future__ import annotations

import hashlib
import importlib.machinery
import importlib.metadata
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from mkdocs.exceptions import PluginError

PACKAGES = ("derivations", "netcode")
DATA = (".csv", ".json", ".npz", ".txt")  # what a page may read from docs/


HERE = Path(__file__).parent
MAKES_OUTPUTS = ("cache.py", "figures/matplotlibrc", "pages/execution.py", "verdicts/claims.py")
"""What of this package an output or a verdict depends on: the rest only shows them."""


def environment(root: Path) -> dict[str, str]:
    """The environment in which claims are checked and pages are executed: the project's own modules come first."""
    path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
    style = str(HERE / "figures")
    same = {"PYTHONUTF8": "1", "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return {**os.environ, **same, "PYTHONPATH": path, "MATPLOTLIBRC": style}


def key(root: Path) -> str:
    """The key of this project's modules, of what executes them, of the data in docs/, and of all installed versions."""
    digest = hashlib.sha256(f"{platform.python_version()} {platform.platform()}\n".encode())
    digest.update("\n".join(sorted({f"{d.name} {d.version}" for d in importlib.metadata.distributions()})).encode())
    for file in _files(root):
        digest.update(f"\n{file}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def require_unchanged(root: Path, expected: str) -> None:
    """Raises PluginError if the key is another by now: what was made meanwhile belongs to neither, and isn't kept."""
    if key(root) != expected:
        raise PluginError("The project's files changed while the site was built: build it again")


def _files(root: Path) -> Iterator[Path]:
    yield from (HERE / name for name in MAKES_OUTPUTS)
    for folder in (folder for package in PACKAGES for folder in locations(package, root)):
        yield from sorted(f for f in folder.rglob("*") if f.is_file() and "__pycache__" not in f.parts)
    yield from sorted(f for f in (root / "docs").rglob("*") if f.suffix in DATA)


def locations(package: str, root: Path) -> list[Path]:
    """The folders that `import package` would read in the environment above."""
    path = [str(root), *os.environ.get("PYTHONPATH", "").split(os.pathsep), *sys.path]
    spec = importlib.machinery.PathFinder.find_spec(package, list(filter(None, path)))
    return [Path(location) for location in spec.submodule_search_locations or ()] if spec else []
