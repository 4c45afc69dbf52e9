"""The report's format: this project's own report keeps to it, and a build takes no other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from derivations.checking.report import report
from derivations.proofs.claims import Claim
from derivations.proofs.decision import Decision
from publishing.errors import SiteError
from publishing.verdicts.report import SCHEMA, claims_of
from tests.publishing.conftest import CLAIM, Project


def _report(**changes: Any) -> str:
    return json.dumps({"format": 1, "claims": [{**CLAIM, **changes}]})


def test_what_derivations_writes_keeps_to_the_format() -> None:
    proven = Claim("a.b", "x = x", "mine.py:3", lambda: Decision("proven", {"m": 2}, 0.0, 1e-9, compared=4))
    unknown = Claim("a.c", "x = y", "mine.py:4", lambda: Decision("undecided", reason="no time"), expected="fails")
    made = report([claim.check() for claim in (proven, unknown)])
    assert [claim["id"] for claim in claims_of(json.dumps(made), "derivations check")] == ["a.b", "a.c"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "check: its report is no JSON: "),
        (
            '{"claims": []}',
            "check: its report is not as report.schema.json says: report: 'format' is a required property",
        ),
        ('{"format": 2, "claims": []}', "report['format']: 1 was expected"),
        (_report(verdict="true"), "report['claims'][0]['verdict']: 'true' is not one of "),
        (_report(source="mine.py"), "report['claims'][0]['source']: 'mine.py' does not match "),
        (_report(compared=0), "report['claims'][0]['compared']: 0 is less than the minimum of 1"),
    ],
)
def test_another_format_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(SiteError) as raised:
        claims_of(text, "check")
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_report_in_another_format_stops_the_build(project: Project) -> None:
    project.write("derivations/claims.json", '{"format": 2, "claims": []}')
    assert f"derivations check: its report is not as {SCHEMA.name} says" in project.failure()
