"""An executed script as Markdown, so that it is typeset, linked, searched and validated like every other page."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from publishing.errors import SiteError
from publishing.figures import inline
from publishing.formulas import lines
from publishing.pages import questions
from publishing.verdicts import provenance
from publishing.verdicts.provenance import Ledger

# A cell's tags say what the reader sees of it: both its code and its output, unless told otherwise.
# Neighbours that are tagged as a solution, text among them, are folded away together. A text may also be a question.
REMOVE_CELL, REMOVE_INPUT, HIDE_INPUT, SOLUTION = "remove-cell", "remove-input", "hide-input", "solution"
FOLD = "fold"  # a cell's metadata: what is said of it while it is folded away
CHOICE = "choice"  # a cell's metadata: its name among neighbours of which a reader wants one


@dataclass
class NotebookPage:
    """A page's Markdown, and the HTML of its outputs, which takes the placeholders' place after Markdown is done.

    `bar` gives the HTML with which the reader runs a code cell, by the cell's number.
    """

    name: str
    ledger: Ledger = field(default_factory=Ledger)
    bar: Callable[[int], str] = lambda number: ""
    cells: int = 0
    questions: int = 0
    parts: list[str] = field(default_factory=list)
    filled: list[str] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    """The title of each derivation that is shown by itself, by its anchor."""

    @property
    def markdown(self) -> str:
        return "\n\n".join(self.parts) + "\n"

    def fill(self, content: str) -> str:
        """The page's HTML with its outputs in it. Raises SiteError where the Markdown around one has swallowed it."""
        for number, filling in enumerate(self.filled):
            before, placeholder, after = content.partition(self._placeholder(number))
            if not placeholder:
                raise SiteError(f"{self.name}: output {number + 1} is lost in the Markdown before it")
            content = f"{before}{filling}{after}"
        return content

    def add_html(self, content: str) -> None:
        self.parts.append(self._placeholder(len(self.filled)))
        self.filled.append(content)

    def add_output(self, output: str) -> None:
        self.add_html(f'<div class="cell-output">{output}</div>')

    @staticmethod
    def _placeholder(number: int) -> str:
        return f'<div data-filled="{number}"></div>'


def convert(notebook: Any, name: str, ledger: Ledger, bar: Callable[[int], str]) -> NotebookPage:
    """Raises SiteError, which names page and cell, where an output can't be shown as it should be."""
    page = NotebookPage(name, ledger, bar)
    for solution, cells in groupby(enumerate(notebook.cells, 1), lambda numbered: SOLUTION in _tags(numbered[1])):
        if solution:
            page.parts.append('<details class="solution" markdown="1"><summary>Solution</summary>')
        for number, cell in cells:
            try:
                _add_cell(page, cell)
            except ValueError as error:
                raise SiteError(f"{name}: cell {number}: {error}") from None
        if solution:
            page.parts.append("</details>")
    return page


def _tags(cell: Any) -> list[str]:
    tags: list[str] = cell.metadata.get("tags", [])
    return tags


def _add_cell(page: NotebookPage, cell: Any) -> None:
    if choice := cell.metadata.get(CHOICE):
        name = html.escape(choice)
        page.parts.append(f'<div class="choice" data-choice="{name}" markdown="1">')
        page.parts.append(f'<p class="choice-name">{name}</p>')
    _add_what_is_in(page, cell)
    if choice:
        page.parts.append("</div>")


def _add_what_is_in(page: NotebookPage, cell: Any) -> None:
    if cell.cell_type == "markdown" and questions.QUESTION in _tags(cell):
        page.questions += 1
        page.parts.append(questions.markdown(cell.source, page.questions))
    elif cell.cell_type == "markdown":
        page.parts.append(cell.source)
    elif cell.cell_type == "code" and cell.source.strip():
        page.cells += 1
        if REMOVE_CELL not in _tags(cell):
            _add_code_cell(page, cell)


