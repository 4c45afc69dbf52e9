"""What has been decided already: the one place where a verdict is looked up, by the equation itself.

Whoever runs things sets the store: the build of the site hands the report of its check to the pages that it executes,
so that they need not prove everything again. Elsewhere the store begins empty and remembers what is decided.

The key is what was decided: both sides, the axes, the definitions and the assumptions. So a verdict can't be that of
another equation, whatever it is called and wherever it is written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sympy import Add, Basic, Indexed, MatrixSymbol, Mul, Sum, Symbol
from sympy.core.function import AppliedUndef

from derivations.calculus.grammar import Index, is_label
from derivations.proofs.decision import Decision
from derivations.proofs.equation import Equation

__all__ = ["VerdictStore", "current", "key_of", "use"]


class VerdictStore:
    """The decisions that are known, each under the key of its equation.

    `report` is one that `python -m derivations check --json` has written. A refutation is not
    taken over: it is found again, with its counterexample.
    """

    def __init__(self, report: Mapping[str, Any] | None = None) -> None:
        self.report = report
        claims = [] if report is None else report["claims"]
        certain = [entry for entry in claims if entry["verdict"] in ("proven", "cross-checked")]
        self._known = {entry["key"]: Decision.from_json(entry) for entry in certain if entry["key"]}

    @classmethod
    def read(cls, path: Path) -> VerdictStore:
        """The store with the report of this file; OSError if it can't be read."""
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def known(self, key: str) -> Decision | None:
        """The decision, if there is one already."""
        return self._known.get(key)

    def decide(self, key: str, how: Callable[[], Decision]) -> Decision:
        """The decision, made now if need be, and remembered; what has no key isn't remembered."""
        decision = self.known(key) or how()
        if key:
            self._known[key] = decision
        return decision


_current = VerdictStore()


def current() -> VerdictStore:
    """The store that is in use."""
    return _current


def use(store: VerdictStore) -> None:
    """Look verdicts up in this store from now on."""
    global _current
    _current = store


# Keys


def key_of(equation: Equation) -> str:
    """A digest of all that an equation says, the same in every process.

    >>> from derivations.notation import X, i, u
    >>> key_of(Equation(2 * X[u, i], X[u, i])) == key_of(Equation(2 * X[u, i], 3 * X[u, i]))
    False
    """
    axes = (*equation.axes, "=", *(equation.right_axes or ()))
    sides = [_written(side) for side in (equation.left, equation.right)]
    where = sorted(f"{_written(name)} := {_written(body)}" for name, body in equation.where.items())
    parts = [*sides, *map(_axis, axes), *where, *sorted(map(repr, equation.assumptions))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _axis(axis: Index | int | str) -> str:
    return _written(axis) if isinstance(axis, Index) else str(axis)


@lru_cache(maxsize=4096)
def _written(expr: Basic, bound: tuple[Index, ...] = ()) -> str:
    """An expression with all that tells it from others: an index with its size, a symbol with its assumptions.

    What is the same is written the same. A summation index (`bound` has them, the outermost first) is written by its
    place, for its name can be any, and SymPy orders the terms of a sum or product by such names: so they are sorted.
    """
    if isinstance(expr, Index):
        return f"{_name(expr, bound)}<{_written(expr.size)}"
    if isinstance(expr, Symbol):
        return f"{expr.name}{sorted(expr._assumptions_orig.items())}"
    if isinstance(expr, MatrixSymbol):
        return f"{expr.name}({_listed(expr.shape)})"
    if isinstance(expr, Sum):
        bound = (*bound, *(limit[0] for limit in expr.limits))
    if isinstance(expr, Indexed):
        return f"{expr.base.label}[{_listed(expr.base.shape or ())}, |, {_listed(expr.indices, bound)}]"
    if isinstance(expr, AppliedUndef):
        classes = _written(type(expr).classes) if is_label(expr) else "a function"
        return f"{type(expr).__name__}: {classes}({_listed(expr.args, bound)})"
    if not expr.args:
        return f"{type(expr).__name__} {expr}"
    return f"{type(expr).__name__}({_listed(expr.args, bound, in_any_order=isinstance(expr, (Add, Mul)))})"


def _listed(parts: Iterable[Basic], bound: tuple[Index, ...] = (), in_any_order: bool = False) -> str:
    written = [_written(part, bound) for part in parts]
    return ", ".join(sorted(written) if in_any_order else written)


def _name(index: Index, bound: tuple[Index, ...]) -> str:
    """The place of a summation index among those around it, where the innermost of two equal ones counts."""
    places = [place for place, other in enumerate(bound) if other == index]
    return str(places[-1]) if places else repr(index.name)
