"""The search's index, after the theme has made it: formulas as plain text, and each derivation found by its title."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path

from publishing.formulas import typesetting

TYPED = re.compile(r"\\\((.*?)\\\)", re.DOTALL)


def rewrite(site: Path, titles: Mapping[str, str]) -> None:
    """Rewrite the index of the site: `titles` are those of derivations, by their addresses."""
    file = site / "search" / "search_index.json"
    index = json.loads(file.read_text(encoding="utf-8"))
    for entry in index["docs"]:
        entry["text"] = TYPED.sub(_plain, entry["text"])
    index["docs"] += [{"location": address, "title": title, "text": ""} for address, title in titles.items()]
    file.write_text(json.dumps(index, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")


def _plain(formula: re.Match[str]) -> str:
    return html.escape(typesetting.plain(html.unescape(formula[1])), quote=False)
