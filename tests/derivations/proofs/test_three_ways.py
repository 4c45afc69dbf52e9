"""Nothing is proven on which the rules, the exact witness and the numbers don't agree; conditions are stated."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sympy import Symbol, exp, log

from derivations import ClaimError, Derivation, Misconception
from derivations.calculus import sum_over
from derivations.calculus.prover import Proof
from derivations.notation import X, i, j, lam, m, u
from derivations.proofs import Equation, decide, verdicts
from derivations.proofs.statement import NOT_CHECKED
from derivations.proofs.witnesses.finding import Finding

DECIDE = sys.modules["derivations.proofs.decide"]  # the package has a function of the same name

x = Symbol("x", real=True)
TRUE = Equation(sum_over(j, X[u, i]), m * X[u, i])
FALSE = Equation(sum_over(j, X[u, i]), X[u, i])


@pytest.fixture(autouse=True)
def fresh_store() -> Iterator[None]:
    before = verdicts.current()
    verdicts.use(verdicts.VerdictStore())
    yield
    verdicts.use(before)


def test_a_proof_carries_the_exact_second_way() -> None:
    decision = decide(TRUE)
    assert decision.verdict == "proven"
    assert decision.witness.startswith("exact at ")
    assert decision.witness.endswith(" points, sizes 1 to 2, chance of error below 1e-15")


def test_what_is_not_seen_exactly_says_why_and_is_computed_in_many_digits() -> None:
    s = Symbol("s", positive=True)
    decision = decide(Equation(log(s**2 + 2 * s + 1), 2 * log(s + 1)))
    assert decision.witness.startswith("not exact, because ")
    assert "in 100 digits equal at " in decision.witness


@pytest.mark.parametrize(
    ("replaced", "by", "reason"),
    [
        ("exact", lambda equation: Finding(3, disagreement="the sides differ at m = 1"), "the sides differ at m = 1"),
        ("prove_equal", lambda *given: Proof(False, left_over="x"), "what is left over is x"),
        ("prove_equal", lambda *given: Proof(False, reason="too many steps"), "too many steps"),
    ],
    ids=["the exact witness", "the rules", "the budget"],
)
def test_one_way_alone_proves_nothing(
    monkeypatch: pytest.MonkeyPatch, replaced: str, by: Callable[..., Any], reason: str
) -> None:
    monkeypatch.setattr(DECIDE, replaced, by)
    decision = decide(TRUE)
    assert decision.verdict == "undecided"
    assert decision.reason.endswith(reason)


def test_rules_that_prove_too_much_are_contradicted_by_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DECIDE, "prove_equal", lambda *given: Proof(True))
    decision = decide(FALSE)
    assert decision.verdict == "undecided"
    assert decision.reason.startswith("the difference is 0 by the rules, but at ")


@pytest.mark.parametrize(
    ("left", "right", "condition"),
    [(x / x * lam, lam + 0 * x, ()), ((x**2 - 1) / (x - 1), x + 1, ("x - 1 != 0",)), (exp(x) / exp(x), 1, ())],
)
def test_what_a_proof_divides_by_is_stated(left: Any, right: Any, condition: tuple[str, ...]) -> None:
    decision = decide(Equation(left, right))
    assert (decision.verdict, decision.provided) == ("proven", condition)


def test_a_condition_goes_with_the_verdict_wherever_that_is_shown() -> None:
    quotient = Derivation("A quotient", (x**2 - 1) / (x - 1), (x + 1, "divided"))
    assert quotient.prove().verdict() == "proven for all sizes, provided that x - 1 != 0"
    assert repr(quotient).endswith("provided that x - 1 != 0")
    assert r"\text{proven for all sizes, provided that x - 1 != 0}" in quotient._repr_latex_()
    assert quotient.provenance()[0]["provided"] == ["x - 1 != 0"]


def test_a_false_formula_never_looks_like_a_right_one() -> None:
    wrong = Derivation("Wrong", sum_over(j, X[u, i]), (X[u, i], "a factor is lost"))
    for shown in (repr(wrong), wrong._repr_latex_()):
        assert NOT_CHECKED in shown
    with pytest.raises(ClaimError):
        wrong.prove()
    for shown in (repr(wrong), wrong._repr_latex_()):
        assert "refuted at the step “a factor is lost”: at m = " in shown
        assert "proven" not in shown


def test_a_misconception_that_is_true_says_so() -> None:
    true = Misconception("1", "It is m times x", sum_over(j, X[u, i]), m * X[u, i], correction="It is.")
    assert true.verdict() == NOT_CHECKED
    with pytest.raises(ClaimError, match="proven, expected that it fails"):
        true.refute()
    assert true.verdict() == "proven, though it is said to be wrong"
