"""The search's index, after the theme has made it.

Formulas are plain text, each derivation is found by its title, and a page also by the words that a file of the
project's says readers look for it with. Reports and lists of names come after what explains.
"""

from __future__ import annotations

import html
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from publishing.errors import SiteError
from publishing.formulas import typesetting

KEYWORDS = "keywords"
BOOST = 1500.0
"""What a keyword counts: somewhat more than a word in a heading, which the theme counts a thousand times."""

TYPED = re.compile(r"\\\((.*?)\\\)", re.DOTALL)


class Told(NamedTuple):
    """What the index is told beside the pages' own texts, by the first folder of an address."""

    weights: Mapping[str, float] = {}
    """How much a page's words count, if not 1."""
    keywords: Mapping[str, str] = {}
    """What readers type who look for a page, and what it may not say itself."""


def told_in(file: Path) -> Told:
    """What a TOML file says, in its tables `weights` and `keywords`. Raises SiteError if it can't be read."""
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SiteError(f"search: {file}: {error}") from None
    if unknown := tables.keys() - set(Told._fields):
        raise SiteError(f"search: {file}: expected the tables weights and keywords, found {', '.join(sorted(unknown))}")
    return Told(**tables)


def rewrite(site: Path, titles: Mapping[str, str], told: Told) -> None:
    """Rewrite the index of the site: `titles` are those of derivations, by their addresses."""
    file = site / "search" / "search_index.json"
    index = json.loads(file.read_text(encoding="utf-8"))
    for entry in index["docs"]:
        entry["text"] = TYPED.sub(_plain, entry["text"])
    index["docs"] += [{"location": address, "title": title, "text": ""} for address, title in titles.items()]
    index["config"]["fields"][KEYWORDS] = {"boost": BOOST}
    for entry in index["docs"]:
        _tell(entry, told)
    file.write_text(json.dumps(index, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")


def _tell(entry: dict[str, Any], told: Told) -> None:
    """Add to a page, or to a part of one, what is told of it."""
    page, _, anchor = entry["location"].partition("#")
    folder = page.partition("/")[0]
    if folder in told.weights:
        entry["boost"] = told.weights[folder]
    if not anchor and page == f"{folder}/" and folder in told.keywords:
        entry[KEYWORDS] = told.keywords[folder]


def _plain(formula: re.Match[str]) -> str:
    return html.escape(typesetting.plain(html.unescape(formula[1])), quote=False)
