"""Where a long line may break: KaTeX breaks it at signs, neither in brackets by \\left and \\right nor in products."""

from __future__ import annotations

import re
from collections.abc import Iterator

OPENING, CLOSING = r"\left(", r"\right)"
PART = re.compile(r"\\(?P<side>left|right)(?![a-z])|\\.|(?P<brace>[{}])", re.DOTALL)
WORD = re.compile(r"\\(?=(?:sum|exp|log|sqrt|sin|cos|tanh|operatorname)(?![A-Za-z]))")
UNSEEN = re.compile(r"\\htmlData\{q=\w*\}|\\[A-Za-z]+|[\\{}_^ ]")

SIGN = r"(?= (?:[+-]|=) )"
FACTOR = r"(?<= \\, )|(?<=[}\w] )(?=\\sum)"
"""Places between characters: before a sign, and before a factor."""

LONG = 30
"""So many characters of a sum in brackets are too many for a phone's line."""


def breakable(latex: str) -> str:
    r"""The formula with brackets of a fixed size around each long sum.

    >>> breakable(r"\left(a + b\right)") == r"\left(a + b\right)"
    True
    >>> long = " + ".join("abcdefghijklmnop")
    >>> breakable(rf"\left({long}\right)") == rf"\biggl({long}\biggr)"
    True
    """
    for start, end in reversed(list(_outermost(latex))):
        inside = latex[start + len(OPENING) : end]
        if _length(inside) > LONG and re.search(" [+-] ", inside):
            size = r"\Bigg" if r"\sum" in inside else r"\bigg"
            latex = f"{latex[:start]}{size}l({inside}{size}r){latex[end + len(CLOSING) :]}"
    return "".join(map(_breakable_product, _terms(latex)))


def _length(latex: str) -> int:
    r"""Roughly how many characters are seen.

    >>> _length(r"\tanh\left(\alpha_{ij}\right)")
    8
    """
    return len(UNSEEN.sub("", WORD.sub("", latex)))


def _terms(latex: str) -> Iterator[str]:
    """The parts between signs that are in no braces, each sign with what comes after it."""
    start = 0
    for end in [*_at_depth_0(latex, SIGN), len(latex)]:
        yield latex[start:end]
        start = end


def _breakable_product(term: str) -> str:
    r"""A long product may break between its factors.

    >>> _breakable_product(r"a \, b")
    'a \\, b'
    >>> _breakable_product(r"\sum_i \sum_j \sum_k \sum_l a_{ijkl} \, b_{jkli} \, c_{kl}").count(r"\allowbreak")
    5
    """
    if _length(term) <= LONG:
        return term
    for place in reversed(list(_at_depth_0(term, FACTOR))):
        term = rf"{term[:place]}\allowbreak {term[place:]}"
    return term


def _at_depth_0(latex: str, place: str) -> Iterator[int]:
    r"""The places outside of braces and of \left( \right), but for the start."""
    depth = 0
    for part in re.finditer(rf"(?P<place>{place})|\\left(?![a-z])|\\right(?![a-z])|[{{}}]", latex):
        if part["place"] is not None:
            if depth == 0 and part.start():
                yield part.start()
        else:
            depth += 1 if part[0] in ("{", r"\left") else -1


def _outermost(latex: str) -> Iterator[tuple[int, int]]:
    r"""Where each \left( and its \right) are that are in no other brackets or braces."""
    start, depth, braces = 0, 0, 0
    for part in PART.finditer(latex):
        if part["brace"]:
            braces += 1 if part["brace"] == "{" else -1
        elif part["side"] == "left":
            start = start if depth else part.start()
            depth += 1
        elif part["side"] == "right":
            depth -= 1
            if (
                depth == braces == 0
                and latex.startswith(r"\left(", start)
                and latex.startswith(r"\right)", part.start())
            ):
                yield start, part.start()
