"""What judges the finished site from outside, as a reader's browser does: Lighthouse, axe-core and html-validate."""

from __future__ import annotations

from pathlib import Path

NPM = Path(__file__).parent
"""Where package.json names the checkers."""
