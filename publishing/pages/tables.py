"""Tables that can be read on a phone and without a pointer."""

from __future__ import annotations

import re

TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)

EMPTY_HEADER = re.compile(r"<th([^>]*)></th>")
UNSCOPED = re.compile(r"<th(?=[ >])(?![^>]*\bscope=)")


def accessible(content: str) -> str:
    """The page's HTML with each table in a room that it scrolls in, and headers that say what they head.

    A header without text heads nothing: it becomes a cell like others.
    """
    return TABLE.sub(lambda table: _accessible(table[0]), content)


def _accessible(table: str) -> str:
    table = EMPTY_HEADER.sub(r"<td\1></td>", table)
    table = UNSCOPED.sub('<th scope="col"', table)
    return f'<div class="table" role="group" aria-label="Table" tabindex="0">{table}</div>'
