"""Tests that share what is costly to make run on one worker."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

GROUPED = """
import os, pathlib, pytest

@pytest.mark.xdist_group("together")
@pytest.mark.parametrize("i", range(6))
def test_where(i):
    pathlib.Path(f"{i}.txt").write_text(os.environ["PYTEST_XDIST_WORKER"])
"""


def test_a_group_stays_on_one_worker(tmp_path: Path) -> None:
    """Where pytest and pytest-xdist don't fit, groups are parted without a word."""
    (tmp_path / "test_grouped.py").write_text(GROUPED, encoding="utf-8")
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "--numprocesses", "2", "--dist", "loadgroup"]
    done = subprocess.run(command, cwd=tmp_path, env=ours, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    workers = [file.read_text(encoding="utf-8") for file in tmp_path.glob("*.txt")]
    assert len(workers) == 6
    assert len(set(workers)) == 1
