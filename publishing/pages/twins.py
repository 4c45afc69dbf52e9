r"""Each page's Markdown twin, `training/index.md` beside `training/index.html`: for programs that read text.

A cell is its code and what it printed; a derivation its lines, in LaTeX with their reasons; a figure what it shows.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from publishing.pages.notebooks import CHOICE
from publishing.verdicts import provenance

__all__ = ["TWIN", "in_words", "of_notebook", "with_links"]

TWIN = "index.md"
"""The name of the twin, beside the page."""

HTML = re.compile(r"<(div|script|style)\b.*?</\1>\n?", re.DOTALL)
LABEL = re.compile(r'\baria-label="([^"]+)"')
ROW, CELL = (re.compile(rf"<(?:{names})\b[^>]*>(.*?)</(?:{names})>", re.DOTALL) for names in ("tr", "th|td"))
TAG = re.compile(r"<[^>]*>")
BRACES = r"(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*"  # nested twice, as in n_{\mathrm{d}}
MARK = re.compile(rf"\{{\\htmlData\{{[^{{}}]*\}}\{{({BRACES})\}}\}}")
LINK = re.compile(r"(?<=\]\()([\w./-]+\.(?:py|md))(#[\w.-]*)?(?=\))")
HIDDEN = {"remove-cell", "remove-input"}


def of_notebook(notebook: Any) -> str:
    """The text of an executed page, before its links are made."""
    return "\n\n".join(part.strip() for cell in notebook.cells for part in _cell(cell) if part.strip()) + "\n"


def _cell(cell: Any) -> Iterator[str]:
    if choice := cell.metadata.get(CHOICE):
        yield f"{choice}:"
    if cell.cell_type == "markdown":
        yield HTML.sub("", cell.source)
    if cell.cell_type != "code":
        return
    tags = set(cell.metadata.get("tags", []))
    if not tags & HIDDEN and cell.source.strip():
        yield f"```python\n{cell.source.strip()}\n```"
    if "remove-cell" not in tags:
        yield from _outputs(cell.outputs, cell.metadata.get("alt"))


def _outputs(outputs: Iterable[Any], alternative: str | None) -> Iterator[str]:
    for output in outputs:
        data = output.get("data", {})
        if "text" in output:
            yield f"```text\n{output['text'].rstrip()}\n```"
        elif provenance.MEDIA_TYPE in data:
            yield _formula(data)
        elif "text/markdown" in data:
            yield data["text/markdown"]
        elif "image/svg+xml" in data:
            yield f"Figure: {alternative}"
        elif "text/html" in data:
            yield in_words(data["text/html"])
        elif "text/plain" in data:
            yield f"```text\n{data['text/plain'].rstrip()}\n```"


def in_words(content: str) -> str:
    """HTML in words: of a drawing what it is said to show, of a table its rows, else its text.

    >>> in_words('<table><tr><th>n</th><td>4 &lt; 5</td></tr></table>')
    'n | 4 < 5'
    >>> in_words('<svg role="img" aria-label="Three spirals."><text>0</text></svg>')
    'Figure: Three spirals.'
    """
    if label := LABEL.search(content):
        return f"Figure: {html.unescape(label[1])}"
    rows = [" | ".join(map(_text, CELL.findall(row))) for row in ROW.findall(content)]
    return "\n".join(rows) if rows else _text(content)


def _text(content: str) -> str:
    return " ".join(html.unescape(TAG.sub(" ", content)).split())


def _formula(data: Mapping[str, Any]) -> str:
    """The lines of a derivation, or its equations; else the displayed formula as it is."""
    origin = data[provenance.MEDIA_TYPE]
    if "lines" in origin:
        lines = [(f"{origin['start'] if n == 0 else ''} = {line['latex']}", line["reason"])
                 for n, line in enumerate(origin["lines"])]  # fmt: skip
    elif "equations" in origin:
        lines = [(equation["latex"], "") for equation in origin["equations"]]
    else:
        return str(data["text/latex"])
    return "\n".join(f"- ${_unmarked(latex).strip()}$" + (f" ({reason})" if reason else "") for latex, reason in lines)


def _unmarked(latex: str) -> str:
    r"""Without the names that the site marks quantities by.

    >>> _unmarked(r"{\htmlData{q=dS}{dS_{ci}}} + {\htmlData{q=n_d}{n_{\mathrm{d}}}}")
    '{dS_{ci}} + {n_{\\mathrm{d}}}'
    """
    return MARK.sub(r"{\1}", latex)


def with_links(text: str, address: Callable[[str], str | None]) -> str:
    """The text with links to other pages' twins; `address` gives where a page of that name is, None if it is none.

    >>> with_links("see [ReLU](relu.py#at-0)", {"relu.py": "../relu/"}.get)
    'see [ReLU](../relu/index.md#at-0)'
    """

    def linked(found: re.Match[str]) -> str:
        place = address(found[1])
        return found[0] if place is None else f"{place}{TWIN}{found[2] or ''}"

    return LINK.sub(linked, text)
