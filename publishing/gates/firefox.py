"""Debian's Firefox, or its like, which Puppeteer drives by the protocol that it speaks itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from publishing import npm
from publishing.gates import NPM

SCRIPT = Path(__file__).with_name("firefox.mjs")
NAMES = ("firefox-esr", "firefox")


class Run(NamedTuple):
    """What a live cell said at its end, and the text that it and those before it showed, by number."""

    said: str
    shown: dict[str, str]


def find() -> str | None:
    """The path of the browser that is installed, if one is."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def run_cells(address: str, cells: Sequence[int], firefox: str) -> Run:
    """Press Run at the last of the live cells. Raises SiteError if Puppeteer can't be installed or Firefox fails."""
    given = {"address": address, "cells": cells, "firefox": firefox}
    return Run(**json.loads(npm.run(SCRIPT, str(npm.installed(NPM)), given=json.dumps(given))))
