"""What a page's cell may show beside the value of its last line."""

from __future__ import annotations

from publishing.live.python.session import display

__all__ = ["HTML", "Markdown", "display"]


class Markdown:
    """Text in Markdown."""

    def __init__(self, data: str) -> None:
        self.data = data

    def _repr_markdown_(self) -> str:
        return self.data


class HTML:
    """Text in HTML."""

    def __init__(self, data: str) -> None:
        self.data = data

    def _repr_html_(self) -> str:
        return self.data
