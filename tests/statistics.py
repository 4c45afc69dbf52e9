"""How many cases a statistical test tries: some in `make test`, all of them in `make exhaustive`."""

from __future__ import annotations

import os

__all__ = ["EXHAUSTIVE", "cases"]

EXHAUSTIVE = os.environ.get("EXHAUSTIVE", "") not in ("", "0")
"""Set by `make exhaustive`, which the workflow exhaustive.yml runs each night."""


def cases(few: int, many: int) -> int:
    """`many` in the exhaustive run, else `few`.

    >>> cases(2_000, 50_000) in (2_000, 50_000)
    True
    """
    return many if EXHAUSTIVE else few
