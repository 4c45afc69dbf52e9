"""What textbooks say is proven, and what looks like it and is false is refuted."""

from __future__ import annotations

import pytest

from derivations.proofs import decide
from derivations.proofs.witnesses.high_precision import in_high_precision
from derivations.proofs.witnesses.modular import exact
from tests.derivations.calculus.corpus import FALSE, TRUE


def test_the_corpus_is_large_enough() -> None:
    assert len(TRUE) >= 40
    assert len(FALSE) >= 25


@pytest.mark.parametrize("name", TRUE)
def test_a_textbook_statement_is_proven(name: str) -> None:
    decision = decide(TRUE[name])
    assert decision.verdict == "proven", decision.reason or str(decision.counterexample)


@pytest.mark.parametrize("name", TRUE)
def test_a_witness_agrees(name: str) -> None:
    found = exact(TRUE[name])
    assert not found.disagreement
    assert found.agrees or in_high_precision(TRUE[name]).agrees


@pytest.mark.parametrize("name", FALSE)
def test_a_false_neighbour_is_refuted(name: str) -> None:
    decision = decide(FALSE[name])
    assert decision.verdict == "refuted", decision.reason


@pytest.mark.parametrize("name", FALSE)
def test_no_witness_agrees_with_a_false_neighbour(name: str) -> None:
    assert not exact(FALSE[name]).agrees
    assert in_high_precision(FALSE[name]).disagreement
