r"""What a page says beside a formula of the names in it: what each one is, and its shape.

A formula's LaTeX has the name of each array and scalar in it, \htmlData{q=dZ2}{...}. The shape is read from the
expressions that the formula was written from, the meaning is the notation's; so neither can differ from what is proven.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypedDict

from sympy import Expr

from derivations.calculus.evaluate import free_quantities, shape_of
from derivations.calculus.writers.notation import Notation
from derivations.calculus.writers.reasons import reason_in_text

__all__ = ["Note", "notes"]

NAMED = re.compile(r"\\htmlData\{q=(\w+)\}")


class Note(TypedDict):
    """`{"meaning": "biases of a layer", "shape": "h × 1"}`. One of the two may be empty."""

    meaning: str
    shape: str


def notes(written: Iterable[str], exprs: Iterable[Expr], notation: Notation) -> dict[str, Note]:
    r"""By name, what is to be said of the names in some LaTeX that was written from the expressions.

    >>> from derivations.notation import Z2, i, k, network_notation
    >>> notes([r"{\htmlData{q=Z2}{Z^{[2]}_{ki}}}"], [Z2[k, i]], network_notation)
    {'Z2': {'meaning': 'scores of the classes', 'shape': 'C × m'}}
    """
    quantities = free_quantities(exprs)
    names = dict.fromkeys(name for latex in written for name in NAMED.findall(latex))
    found = {
        name: Note(
            meaning=reason_in_text(notation.meaning(name)), shape=_shape(quantities[name]) if name in quantities else ""
        )
        for name in names
    }
    return {name: note for name, note in found.items() if any(note.values())}


def _shape(quantity: Expr) -> str:
    sizes = [str(size) for size in shape_of(quantity)]
    return f"{sizes[0]} numbers" if len(sizes) == 1 else " × ".join(sizes) or "a number"
