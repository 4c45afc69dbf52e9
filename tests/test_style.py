"""The code keeps to its style and its types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COMMANDS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy", "derivations", "netcode", "publishing", "benchmarks", "tests"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_code_passes(command: tuple[str, ...]) -> None:
    checked = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
