"""All statements of all chapters, found by looking: a chapter is a module of this package that defines statements."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from functools import cache
from types import ModuleType

import derivations
from derivations.checking.against_netcode import claims_against_netcode
from derivations.checking.training_code import code_checks
from derivations.proofs.claims import Claim
from derivations.proofs.derivation import Derivation
from derivations.proofs.registry import defined_in
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


def statements_of(module: ModuleType) -> dict[str, Statement]:
    """The statements that a module defines, by id, in its order."""
    return {found.id: found for found in defined_in(module).values() if isinstance(found, Statement)}


def find(name: str) -> list[Statement]:
    """The statement with this id, or all of this name or chapter; UnknownNameError names the nearest."""
    known = statements()
    if name in known:
        return [known[name]]
    chosen = [statement for key, statement in known.items() if name in key.split(".")]
    if chosen:
        return chosen
    words = [*known, *{part for key in known for part in key.split(".")}]
    near = difflib.get_close_matches(name, words, n=1, cutoff=0)
    nearest = f"; did you mean {near[0]}?" if near else ""
    raise UnknownNameError(f"there is no derivation called {name!r}{nearest} (see `python -m derivations list`)")


def all_claims(chosen: list[Statement] | None = None) -> list[Claim]:
    """The claims of the chosen statements (or all): the symbolic ones, then what they say of the training code."""
    chosen = list(statements().values()) if chosen is None else chosen
    symbolic = [claim for statement in chosen for claim in statement.claims()]
    numeric = [
        claim
        for statement in chosen
        if isinstance(statement, Derivation)
        for claim in claims_against_netcode(statement)
    ]
    return symbolic + numeric
