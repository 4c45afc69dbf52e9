"""Examples in docstrings, on the page of the API: a session with Python is code, not a quotation in a quotation."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import Any

from griffe import Extension, Object

SESSION = re.compile(r"^ *>>> .*(?:\n *\S.*)*", re.MULTILINE)


class Examples(Extension):
    """Fences each session, which ends at an empty line, before Markdown takes its `>>>` for quotations."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        if obj.docstring:
            obj.docstring.value = fenced(obj.docstring.value)


def fenced(text: str) -> str:
    """A docstring with its sessions as fenced code, at the docstring's margin."""
    return SESSION.sub(lambda session: f"```pycon\n{dedent(session[0])}\n```", text)
