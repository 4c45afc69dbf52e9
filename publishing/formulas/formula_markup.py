"""How a formula is marked in a page's HTML until it is typeset."""

from __future__ import annotations

import html
import re

DISPLAYED = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
"""A formula in what a derivation gives as its LaTeX."""


def inline(latex: str) -> str:
    """A formula in a line of text."""
    return f'<span class="arithmatex">\\({html.escape(latex, quote=False)}\\)</span>'


def derived(latex: str) -> str:
    """A displayed formula that comes from a derivation. Its LaTeX, which says little to a reader, isn't searched."""
    return f'<div class="arithmatex" data-derived data-search-exclude>\\[{html.escape(latex, quote=False)}\\]</div>'
