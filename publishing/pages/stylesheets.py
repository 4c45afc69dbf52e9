"""The site's own style sheets as one file: a reader on a slow line waits for each that must be asked for."""

from __future__ import annotations

import re
from collections.abc import MutableSequence, Sequence
from pathlib import Path

from publishing.look import fonts, own, tokens

__all__ = ["JOINED", "joined", "take", "without_comments"]

JOINED = "stylesheets/site.css"


def take(styles: MutableSequence[str], docs: Path) -> list[str]:
    """Put the joined file in the place of the sheets that are in the folder `docs`. Returns their names."""
    taken = [style for style in styles if (docs / style).is_file()]
    for style in taken:
        styles.remove(style)
    styles.insert(0, JOINED)
    return taken


def joined(styles: Sequence[str], docs: Path) -> bytes:
    """The faces, the colours, and the sheets one after another, in their order: what comes later wins."""
    sheets = [(docs / style).read_text(encoding="utf-8") for style in styles]
    first, last = (map(own.sheet, names) for names in (own.FIRST, own.LAST))
    return without_comments("\n".join([fonts.style(), tokens.style(), *first, *sheets, *last])).encode()


def without_comments(style: str) -> str:
    """The same for a browser, which reads no comments and no indentation."""
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    return re.sub(r"\n\s*", "\n", style)
