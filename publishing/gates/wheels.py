"""Pyodide's wheels for tests that may not ask its CDN: they are inside a wheel on PyPI, which pip loads once.

That wheel is a test's source of bytes and no dependency: a file is taken only if Pyodide's lock has its sha256.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from publishing import kept
from publishing.live import pyodide

SOURCE = "open-webui==0.12.4"
INSIDE = "open_webui/frontend/pyodide/"
KEPT = kept.folder("pyodide")


@cache
def folder() -> Path:
    """The folder with the wheels of all packages that a live cell may need.

    Raises OSError if they can't be loaded, ValueError if one is not what the lock says.
    """
    wanted = {package["file_name"]: package["sha256"] for package in pyodide.lock()["packages"].values()}
    KEPT.mkdir(parents=True, exist_ok=True)
    if missing := {name: sha256 for name, sha256 in wanted.items() if not _is(KEPT / name, sha256)}:
        with tempfile.TemporaryDirectory(dir=KEPT) as temporary:
            _take(missing, Path(temporary))
    return KEPT


def _take(wanted: dict[str, str], folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), SOURCE]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise OSError(f"pip could not load {SOURCE}:\n{done.stderr}")
    (source,) = folder.glob("*.whl")
    with zipfile.ZipFile(source) as archive:
        for name, sha256 in wanted.items():
            draft = folder / name
            draft.write_bytes(archive.read(INSIDE + name))
            if not _is(draft, sha256):
                raise ValueError(f"{name} in {SOURCE} is not the file of Pyodide's lock")
            draft.replace(KEPT / name)


def _is(file: Path, sha256: str) -> bool:
    return file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256
