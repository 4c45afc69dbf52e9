"""What a chapter says about how its names are written. Without it no name, letter or number is special."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from sympy import Symbol

__all__ = ["Notation", "notation_of"]


@dataclass(frozen=True)
class Notation:
    """How names are written.

    - `named_sizes`: the sizes for which the code has a name (`m`, after `_, m = X.shape`); the others are read from
      arrays, `X.shape[1]`
    """

    named_sizes: tuple[Symbol, ...] = ()


def notation_of(module: str) -> Notation:
    """The notation that a module has chosen, as `notation = ...`; the plain one, if it has chosen none."""
    chosen = getattr(sys.modules.get(module), "notation", None)
    return chosen if isinstance(chosen, Notation) else Notation()
