"""Runs a page's cells, one after another, and says what each shows, as the build of the page does."""

from __future__ import annotations

import ast
import contextlib
import json
import linecache
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import CodeType, ModuleType, TracebackType
from typing import Any, Literal

from publishing.figures import inline
from publishing.formulas import formula_markup, lines
from publishing.live.python.bounded_output import BoundedOutput
from publishing.pages import urls
from publishing.verdicts import provenance
from publishing.verdicts.provenance import MEDIA_TYPE, Ledger

Kind = Literal["text", "error", "markdown", "html", "frame"]
Show = Callable[[Kind, str], None]
"""Is told each output: its kind and its text. HTML holds formulas in LaTeX, marked as the pages mark them."""

OUTPUTS = 100
CHARACTERS = 5_000_000  # in one output of HTML or Markdown
UNNAMED = "A figure drawn by this cell"


class Session:
    """The cells of one page. They share the variables of one module, `__main__`.

    `root` is the address of the site as seen from the page.
    """

    current: Session

    def __init__(self, show: Show, root: str) -> None:
        self._show = show
        self._root = root
        self._module = ModuleType("__main__")
        self._begin(None)

    def run(self, name: str, source: str, alternative: str | None = None) -> bool:
        """Run one cell. Returns whether it went well; if not, the error has been shown.

        `name` is the cell's in tracebacks, `alternative` says in words what its figures show.
        """
        Session.current = self
        sys.modules["__main__"] = self._module
        self._begin(alternative)
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        with contextlib.redirect_stdout(self._printed), contextlib.redirect_stderr(self._printed):
            try:
                code = _compiled(name, source)
            except (SyntaxError, ValueError) as error:  # no line of the cell has run
                self._fail(error, None)
                return False
            try:
                self._execute(*code)
            except BaseException as error:  # SystemExit too: the page goes on
                self._fail(error, error.__traceback__)
                return False
        self._printed.end()
        return True

    def display(self, value: object) -> None:
        """Show a value in its richest form: Markdown, a formula, HTML, a drawing, or plain text."""
        kind, text = self._form(value)
        if kind == "text":
            print(text)
            return
        self._outputs += 1
        if self._outputs > OUTPUTS or len(text) > CHARACTERS:
            print("… An output was left out: there are too many, or it is too long.")
            return
        self._printed.flush()
        self._show(kind, text)

    def frame(self, data: object) -> None:
        """Hand the page's own script something to draw, as JSON."""
        self._show("frame", json.dumps(data))

    def _begin(self, alternative: str | None) -> None:
        self._alternative = alternative or UNNAMED
        self._outputs = 0
        self._printed = BoundedOutput(lambda text: self._show("text", text))

    def _execute(self, statements: CodeType, last: CodeType | None) -> None:
        variables = vars(self._module)
        exec(statements, variables)
        if last is not None and (value := eval(last, variables)) is not None:
            self.display(value)
        if "matplotlib.pyplot" in sys.modules:
            from publishing.live.python import backend

            backend.show_all()

    def _fail(self, error: BaseException, trace: TracebackType | None) -> None:
        """Show the error as Python does, from the cell's own line on."""
        while trace and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        self._printed.end()
        self._show("error", "".join(traceback.format_exception(type(error), error, trace)).rstrip()[-CHARACTERS:])

    def _form(self, value: object) -> tuple[Kind, str]:
        names = ("markdown", "latex", "html", "svg")
        made = {name: method() for name in names if (method := _method(value, f"_repr_{name}_"))}
        if text := made.get("markdown"):
            return "markdown", text
        if latex := made.get("latex"):
            bundle = _method(value, "_repr_mimebundle_")
            return "html", self._formula(latex, bundle().get(MEDIA_TYPE) if bundle else None)
        if text := made.get("html"):
            return "html", text
        if drawing := made.get("svg") or _drawing(value):
            return "html", inline.figure(drawing, self._alternative)
        return "text", repr(value)

    def _formula(self, latex: str, origin: Mapping[str, Any] | None) -> str:
        """What a derivation shows, with its provenance; or a formula of SymPy's own, which has none."""
        if origin is None:
            return formula_markup.derived(latex.strip("$").removeprefix("\\displaystyle").strip())
        ledger = self._ledger(origin)
        return provenance.shown(lines.content(latex, origin, ledger), origin, ledger, anchor="")

    def _ledger(self, origin: Mapping[str, Any]) -> Ledger:
        """The build's report if it has these very claims; else they were decided here, and are all there is."""
        path = os.environ.get("CHECKED_REPORT")
        reported = json.loads(Path(path).read_text(encoding="utf-8"))["claims"] if path else []
        ledger = Ledger({claim["id"]: claim for claim in reported}, self._address)
        try:
            ledger.require(origin["claims"])
        except ValueError:
            return Ledger({claim["id"]: claim for claim in origin["claims"]}, self._address)
        return ledger

    def _address(self, source: str) -> str:
        """Where a source line is: in the site's listings, or in a cell of this page."""
        file, _, _ = source.partition(":")
        return self._root + urls.of_source(source) if file.endswith(".py") else f"#{file.replace(' ', '-')}"


def display(*values: object) -> None:
    """IPython's function of this name: show the values in the cell that runs."""
    for value in values:
        Session.current.display(value)


def frame(data: object) -> None:
    """Hand a page's own script something to draw: numbers, text, lists and dictionaries of them."""
    Session.current.frame(data)


def _compiled(name: str, source: str) -> tuple[CodeType, CodeType | None]:
    """The statements, and the expression in the last line, whose value is shown."""
    tree = ast.parse(source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    value = compile(ast.Expression(last.value), name, "eval") if isinstance(last, ast.Expr) else None
    return compile(tree, name, "exec"), value


def _method(value: object, name: str) -> Callable[[], Any] | None:
    """A class has its objects' methods, but can't call them."""
    found = None if isinstance(value, type) else getattr(value, name, None)
    return found if callable(found) else None


def _drawing(value: object) -> str | None:
    if "matplotlib.pyplot" not in sys.modules:
        return None
    from publishing.live.python import backend

    return backend.svg(value)
