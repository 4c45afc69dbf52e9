"""All pages of the book at once. A page is kept until its operator's file, or the calculus, changes."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from derivations.book import page
from derivations.book.index import index
from derivations.layers import Operator, operators
from derivations.proofs.conditions import proven

__all__ = ["bind"]

ENGINE = ("calculus", "proofs", "reverse", "book")
EXPECTED = ("proven", "cross-checked")


def bind(folder: Path, progress: Callable[[str], None] = lambda name: None) -> list[str]:
    """Write each operator's page, its claims beside it, and the index; returns the claims that don't hold.

    What is in the folder already, and made from the same files, is left as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {name: folder / f"{name}-{_key(operator)}.json" for name, operator in operators().items()}
    missing = [name for name, file in wanted.items() if not file.exists()]
    with ProcessPoolExecutor() as processes:
        for name, content in zip(missing, processes.map(_made, missing), strict=True):
            progress(name)
            _write(wanted[name], content)
    for old in set(folder.glob("*-*.json")) - set(wanted.values()):
        old.unlink(missing_ok=True)
    made = {name: json.loads(file.read_text(encoding="utf-8")) for name, file in wanted.items()}
    verdicts = {name: _verdict(content["claims"]) for name, content in made.items()}
    _write(folder / "index.json", {"page": index(operators(), verdicts), "claims": []})
    return [claim["id"] for content in made.values() for claim in content["claims"] if not _holds(claim)]


def _write(file: Path, content: dict[str, Any]) -> None:
    """Whole or not at all: two builds may bind the book at the same time."""
    with tempfile.NamedTemporaryFile("w", dir=file.parent, suffix=".part", delete=False, encoding="utf-8") as part:
        json.dump(content, part)
    Path(part.name).replace(file)


def _made(name: str) -> dict[str, Any]:
    operator = operators()[name]
    kind = [other for other in operators().values() if other.kind == operator.kind]
    return {"page": page.notebook(operator, kind), "claims": page.claims(operator)}


def _holds(claim: dict[str, Any]) -> bool:
    return claim["verdict"] in EXPECTED


def _verdict(claims: list[dict[str, Any]]) -> str:
    wrong = next((claim for claim in claims if not _holds(claim)), None)
    if wrong is not None:
        return f"{wrong['verdict']}: {wrong['id']}"
    return proven(condition for claim in claims for condition in claim["provided"])


def _key(operator: Operator) -> str:
    """Of the operator's file, of those of its kind, of the engine, and of the versions that it runs on."""
    package = Path(__file__).parents[1]
    same = [other.name for other in operators().values() if other.kind == operator.kind]
    digest = hashlib.sha256(f"{sys.version_info[:2]} {importlib.metadata.version('sympy')} {same}".encode())
    files = [package / "layers" / "operator.py", package / "layers" / f"{operator.name}.py"]
    for room in ENGINE:
        files += sorted((package / room).rglob("*.py"))
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
