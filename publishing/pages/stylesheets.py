"""The site's own style sheets as one file: a reader on a slow line waits for each that must be asked for."""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence
from pathlib import Path

JOINED = "stylesheets/site.css"


def take(styles: MutableSequence[str], docs: Path) -> list[str]:
    """Put the joined file in the place of the sheets that are in the folder `docs`. Returns their names."""
    own = [style for style in styles if (docs / style).is_file()]
    if own:
        styles[styles.index(own[0])] = JOINED
    for style in own[1:]:
        styles.remove(style)
    return own


def joined(styles: Sequence[str], docs: Path) -> bytes:
    """The sheets one after another, in their order: what comes later wins."""
    return b"\n".join((docs / style).read_bytes() for style in styles)
