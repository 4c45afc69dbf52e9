"""Lighthouse, which scores a page as it is on a phone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from publishing import npm
from publishing.gates import NPM
from publishing.gates.chromium import FLAGS

SCRIPT = Path(__file__).with_name("lighthouse.mjs")


class Judgement(NamedTuple):
    """A page's scores, from 0 to 1, by category, and what is not as it should be."""

    address: str
    scores: dict[str, float]
    failed: list[str]


def judge(addresses: Sequence[str], categories: Sequence[str], chromium: str) -> list[Judgement]:
    """Judge the pages, one after another. Raises SiteError if Lighthouse can't be installed or can't judge one."""
    given = {"addresses": addresses, "categories": categories, "chromium": chromium, "flags": FLAGS}
    said = npm.run(SCRIPT, str(npm.installed(NPM)), given=json.dumps(given))
    return [Judgement(**judgement) for judgement in json.loads(said)]
