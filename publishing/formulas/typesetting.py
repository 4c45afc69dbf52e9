"""The formulas of a page, as the Markdown extension arithmatex marks them, and their places in the finished page."""

from __future__ import annotations

import functools
import html
import re
from xml.etree import ElementTree

from publishing.errors import SiteError
from publishing.formulas.katex import BadFormula, Formula, typeset

MARKED = re.compile(
    r'<(?P<tag>span|div) class="arithmatex"(?P<attributes>[^>]*)>\s*'
    r"\\(?P<opening>[(\[])(?P<latex>.*?)\\[)\]]\s*</(?P=tag)>",
    re.DOTALL,
)

MATHML = "{http://www.w3.org/1998/Math/MathML}"

HEADING = re.compile(r'<h[1-6]\b[^>]*>((?:(?!</h[1-6]>).)*class="arithmatex".*?)</h[1-6]>', re.DOTALL)


def require_derived(contents: dict[str, str]) -> None:
    """Raises SiteError, which names each page and displayed formula that comes from no derivation."""
    if typed := [
        f"{page}: a displayed formula comes from no derivation: {_formula(mark).latex}"
        for page, content in contents.items()
        for mark in MARKED.finditer(content)
        if _formula(mark).displayed and "data-derived" not in mark["attributes"]
    ]:
        raise SiteError("\n".join(typed))


def require_typesettable(contents: dict[str, str]) -> None:
    """Typeset the formulas of all pages at once.

    Raises SiteError, which names each page and formula that is bad, or stands in a heading: the navigation, the
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
        raise SiteError("\n".join(bad))


def replace(page: str) -> str:
    """The page with each marked formula typeset. A displayed one can be scrolled, with the keyboard too."""
    results = typeset(_formula(mark) for mark in MARKED.finditer(page))

    def typeset_one(mark: re.Match[str]) -> str:
        result = results[_formula(mark)]
        if isinstance(result, BadFormula):
            raise SiteError(f"bad formula {_formula(mark).latex!r}: {result}")
        if _formula(mark).displayed:
            return f'<div class="formula" role="group" aria-label="Formula" tabindex="0">{result}</div>'
        return result

    return MARKED.sub(typeset_one, page)


def as_text(content: str) -> str:
    """The page's HTML with each marked formula as plain text."""
    return MARKED.sub(lambda mark: html.escape(plain(_formula(mark).latex), quote=False), content)


@functools.cache
def plain(latex: str) -> str:
    """A formula in one line of plain text, read from its MathML: `Z[2] = W[2] A[1]`; empty if it is bad."""
    formula = Formula(latex.strip(), displayed=False)
    typeset_formula = typeset([formula])[formula]
    if isinstance(typeset_formula, BadFormula):
        return ""
    start, end = typeset_formula.index("<math"), typeset_formula.index("</math>") + len("</math>")
    return " ".join(_text(ElementTree.fromstring(typeset_formula[start:end])).split())


def _text(element: ElementTree.Element) -> str:
    tag = element.tag.removeprefix(MATHML)
    if tag == "annotation":
        return ""
    parts = [element.text or "", *(_text(child) for child in element)]
    if tag == "mfrac":
        return "/".join(filter(None, parts))
    return f" {parts[0]} " if tag == "mo" and parts[0] in "=<>+−×→∈⊙" else "".join(parts)


def _formula(mark: re.Match[str]) -> Formula:
    return Formula(html.unescape(mark["latex"]).strip(), displayed=mark["opening"] == "[")
