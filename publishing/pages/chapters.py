"""Where a chapter is among the others, and how long it takes to read: "Chapter 3 of 9, 12 minutes"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

WORDS = 180  # a minute, of a text with formulas
FORMULA = 5  # words that take as long as a line of a derivation
CODE = re.compile(r"<(pre|svg|script|details|annotation)\b.*?</\1>", re.DOTALL)


class Place(NamedTuple):
    """A page among its section's: `number` of `total`, and its minutes."""

    number: int
    total: int
    minutes: int


def place(page: str, section: Sequence[str], content: str) -> Place | None:
    """Of a page of the section; None if it is none of them."""
    return Place(section.index(page) + 1, len(section), minutes(content)) if page in section else None


def minutes(content: str) -> int:
    """How long the page's HTML takes to read, at least one. What is folded isn't counted."""
    lines = content.count('class="why"')
    words = re.sub(r"<[^>]*>", " ", CODE.sub(" ", content)).split()
    return max(1, round((len(words) + FORMULA * lines) / WORDS))
