"""The report of the build that executes a page: what was decided there need not be decided again.

The environment variable CHECKED_BACKPROP_REPORT has its path. Elsewhere there is none: everything is decided afresh.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derivations.proofs.decision import Decision

if TYPE_CHECKING:
    from derivations.proofs.claims import Claim

__all__ = ["built_report", "reported_decision"]


def built_report() -> dict[str, Any] | None:
    """The report, or None outside of a build. Raises OSError if it can't be read."""
    path = os.environ.get("CHECKED_BACKPROP_REPORT")
    return _read(Path(path)) if path else None


def reported_decision(claim: Claim) -> Decision | None:
    """What the report says of this very claim, if it holds there.

    A refuted claim is decided again, because the report writes its counterexample out.
    """
    entry = _entries().get(claim.id, {"verdict": "undecided"})
    if entry["verdict"] not in ("proven", "cross-checked"):
        return None
    if any(entry[key] != getattr(claim, key) for key in ("statement", "source", "expected")):
        return None
    known = ("verdict", "sizes", "max_error", "tolerance", "compared")
    return Decision(**{key: entry[key] for key in known})


def _entries() -> dict[str, dict[str, Any]]:
    report = built_report()
    return {} if report is None else {entry["id"]: entry for entry in report["claims"]}


@cache
def _read(path: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return report
