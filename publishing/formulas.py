"""The formulas of a page, as the Markdown extension arithmatex marks them, and their places in the finished page."""

from __future__ import annotations

import html
import re

from mkdocs.exceptions import PluginError

from publishing.katex import BadFormula, Formula, typeset

MARKED = re.compile(r'<(span|div) class="arithmatex"[^>]*>\s*\\([(\[])(.*?)\\[)\]]\s*</\1>', re.DOTALL)

HEADING = re.compile(r'<h[1-6]\b[^>]*>((?:(?!</h[1-6]>).)*class="arithmatex".*?)</h[1-6]>', re.DOTALL)


def hide_displayed_from_search(content: str) -> str:
    """The page's HTML with its displayed formulas, whose LaTeX says little to a reader, kept out of the search."""
    return content.replace('<div class="arithmatex">', '<div class="arithmatex" data-search-exclude>')


def require_typesettable(contents: dict[str, str]) -> None:
    """Typeset the formulas of all pages at once.

    Raises PluginError, which names each page and formula that is bad, or stands in a heading: the navigation, the
    search and the browser's tab show headings as plain text.
    """
    found = {page: [_formula(mark) for mark in MARKED.finditer(content)] for page, content in contents.items()}
    results = typeset(formula for formulas in found.values() for formula in formulas)
    bad = [
        f"{page}: bad formula {formula.latex!r}: {results[formula]}"
        for page, formulas in found.items()
        for formula in formulas
        if isinstance(results[formula], BadFormula)
    ]
    bad += [
        f"{page}: a heading holds a formula: {re.sub('<.*?>', '', heading[1])}"
        for page, content in contents.items()
        for heading in HEADING.finditer(content)
    ]
    if bad:
        raise PluginError("\n".join(bad))


def replace(page: str) -> str:
    """The page with each marked formula typeset. A displayed one can be scrolled, with the keyboard too."""
    results = typeset(_formula(mark) for mark in MARKED.finditer(page))

    def typeset_one(mark: re.Match[str]) -> str:
        result = results[_formula(mark)]
        if isinstance(result, BadFormula):
            raise PluginError(f"bad formula {mark[3].strip()!r}: {result}")
        if _formula(mark).displayed:
            return f'<div class="formula" role="group" aria-label="Formula" tabindex="0">{result}</div>'
        return result

    return MARKED.sub(typeset_one, page)


def _formula(mark: re.Match[str]) -> Formula:
    return Formula(html.unescape(mark[3]).strip(), displayed=mark[2] == "[")
