"""The conditions of several proofs together: what differs in the names of indices alone is said once, and what is
positive is not said to differ from 0."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["distinct", "proven"]

SUBSCRIPTS = re.compile(r"(?<=\[)[^\[\]]*(?=\])")
DIFFERENCE = re.compile(r"([^-+]+) - ([^-+]+) != 0")
INDEX = re.compile(r"[A-Za-z]\w*'*")


def proven(conditions: Iterable[str]) -> str:
    """The verdict on what was proven under these conditions, in words.

    >>> proven(["var[i] + eps > 0", "var[i'] + eps > 0"])
    'proven for all sizes, provided that var[i] + eps > 0'
    """
    provided = ", ".join(distinct(conditions))
    return f"proven for all sizes, provided that {provided}" if provided else "proven for all sizes"


def distinct(conditions: Iterable[str]) -> tuple[str, ...]:
    """The first of those that are the same for other names of their indices.

    >>> distinct(["x[i] - x[j] != 0", "x[k] - x[i] != 0", "x[i] - x[i] != 0"])
    ('x[i] - x[j] != 0', 'x[i] - x[i] != 0')
    >>> distinct(["p[i] != 0", "p[i] - 1 != 0", "p[j] > 0", "1 - p[j] > 0"])
    ('p[j] > 0', '1 - p[j] > 0')
    >>> distinct(["v[i] + eps >= 0", "v[j] + eps > 0"])
    ('v[j] + eps > 0',)
    """
    found: dict[str, str] = {}
    for condition in conditions:
        found.setdefault(_numbered(condition), condition)
    return tuple(condition for condition in found.values() if not found.keys() & set(_stronger(condition)))


def _stronger(condition: str) -> Iterator[str]:
    """What it follows from: s != 0 and s >= 0 from s > 0, and a - b != 0 from b - a > 0."""
    for weaker in ("!= 0", ">= 0"):
        if condition.endswith(weaker):
            yield _numbered(f"{condition.removesuffix(weaker)}> 0")
    if difference := DIFFERENCE.fullmatch(condition):
        yield _numbered(f"{difference[2]} - {difference[1]} > 0")


def _numbered(condition: str) -> str:
    """The condition with the indices in brackets numbered in the order in which they occur."""
    numbers: dict[str, str] = {}
    return SUBSCRIPTS.sub(
        lambda inside: INDEX.sub(lambda index: numbers.setdefault(index[0], f"#{len(numbers)}"), inside[0]), condition
    )
