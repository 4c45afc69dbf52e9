"""What every site of checked pages has of its own: style sheets and scripts that know no project."""

from __future__ import annotations

from pathlib import Path

__all__ = ["FIRST", "LAST", "SCRIPTS", "scripts", "sheet"]

HERE = Path(__file__).parent
FOLDER = "assets/look"

FIRST = ("bridge", "pages", "choice", "derivations", "keyboard", "live", "questions")
LAST = ("print",)
"""Style sheets before and after the project's: what comes later wins."""

SCRIPTS = ("choice", "copy", "keyboard", "light", "notes")


def sheet(name: str) -> str:
    """A style sheet's text, by its name."""
    return (HERE / "styles" / f"{name}.css").read_text(encoding="utf-8")


def scripts() -> dict[str, bytes]:
    """The scripts by their places in the site."""
    return {f"{FOLDER}/{name}.js": (HERE / "scripts" / f"{name}.js").read_bytes() for name in SCRIPTS}
