"""The pytest plugin of checked-backprop: a file that defines derivations is collected, each derivation as a test.

It is a module of its own, and imports the calculus only when there is such a file: other runs of pytest don't notice.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

IMPORTS = re.compile(rb"^\s*(from|import)\s+derivations\b", re.MULTILINE)
DEFINES = re.compile(rb"\b(Derivation|Misconception)\(")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A collector for a Python file that imports `derivations` and calls Derivation or Misconception."""
    if file_path.suffix != ".py":
        return None
    code = file_path.read_bytes()
    if not (IMPORTS.search(code) and DEFINES.search(code)):
        return None
    from derivations.proofs.pytest_plugin import DerivationsFile

    collector: pytest.Collector = DerivationsFile.from_parent(parent, path=file_path)
    return collector
