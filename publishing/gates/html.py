"""html-validate, which tells where a page is no good HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from publishing import npm
from publishing.gates import NPM

SCRIPT = Path(__file__).with_name("html.mjs")


class Fault(NamedTuple):
    file: str
    rule: str
    line: int
    selector: str | None
    message: str


def faults(files: Iterable[Path]) -> list[Fault]:
    """All that is wrong by html-validate's recommended rules. Raises SiteError if it can't be installed."""
    said = npm.run(SCRIPT, str(npm.installed(NPM)), given=json.dumps([str(file) for file in files]))
    return [Fault(**fault) for fault in json.loads(said)]
