"""Which names there can be in Python code."""

from __future__ import annotations

import keyword

__all__ = ["NoCodeError", "python_name"]


class NoCodeError(ValueError):
    """An expression, or a part of one, that can't be written as NumPy code."""


def python_name(text: str) -> str:
    """The name in Python code: `lambda` becomes `lambda_`. NoCodeError if it can't be a name."""
    if not text.isidentifier():
        raise NoCodeError(f"{text!r} can't be a name in Python")
    return f"{text}_" if keyword.iskeyword(text) or text == "np" else text
