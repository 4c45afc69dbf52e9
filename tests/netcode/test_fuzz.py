"""Whatever it is given, the command line ends well: see `tests.netcode.fuzz`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.statistics import cases

ROOT = Path(__file__).parents[2]


def test_malformed_input_gets_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    count = cases(few=300, many=10_000)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.netcode.fuzz", str(count), "0"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines()[-1:] == [f"{count} cases, 0 wrong"], done.stdout[-3000:] + done.stderr[-2000:]
