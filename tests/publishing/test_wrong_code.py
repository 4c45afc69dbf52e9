"""The real site is not built when the code no longer computes what is derived."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.publishing.conftest import ROOT, Project


def test_code_that_no_longer_computes_what_is_derived_stops_the_build(tmp_path: Path) -> None:
    for folder in ("derivations", "docs", "netcode", "publishing"):
        ignored = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    network = tmp_path / "netcode" / "network.py"
    text = network.read_text(encoding="utf-8")
    assert text.count("dZ2 = (P - Y) / m") == 1
    network.write_text(text.replace("dZ2 = (P - Y) / m", "dZ2 = (P + Y) / m"), encoding="utf-8")
    message = Project(tmp_path).failure()
    assert re.search(r"^ *\S*dZ2\S*: expected to hold, but refuted", message, re.MULTILINE), message
