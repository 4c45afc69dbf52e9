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

from derivations.book.index import index
from derivations.book.page import claims, page
from derivations.layers import Operator, operators
from derivations.proofs.claims import ClaimError
from derivations.proofs.validation import IllFormedError
from derivations.reverse import FormulaError

__all__ = ["BindingError", "bind"]

ENGINE = ("calculus", "proofs", "reverse")
PAGE = ("cells.py", "cost.py", "page.py", "wrong.py")
EXPECTED = {"holds": ("proven", "cross-checked"), "fails": ("refuted",)}


class BindingError(Exception):
    """Operators whose page can't be made, a line for each: its file, and why."""


def bind(folder: Path, progress: Callable[[str], None] = lambda name: None) -> None:
    """Write each operator's page, its claims beside it, and the index.

    What is in the folder already, and made from the same files, is left as it is. Raises BindingError if a claim fails
    or a formula can't be read; the index is then left as it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {name: folder / f"{name}-{_key(operator)}.json" for name, operator in operators().items()}
    missing = [name for name, file in wanted.items() if not file.exists()]
    wrong = []
    with ProcessPoolExecutor() as processes:
        for name, content in zip(missing, processes.map(_made, missing), strict=True):
            progress(name)
            if isinstance(content, str):
                wrong.append(content)
            else:
                _write(wanted[name], content)
    if wrong:
        raise BindingError("\n".join(wrong))
    for old in set(folder.glob("*-*.json")) - set(wanted.values()):
        old.unlink(missing_ok=True)
    made = {name: json.loads(file.read_text(encoding="utf-8")) for name, file in wanted.items()}
    found = {name: content["claims"] for name, content in made.items()}
    _write(folder / "index.json", {"page": index(operators(), found), "claims": []})


def _write(file: Path, content: dict[str, Any]) -> None:
    """Whole or not at all: two builds may bind the book at the same time."""
    with tempfile.NamedTemporaryFile("w", dir=file.parent, suffix=".part", delete=False, encoding="utf-8") as part:
        json.dump(content, part)
    Path(part.name).replace(file)


def _made(name: str) -> dict[str, Any] | str:
    """The page and the claims; or, where one doesn't hold or nothing can be derived, a line that says where and why."""
    operator = operators()[name]
    where = f"derivations/layers/{name}.py"
    try:
        found = claims(operator)
        if wrong := [claim for claim in found if claim["verdict"] not in EXPECTED[claim["expected"]]]:
            return "; ".join(f"{where}: {claim['id']} is {claim['verdict']}" for claim in wrong)
        return {"page": page(operator, _of_its_kind(operator)), "claims": found}
    except (ClaimError, FormulaError, IllFormedError) as error:
        return f"{where}: {error}"


def _of_its_kind(operator: Operator) -> list[Operator]:
    return [other for other in operators().values() if other.kind == operator.kind]


def _key(operator: Operator) -> str:
    """Of the operator's file, of the names of those of its kind, of what makes the page, and of the versions."""
    package = Path(__file__).parents[1]
    versions = [importlib.metadata.version(library) for library in ("numpy", "sympy")]
    named = [(other.name, other.title) for other in _of_its_kind(operator)]
    digest = hashlib.sha256(f"{sys.version_info[:2]} {versions} {named}".encode())
    files = [package / "layers" / "operator.py", package / "layers" / f"{operator.name}.py"]
    files += [package / "book" / file for file in PAGE]
    for room in ENGINE:
        files += sorted((package / room).rglob("*.py"))
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
