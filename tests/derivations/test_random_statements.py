"""No false statement is proven and no true one is refuted, of thousands at random."""

from __future__ import annotations

from collections import Counter

import pytest

from derivations.proofs import decide
from derivations.proofs.counterexample import ValueMismatch
from tests.derivations.random_statements import refuted_rightly, statements, truth
from tests.statistics import cases

CHUNK = 100
CHUNKS = cases(2_000, 50_000) // CHUNK


@pytest.mark.parametrize("seed", range(CHUNKS))
def test_random_statements(seed: int) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    confirmed = 0
    for number, statement in enumerate(statements(seed, CHUNK)):
        is_it, decision = truth(statement.equation, number), decide(statement.equation)
        counts[is_it, decision.verdict] += 1
        said = f"{statement.equation.left} = {statement.equation.right}: {decision.verdict}, {statement.changes}"
        assert (is_it, decision.verdict) != ("false", "proven"), said
        assert "would take more than" not in decision.reason, said
        if decision.verdict == "refuted":
            assert isinstance(decision.counterexample, ValueMismatch)
            rightly = refuted_rightly(statement.equation, decision.counterexample)
            assert rightly is not False, said
            confirmed += rightly is True
    assert counts.total() == CHUNK
    true = sum(count for (is_it, _), count in counts.items() if is_it == "true")
    false = sum(count for (is_it, _), count in counts.items() if is_it == "false")
    assert true > CHUNK / 4
    assert false > CHUNK / 10
    assert counts["true", "proven"] > 0.7 * true
    assert confirmed > 0.7 * false
