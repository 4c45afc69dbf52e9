"""Tables that can be read on a phone and without a pointer."""

from __future__ import annotations

import html
import re
from itertools import count

TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
HEADER = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
CODE = re.compile(r"<code>.*?</code>", re.DOTALL)
CELL = re.compile(r"<(td|th)(?=[ >])")

EMPTY_HEADER = re.compile(r"<th([^>]*)></th>")
UNSCOPED = re.compile(r"<th(?=[ >])(?![^>]*\bscope=)")

WIDE = 4
"""From this number of columns on, a row becomes a card on a phone, in which each cell says its column's name."""
LONG = 80
"""So it does in a table of three columns, if one of its rows has more letters of prose than this."""


def accessible(content: str) -> str:
    """The page's HTML with each table in a box of its own, and headers that say what they head.

    A header without text heads nothing: it becomes a cell like others.
    """
    return TABLE.sub(lambda table: _accessible(table[0]), content)


def _accessible(table: str) -> str:
    head, _, body = table.partition("</thead>")
    names = [_text(name) for name in HEADER.findall(head)]
    wide = len(names) >= WIDE or (len(names) == WIDE - 1 and any(map(_is_long, ROW.findall(body))))
    if wide:
        body = ROW.sub(lambda row: _card(row[0], names), body)
    table = EMPTY_HEADER.sub(r"<td\1></td>", f"{head}</thead>{body}" if body else head)
    table = UNSCOPED.sub('<th scope="col"', table)
    return f'<div class="table{" cards" if wide else ""}" role="group" aria-label="Table" tabindex="0">{table}</div>'


def _is_long(row: str) -> bool:
    return len(_text(CODE.sub("", row))) > LONG


def _card(row: str, names: list[str]) -> str:
    """The row with its columns' names at its cells; a cell over several columns has none."""
    if "colspan" in row:
        return row
    column = count()
    return CELL.sub(lambda cell: f'<{cell[1]} data-column="{_name(names, next(column))}"', row)


def _name(names: list[str], column: int) -> str:
    return html.escape(names[column]) if column < len(names) else ""


def _text(content: str) -> str:
    return " ".join(html.unescape(re.sub(r"<.*?>", "", content)).split())
