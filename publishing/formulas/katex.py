"""KaTeX, which typesets mathematics while the site is built: the reader needs no JavaScript for it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from publishing import npm

HERE = Path(__file__).parent
ASSETS = "assets/katex"
STYLE = f"{ASSETS}/katex.min.css"


class Formula(NamedTuple):
    latex: str
    displayed: bool


class BadFormula(ValueError):
    """KaTeX's own words on what is wrong with a formula."""


_typeset: dict[Formula, str | BadFormula] = {}  # kept over the rebuilds of a served site


def typeset(formulas: Iterable[Formula]) -> dict[Formula, str | BadFormula]:
    """The HTML of each formula, with MathML in it, or what is wrong with it."""
    wanted = list(dict.fromkeys(formulas))
    if new := [formula for formula in wanted if formula not in _typeset]:
        results = npm.run(HERE / "katex.mjs", str(_package() / "katex.mjs"), given=json.dumps(new))
        for formula, result in zip(new, json.loads(results), strict=True):
            _typeset[formula] = result["html"] if "html" in result else BadFormula(result["error"])
    return {formula: _typeset[formula] for formula in wanted}


def assets() -> dict[str, bytes]:
    """KaTeX's style sheet by its place in the site, for fonts in the one format that every browser reads."""
    style = (_package() / "katex.min.css").read_text(encoding="utf-8")
    style = re.sub(r',url\([^)]*\.(woff|ttf)\) format\("\w+"\)', "", style)
    return {STYLE: style.encode()}


def _package() -> Path:
    return npm.installed(HERE.parent) / "katex" / "dist"
