"""The report of claims that a project's check writes: its format, and whether a file keeps to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from publishing.errors import SiteError

__all__ = ["SCHEMA", "claims_of"]

SCHEMA = Path(__file__).with_name("report.schema.json")
"""The format, for whoever writes such reports."""


def claims_of(text: str, where: str) -> list[dict[str, Any]]:
    """The claims of a report. Raises SiteError, which says where it leaves the format, `where` being its maker.

    >>> claims_of('{"format": 1, "claims": []}', "derivations check")
    []
    """
    try:
        report = json.loads(text)
    except ValueError as error:
        raise SiteError(f"{where}: its report is no JSON: {error}") from None
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for fault in sorted(validator.iter_errors(report), key=lambda fault: list(map(str, fault.absolute_path))):
        place = "".join(f"[{part!r}]" for part in fault.absolute_path)
        raise SiteError(f"{where}: its report is not as {SCHEMA.name} says: report{place}: {fault.message}")
    claims: list[dict[str, Any]] = report["claims"]
    return claims
