"""All statements of all chapters, found by looking: a chapter is a module of this package that defines statements."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import pkgutil
from functools import cache
from pathlib import Path
from types import ModuleType

import derivations
from derivations.checking.against_netcode import claims_against_netcode
from derivations.checking.training_code import code_checks
from derivations.proofs.claims import Claim
from derivations.proofs.derivation import Derivation
from derivations.proofs.loading import LoadError, load_file, load_package, statements_of
from derivations.proofs.statement import Statement

__all__ = ["UnknownNameError", "all_claims", "find", "statements"]


class UnknownNameError(LookupError):
    """No statement has this name."""


@cache
def statements() -> dict[str, Statement]:
    """Every statement by its id, `network.backward_dW2`: each chapter's in their order, then those on the code."""
    found: dict[str, Statement] = {}
    for info in pkgutil.iter_modules(derivations.__path__):
        if info.ispkg or info.name.startswith("_"):
            continue
        found |= statements_of(importlib.import_module(f"derivations.{info.name}"))
    return found | code_checks()


def find(name: str) -> list[Statement]:
    """What a name means: a Python file's statements, one of the chapters', a chapter's, or a package's.

    Raises UnknownNameError, which names the nearest, if it is none of them; LoadError if it can't be imported.
    """
    if name.endswith(".py") or Path(name).is_file():
        return _of([load_file(Path(name))], name)
    known = statements()
    if name in known:
        return [known[name]]
    chosen = [statement for key, statement in known.items() if name in key.split(".")]
    if chosen:
        return chosen
    if _is_importable(name):
        return _of(load_package(name), name)
    words = [*known, *{part for key in known for part in key.split(".")}]
    near = difflib.get_close_matches(name, words, n=1, cutoff=0)
    nearest = f"; did you mean {near[0]}?" if near else ""
    raise UnknownNameError(f"there is no derivation called {name!r}{nearest} (see `python -m derivations list`)")


def _of(modules: list[ModuleType], name: str) -> list[Statement]:
    found = [statement for module in modules for statement in statements_of(module).values()]
    if not found:
        raise LoadError(f"{name}: no derivation is defined there")
    return found


def _is_importable(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def all_claims(chosen: list[Statement] | None = None) -> list[Claim]:
    """The claims of the chosen statements (or all): the symbolic ones, then what they say of the training code."""
    chosen = list(statements().values()) if chosen is None else chosen
    symbolic = [claim for statement in chosen for claim in statement.claims()]
    numeric = [
        claim
        for statement in chosen
        if isinstance(statement, Derivation) and statement.address.module.startswith("derivations.")
        for claim in claims_against_netcode(statement)
    ]
    return symbolic + numeric
