"""A page takes the verdicts of the build that executes it, and never those of another statement."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from derivations import Derivation, affine, errata
from derivations.checking import current_report
from derivations.checking.report import check_all, report
from derivations.proofs.claims import ClaimError, Statement
from derivations.proofs.verdicts import reported_decision
from derivations.softmax_cross_entropy import dZ2_with_labels

UNLIKELY = 0.125
"""An error that no check would find: it can only have been read."""

WriteReport = Callable[..., None]


@pytest.fixture
def write_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WriteReport:
    """Makes the report of a statement's claims that of the build, each entry changed as told."""

    def write(statement: Statement, /, **changes: Any) -> None:
        built = report(check_all(statement.claims()))
        for entry in built["claims"]:
            entry.update({"max_error": UNLIKELY, **changes})
        path = tmp_path / "checks.json"
        path.write_text(json.dumps(built), encoding="utf-8")
        monkeypatch.setenv("CHECKED_BACKPROP_REPORT", str(path))
        monkeypatch.setattr(statement, "outcomes", ())

    return write


def errors(statement: Statement) -> set[Any]:
    return {entry["max_error"] for entry in statement.provenance()}


def test_what_the_build_has_decided_is_not_decided_again(write_report: WriteReport) -> None:
    write_report(dZ2_with_labels)
    assert errors(dZ2_with_labels) == {UNLIKELY}
    assert {entry["max_error"] for entry in current_report()["claims"]} == {UNLIKELY}


@pytest.mark.parametrize(
    "change",
    [
        {"statement": "1 = 2"},
        {"source": "derivations/affine.py:1"},
        {"expected": "fails"},
        {"verdict": "undecided"},
        {"verdict": "refuted"},
        {"id": "affine.another.1"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_anything_else_is_decided_afresh(write_report: WriteReport, change: dict[str, str]) -> None:
    write_report(dZ2_with_labels, **change)
    assert UNLIKELY not in errors(dZ2_with_labels)
    assert {entry["verdict"] for entry in dZ2_with_labels.provenance()} == {"proven"}


def test_a_refuted_claim_keeps_its_counterexample(write_report: WriteReport) -> None:
    erratum = errata.relu_has_slope_at_zero
    write_report(erratum)
    (entry,) = erratum.provenance()
    assert entry["verdict"] == "refuted"
    assert entry["max_error"] != UNLIKELY
    assert entry["counterexample"] is not None


def test_a_statement_of_a_page_is_decided_by_itself(write_report: WriteReport) -> None:
    right = affine.forward
    wrong = Derivation("wrong", right.start, (2 * right.result, "wrong"), where=right.where)
    write_report(wrong, verdict="proven", compared=1)
    assert all(reported_decision(claim) for claim in wrong.claims()), "the report does hold it"
    with pytest.raises(ClaimError, match="refuted"):
        wrong.verify()
