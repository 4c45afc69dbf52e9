"""Where a source line is in the site."""

from __future__ import annotations

FOLDER = "source"


def of_source(source: str) -> str:
    """The place in the site of a source line, `derivations/network.py:63`."""
    file, _, line = source.partition(":")
    return f"{FOLDER}/{file.removesuffix('.py')}/#L{line}"
