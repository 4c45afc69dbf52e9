"""Checking claims one after another, and the report of it."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy
import sympy

from derivations.checking.against_netcode import left_out
from derivations.checking.catalogue import all_claims
from derivations.proofs import verdicts
from derivations.proofs.claims import Claim, Outcome
from netcode.errors import InputError
from netcode.files import atomic_write, check_writable

__all__ = ["check_all", "check_report_path", "current_report", "report", "write_report"]

FORMAT = 1
"""The version of the report's format, which `publishing/verdicts/report.schema.json` describes."""


def check_all(
    claims: Iterable[Claim] | None = None, progress: Callable[[Outcome], None] = lambda outcome: None
) -> list[Outcome]:
    """Check the claims (all, if none are given), and call `progress` with each outcome as it comes."""
    outcomes = []
    for claim in all_claims() if claims is None else claims:
        outcome = claim.check()
        progress(outcome)
        outcomes.append(outcome)
    return outcomes


def report(outcomes: list[Outcome]) -> dict[str, Any]:
    """The report as it is written to a JSON file: whether all is as expected, where it ran, and each claim."""
    environment = {
        "python": platform.python_version(),
        "sympy": sympy.__version__,
        "numpy": numpy.__version__,
        "platform": platform.platform(),
    }
    claims = [outcome.as_json() for outcome in outcomes]
    ok = all(outcome.as_expected for outcome in outcomes)
    return {"format": FORMAT, "ok": ok, "environment": environment, "left_out": list(left_out()), "claims": claims}


def current_report() -> dict[str, Any]:
    """The report of the build that executes this page; elsewhere a new one."""
    built = verdicts.current().report
    return report(check_all()) if built is None else dict(built)


def check_report_path(path: Path) -> None:
    """Find out before the checks whether a report can be written to `path`; OSError if not."""
    try:
        check_writable(path)
    except InputError as error:
        raise OSError(str(error)) from None


def write_report(path: Path, outcomes: list[Outcome]) -> None:
    """Write the report whole or not at all; OSError if the path can't be written, is a folder or a device."""
    text = json.dumps(report(outcomes), indent=1, ensure_ascii=False) + "\n"
    try:
        with atomic_write(path) as file:
            file.write(text.encode())
    except InputError as error:
        raise OSError(str(error)) from None
