"""What may reach a terminal: text, but nothing from a file that could steer it."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""The text with each control character, and all else that isn't printable, as an escape: ESC becomes \x1b.

    >>> print(printable("red \x1b[31malert"))
    red \x1b[31malert
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
