"""A mutant is tried in a copy of the project, which itself is never wrong, not even when this program is killed."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.mutants.mutations import Mutation
from tests.mutants.nearest import ROOT

COPIED = ("derivations", "netcode", "tests", "docs", "pytest_derivations.py", "pyproject.toml")
LIMIT = 180.0  # seconds; tests that have not ended by then have noticed, for they have no end

MEMORY = 6 * 2**30  # bytes: a mutant that makes a loop endless would else take all that the machine has

# A test that fails for slowness alone has noticed nothing: `ci` has no deadlines, and always tries the same cases.
OPTIONS = ("-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile", "ci")
NO_TESTS = 5  # pytest's exit status if it has found none


def copy(folder: Path) -> None:
    """Copy what the tests need into `folder`."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(exist_ok=True)
            shutil.copy(source, folder / name)


def noticed(folder: Path, module: str, mutation: Mutation | None, tests: tuple[str, ...]) -> bool:
    """Whether one of the tests fails, or doesn't end, in the copy with the mutation. It is undone afterwards.

    Raises RuntimeError if pytest has found no tests.
    """
    path = folder / module
    source = path.read_text(encoding="utf-8")
    try:
        if mutation:
            path.write_text(mutation.applied(source), encoding="utf-8")
        status = _status(folder, tests)
    finally:
        path.write_text(source, encoding="utf-8")
    if status == NO_TESTS:
        raise RuntimeError(f"{' '.join(tests)}: no tests; expected some that try {module}")
    return status != 0


def _status(folder: Path, tests: tuple[str, ...]) -> int | None:
    """Pytest's exit status, or None if it has not ended in time. Whatever it has started is ended too."""
    command = [sys.executable, "-B", "-m", "pytest", *OPTIONS, *tests]
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(folder)}
    with subprocess.Popen(
        command, cwd=folder, env=alone, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            return process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            return None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
