r"""A derivation as lines of HTML: number, formula, reason, and a mark for the verdict.

A derivation hands over data: `start`, and `lines` of LaTeX and reason. A formula of several equations hands over
`equations`. Either may have `names`: what a reader who points at a name is told of it. Each line is text of the page,
so that on a phone the reason moves above its formula, and a long formula breaks at its signs. The formulas stay marked
as LaTeX until the page is typeset:

    content({"id": "relu.dZ", "start": "dZ", "lines": [{"part": "1", "latex": "dA", "reason": "chain rule"}]}, ...)
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from publishing.formulas import formula_markup, line_breaks
from publishing.verdicts.provenance import Ledger

FORMULA = re.compile(r"\$(.+?)\$")


def content(latex: str, origin: Mapping[str, Any], ledger: Ledger) -> str:
    """What a derivation shows: its lines, its equations, or the displayed formulas that are in `latex`."""
    if "lines" in origin:
        return f'<ol class="deriv linked"{_notes(origin)}>{"".join(_steps(origin, ledger))}</ol>'
    if "equations" in origin:
        lines = "".join(_equations(origin, ledger))
        return f'<ul class="deriv equations linked"{_notes(origin)}>{lines}</ul>'
    return "".join(formula_markup.derived(formula.strip()) for formula in formula_markup.DISPLAYED.findall(latex))


def reason(text: str) -> str:
    """A reason as text of the page, its formulas (`$c = k$`) marked."""
    parts = FORMULA.split(text)
    return "".join(formula_markup.inline(part) if k % 2 else html.escape(part) for k, part in enumerate(parts))


def _notes(origin: Mapping[str, Any]) -> str:
    """What the names in the formulas mean, and their shapes, where a derivation says so: for the notes beside them."""
    notes = origin.get("names")
    return f' data-notes="{html.escape(json.dumps(notes, ensure_ascii=False))}"' if notes else ""


def _steps(origin: Mapping[str, Any], ledger: Ledger) -> Iterator[str]:
    for number, line in enumerate(origin["lines"], start=1):
        first, matrix = number == 1, line["part"] == "matrix"
        left = origin["start"] if first else "{}"
        latex = line["latex"] if matrix else rf"{left} = {line['latex']}"
        claim = ledger.claims[f"{origin['id']}.{line['part']}"] if line["part"] else None
        more = not first and not matrix
        yield _line(latex, reason(line["reason"]), f"Line {number}", claim, ledger, "f more" if more else "f")


def _equations(origin: Mapping[str, Any], ledger: Ledger) -> Iterator[str]:
    for number, equation in enumerate(origin["equations"], start=1):
        shape = formula_markup.inline(equation["shape"]) if equation["shape"] else ""
        claim = ledger.claims[equation["claim"]] if equation["claim"] else None  # a definition claims nothing
        yield _line(equation["latex"], shape, f"Equation {number}", claim, ledger)


def _line(latex: str, why: str, name: str, claim: Mapping[str, Any] | None, ledger: Ledger, kind: str = "f") -> str:
    """A definition claims nothing, and has no mark."""
    formula = formula_markup.inline(rf"\displaystyle {line_breaks.breakable(latex)}")
    return (
        f'<li><div class="{kind}" data-search-exclude>{formula}</div>'
        f'<div class="why">{why}</div>'
        f"{_mark(name, claim, ledger) if claim else ''}</li>"
    )


def _mark(name: str, claim: Mapping[str, Any], ledger: Ledger) -> str:
    """The verdict, which leads to the source."""
    verdict, address = claim["verdict"], ledger.address(claim["source"])
    said = f"{name} is {verdict}: {claim['source']}"
    return f'<a class="tick {verdict}" href="{address}" title="{verdict}" aria-label="{said}"></a>'
