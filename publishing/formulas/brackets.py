"""Brackets in which a long line may break: KaTeX keeps what is between \\left( and \\right) together."""

from __future__ import annotations

import re
from collections.abc import Iterator

OPENING, CLOSING = r"\left(", r"\right)"
PART = re.compile(r"\\(?P<side>left|right)(?![a-z])|\\.|(?P<brace>[{}])", re.DOTALL)
UNSEEN = re.compile(r"\\htmlData\{q=\w*\}|\\[A-Za-z]+|[\\{}_^ ]")

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
        if len(UNSEEN.sub("", inside)) > LONG and re.search(" [+-] ", inside):
            size = r"\Bigg" if r"\sum" in inside else r"\bigg"
            latex = f"{latex[:start]}{size}l({inside}{size}r){latex[end + len(CLOSING) :]}"
    return latex


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
