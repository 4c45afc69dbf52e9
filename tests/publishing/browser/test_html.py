"""No page is bad HTML. What the theme and KaTeX write is theirs, and excepted by rule and place."""

from __future__ import annotations

from pathlib import Path

import pytest

from publishing.gates.html import Fault, faults

TASTE = {
    "doctype-style": "the theme writes it in lower case",
    "long-title": "a search engine may cut it short; the site's name comes last",
    "no-inline-style": "KaTeX places the boxes of a formula so",
    "no-trailing-whitespace": "the theme's templates leave it",
    "presentation-role-style": "the theme's word for none",
}
"""Rules of style, not of HTML."""

THEME = {
    "input-attributes": "autocomplete=off keeps a browser from opening the theme's drawer when a page is reloaded",
    "unique-landmark": "the table of contents stands in the drawer and beside the text, one of them shown at a time",
    "valid-autocomplete": "the same attribute",
    "valid-id": "the theme's own ids begin with __",
    "wcag/h32": "the theme's search answers while one types, without a button",
}
"""Rules that the theme breaks around the article."""


@pytest.mark.usefixtures("checkers")
def test_no_page_is_bad_html(site: Path, pages: list[str]) -> None:
    files = [site / page / ("" if page.endswith(".html") else "index.html") for page in pages]
    found = [fault for fault in faults(files) if not _excepted(fault)]
    report = "\n".join(f"{Path(f.file).relative_to(site)}:{f.line}: {f.message} ({f.rule})" for f in found)
    assert not report, report


def _excepted(fault: Fault) -> bool:
    around = "> article" not in (fault.selector or "")
    numbered = '"__codelineno-' in fault.message or '"__code_' in fault.message or '"__span-' in fault.message
    return fault.rule in TASTE or (fault.rule in THEME and around) or (fault.rule == "valid-id" and numbered)
