"""Pyodide's release: which of its files a page's cells need, how large they are, and where the reader gets them.

By default the reader gets them from jsDelivr: the core as npm has it, and the wheels from Pyodide's own folder there.
A site can also hold a copy of its own. In both cases each file must have the sha256 that the build knows from npm.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import os
import urllib.request
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from publishing import kept, npm
from publishing.errors import SiteError

log = logging.getLogger("publishing")

Host = Literal["cdn", "self-hosted"]

HERE = Path(__file__).parent
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
PACKAGES = ("numpy", "sympy", "matplotlib")
"""What a cell may import beside Python's own modules and this project's."""

WHEELS = "PYODIDE_WHEELS"
"""The environment variable that names a folder with the wheels, for a build that may not ask the network."""

KEPT = kept.folder("pyodide")


class File(NamedTuple):
    """A file that is loaded into the reader's browser: its size there, and what the way there costs, in bytes."""

    address: str
    sha256: str
    size: int
    sent: int


@cache
def lock() -> dict[str, Any]:
    """Pyodide's own lock, of PACKAGES and what they need alone."""
    whole: dict[str, Any] = json.loads((_package() / "pyodide-lock.json").read_text(encoding="utf-8"))
    return {**whole, "packages": {name: whole["packages"][name] for name in _closure(whole, PACKAGES)}}


def needed(imports: Iterable[str]) -> list[str]:
    """The packages of the lock in which the imported modules are, and what these need in turn."""
    modules = {module.partition(".")[0] for module in imports}
    packages = lock()["packages"]
    return _closure(lock(), [name for name, package in packages.items() if modules & set(package["imports"])])


def closure(packages: Iterable[str]) -> list[str]:
    """The packages of the lock, and what they need, what is needed first first."""
    return _closure(lock(), packages)


def files(host: Host) -> dict[str, File]:
    """The core and the wheels by their names, with addresses as seen from the file that lists them."""
    version = _version()
    place, wheels = {
        "cdn": (
            f"https://cdn.jsdelivr.net/npm/pyodide@{version}/",
            f"https://cdn.jsdelivr.net/pyodide/v{version}/full/",
        ),
        "self-hosted": ("pyodide/", "pyodide/"),
    }[host]
    return {
        **{name: _core_file(f"{place}{name}", name) for name in CORE},
        **{
            wheel["file_name"]: File(wheels + wheel["file_name"], wheel["sha256"], size, size)
            for wheel in lock()["packages"].values()
            for size in [_sizes()[wheel["file_name"]]]
        },
    }


def described(address: str, content: bytes) -> File:
    """A file of the build's own, which its host compresses on the way."""
    sent = min(len(content), len(gzip.compress(content, compresslevel=6, mtime=0)))
    return File(address, hashlib.sha256(content).hexdigest(), len(content), sent)


def _core_file(address: str, name: str) -> File:
    """As `described`, but kept: it takes a third of a second to see how small the core becomes."""
    content = core(name)
    file = KEPT / f"{hashlib.sha256(content).hexdigest()}.json"
    if not file.exists():
        _keep(file, json.dumps(described("", content)._asdict()).encode())
    return File(**json.loads(file.read_text(encoding="utf-8")))._replace(address=address)


def copies() -> dict[str, bytes]:
    """The contents of the same files, for a site with a copy of its own.

    Wheels are read from the folder that PYODIDE_WHEELS names, or loaded from Pyodide's address, once. Raises
    SiteError if one can't be had, or is not the one of the lock.
    """
    wheels = {package["file_name"]: _wheel(package) for package in lock()["packages"].values()}
    return {name: core(name) for name in CORE} | wheels


def core(name: str) -> bytes:
    """A file of CORE, as npm has it."""
    return (_package() / name).read_bytes()


def _wheel(package: dict[str, Any]) -> bytes:
    name, expected = package["file_name"], package["sha256"]
    folder = os.environ.get(WHEELS)
    file = Path(folder) / name if folder else KEPT / name
    try:
        content = file.read_bytes() if folder or file.exists() else _load(files("cdn")[name].address)
    except OSError as error:
        raise SiteError(f"{name}: can't be had from {file if folder else 'its address'}: {error}") from None
    if (found := hashlib.sha256(content).hexdigest()) != expected:
        raise SiteError(f"{name}: its sha256 is {found}; Pyodide's lock says {expected}")
    if not folder and not file.exists():
        _keep(file, content)
    return content


def _keep(file: Path, content: bytes) -> None:
    """Whole, or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(file)


def _load(address: str) -> bytes:
    log.info("Pyodide: loading %s ...", address)
    with urllib.request.urlopen(address, timeout=60) as answer:
        content: bytes = answer.read()
        return content


def _closure(whole: dict[str, Any], names: Iterable[str]) -> list[str]:
    """The packages and all that they depend on, what is needed first first."""
    found: dict[str, None] = {}
    for name in names:
        for other in [*_closure(whole, whole["packages"][name]["depends"]), name]:
            found[other] = None
    return list(found)


def _version() -> str:
    version: str = json.loads((_package() / "package.json").read_text(encoding="utf-8"))["version"]
    return version


@cache
def _sizes() -> dict[str, int]:
    """The lock has none, and the button that loads the wheels says how much that will be."""
    sizes: dict[str, int] = json.loads((HERE / "sizes.json").read_text(encoding="utf-8"))
    return sizes


def _package() -> Path:
    return npm.installed(HERE.parent) / "pyodide"
