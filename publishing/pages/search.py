"""The search's index, after the theme has made it.

Formulas are plain text, each derivation is found by its title, and a page also by the words that search.toml says
readers look for it with. Reports and lists of names come after what explains.
"""

from __future__ import annotations

import html
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from publishing.formulas import typesetting

TOLD = tomllib.loads(Path(__file__).with_name("search.toml").read_text(encoding="utf-8"))
KEYWORDS = "keywords"
BOOST = 1500.0
"""What a keyword counts: somewhat more than a word in a heading, which the theme counts a thousand times."""

TYPED = re.compile(r"\\\((.*?)\\\)", re.DOTALL)


def rewrite(site: Path, titles: Mapping[str, str]) -> None:
    """Rewrite the index of the site: `titles` are those of derivations, by their addresses."""
    file = site / "search" / "search_index.json"
    index = json.loads(file.read_text(encoding="utf-8"))
    for entry in index["docs"]:
        entry["text"] = TYPED.sub(_plain, entry["text"])
    index["docs"] += [{"location": address, "title": title, "text": ""} for address, title in titles.items()]
    index["config"]["fields"][KEYWORDS] = {"boost": BOOST}
    for entry in index["docs"]:
        _tell(entry)
    file.write_text(json.dumps(index, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")


def _tell(entry: dict[str, Any]) -> None:
    """Add to a page, or to a part of one, what search.toml has of it."""
    page, _, anchor = entry["location"].partition("#")
    folder = page.partition("/")[0]
    if folder in TOLD["weights"]:
        entry["boost"] = TOLD["weights"][folder]
    if not anchor and page == f"{folder}/" and folder in TOLD[KEYWORDS]:
        entry[KEYWORDS] = TOLD[KEYWORDS][folder]


def _plain(formula: re.Match[str]) -> str:
    return html.escape(typesetting.plain(html.unescape(formula[1])), quote=False)