def _add_code_cell(page: NotebookPage, cell: Any) -> None:
    if fold := cell.metadata.get(FOLD):
        page.parts.append(f'<details class="fold" markdown="1"><summary>{html.escape(fold)}</summary>')
    page.parts.append(f'<div class="cell" id="cell-{page.cells}" markdown="1">')
    if REMOVE_INPUT not in _tags(cell) and not _only_shows(cell):
        code = _code(cell.source)
        folded = '??? code "Show the code"\n\n' + _indented(code)
        page.parts += ['<div class="cell-code" markdown="1">', folded if HIDE_INPUT in _tags(cell) else code, "</div>"]
    page.add_html(page.bar(page.cells))
    page.parts.append('<div class="cell-built" markdown="1">')
    _add_all(page, cell.outputs, cell.metadata.get("alt"))
    page.parts += ["</div>", "</div>", *(["</details>"] if fold else [])]


def _only_shows(cell: Any) -> bool:
    """Whether a cell imports and shows a derivation, and does nothing else: its code is a click away."""
    *before, last = ast.parse(cell.source).body
    imports = all(isinstance(statement, (ast.Import, ast.ImportFrom)) for statement in before)
    derived = [provenance.MEDIA_TYPE in output.get("data", {}) for output in cell.outputs]
    return imports and isinstance(last, ast.Expr) and bool(derived) and all(derived)


def _code(source: str) -> str:
    return f"`````python\n{source}\n`````"


def _indented(text: str) -> str:
    return re.sub(r"^(?=.)", "    ", text, flags=re.MULTILINE)


def _add_all(page: NotebookPage, outputs: list[Any], alternative: str | None) -> None:
    if alternative and not any("image/svg+xml" in output.get("data", {}) for output in outputs):
        raise ValueError("there is alternative text, but no figure")
    for output in outputs:
        _add(page, output, alternative)


def _add(page: NotebookPage, output: Any, alternative: str | None) -> None:
    """The richest form that a page can show: Markdown, then a derived formula, HTML, a drawing, and plain text."""
    if output.output_type == "stream":
        if output.name == "stderr":
            raise ValueError(f"nothing may be written to stderr, but this was: {output.text.strip()}")
        return page.add_output(_plain(output.text))
    data = output.data
    if "text/markdown" in data:
        return page.parts.append(data["text/markdown"])
    if "text/latex" in data:
        if provenance.MEDIA_TYPE not in data:
            raise ValueError(f"a displayed formula comes from no derivation: {data['text/latex'].strip()}")
        return page.add_output(_derived(page, data["text/latex"], data[provenance.MEDIA_TYPE]))
    if provenance.MEDIA_TYPE in data:
        raise ValueError("what is derived shows no formula: its output lacks text/latex")
    if "text/html" in data:
        return page.add_output(data["text/html"])
    if "image/svg+xml" in data:
        if not alternative:
            raise ValueError('a figure needs alternative text: # %% alt="what the figure shows"')
        return page.add_output(inline.figure(data["image/svg+xml"], alternative))
    if any(kind.startswith("image/") for kind in data):
        raise ValueError(f"an image must be SVG, not {', '.join(data)}")
    return page.add_output(_plain(data["text/plain"]))


def _plain(text: str) -> str:
    return f'<pre tabindex="0">{html.escape(text.rstrip(), quote=False)}</pre>'


def _derived(page: NotebookPage, latex: str, origin: Any) -> str:
    """The formulas with their provenance; what is shown by itself has an anchor where it is shown first."""
    anchor = provenance.anchor_of(origin["id"]) if origin["title"] else ""
    new = anchor if anchor not in page.titles else ""
    if new:
        page.titles[new] = origin["title"].rstrip(".")
    page.ledger.require(origin["claims"])
    return provenance.shown(lines.content(latex, origin, page.ledger), origin, page.ledger, new)
