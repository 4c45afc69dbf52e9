"""The page of all layers: a row for each, to be filtered by kind and by name."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from derivations.book.cells import Cell, notebook, shown, words
from derivations.layers import KINDS, Operator
from derivations.proofs.conditions import proven

__all__ = ["index"]

CANNOT = {
    "Scans and recursions over time": "a step of an LSTM is here; a formula for all steps would contain itself",
    "Sorting and top-k": "which entry comes first depends on the numbers, and no sum over indices says so",
    "Max pooling": "the same; pairs of numbers can be written with relu: max(x, y) = x + relu(y - x)",
}
"""What can't be derived yet, and why."""


def index(operators: Mapping[str, Operator], claims: Mapping[str, Sequence[Mapping[str, Any]]]) -> Cell:
    """The notebook. `claims` are those of each operator, with what was found."""
    rows = "".join(_row(operator, _verdict(claims[name])) for name, operator in operators.items())
    table = (
        '<table><thead><tr><th scope="col">layer</th><th scope="col">kind</th>'
        '<th scope="col">forward</th><th scope="col">gradients</th><th scope="col">verdict</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    kinds = "".join(f'<option value="{kind}">{kind}</option>' for kind in KINDS)
    search = (
        '<form class="layer-filter" hidden><label>Name <input type="search" name="name" autocomplete="off"></label> '
        f'<label>Kind <select name="kind"><option value="">all</option>{kinds}</select></label> '
        '<output aria-live="polite"></output></form>'
    )
    missing = "\n".join(f"- **{what}**: {why}." for what, why in CANNOT.items())
    head = (
        "# The book of layers\n\n"
        f"Each of these {len(operators)} entries is a forward formula and nothing else. Its gradients, every step "
        "to them, the proofs and the code are derived by machine. To derive a layer of your own, "
        "see [Derive your own](../derive.py)."
    )
    cells = [
        words(head),
        shown({"text/html": search + table}),
        shown({"text/html": _totals([claim for found in claims.values() for claim in found])}),
        words(f"## What can't be derived yet\n\n{missing}"),
    ]
    return notebook("All layers", "Layers, activations, losses: forward formula, gradients, code.", cells)


def _totals(claims: Sequence[Mapping[str, Any]]) -> str:
    found = Counter(claim["verdict"] for claim in claims)
    seconds = sum(claim["seconds"] for claim in claims)
    return (
        f"<p data-search-exclude>These pages make {len(claims):,} claims: {found['proven']:,} are proven, "
        f"{found['cross-checked']:,} are lines of code that were run and compared, and {found['refuted']:,} are what "
        f"is often written instead, and refuted. Deciding them took {seconds:.0f} s. All are in "
        '<a href="checks.json" download>checks.json</a>.</p>'
    )


def _verdict(claims: Sequence[Mapping[str, Any]]) -> str:
    return proven(condition for claim in claims for condition in claim["provided"])


def _row(operator: Operator, verdict: str) -> str:
    first = operator.forward.strip().splitlines()[-1].strip()
    gradients = ", ".join(f"d{name.strip()}" for name in operator.wrt.split(","))
    return (
        f'<tr data-kind="{operator.kind}"><th scope="row">'
        f'<a href="{operator.name}/">{html.escape(operator.title)}</a></th>'
        f"<td>{operator.kind}</td><td><code>{html.escape(first)}</code></td><td>{gradients}</td><td>{verdict}</td></tr>"
    )
