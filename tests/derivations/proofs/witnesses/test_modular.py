"""The exact witness: true equations agree, false ones differ, and what it can't see it says."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sympy import Expr, exp, isprime, log

from derivations.calculus import Index, step, sum_over
from derivations.proofs import Equation
from derivations.proofs.witnesses.modular import PRIMES, exact
from tests.derivations.proofs.witnesses.equations import FALSE, TRUE, changed, s, t, x


@pytest.mark.parametrize("name", TRUE)
def test_true_equations_agree(name: str) -> None:
    found = exact(TRUE[name])
    assert found.agrees, str(found)
    assert found.points >= 2


@pytest.mark.parametrize("name", TRUE)
def test_a_changed_side_does_not_agree(name: str) -> None:
    assert not any(exact(wrong).agrees for wrong in changed(TRUE[name]))


@pytest.mark.parametrize("name", FALSE)
def test_false_equations_differ(name: str) -> None:
    found = exact(FALSE[name])
    assert not found.agrees
    assert found.disagreement.startswith("the sides differ at ") or found.disagreement == "the sides differ"


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        pytest.param(step(s + t), step(s), "the order of numbers", id="sums of positive numbers"),
        pytest.param(log(s**2 + 2 * s + 1), 2 * log(s + 1), "logarithms of sums", id="logarithms"),
        pytest.param(exp(exp(exp(exp(exp(x))))), exp(exp(exp(exp(exp(x))))), "more than 4 deep", id="deep exponents"),
        pytest.param(1 / (step(x**2) - step(x) - step(-x)), x, "no point was found", id="defined nowhere"),
    ],
)
def test_what_is_not_seen_is_said(left: Expr, right: Expr, reason: str) -> None:
    found = exact(Equation(left, right))
    assert not found.agrees
    assert not found.disagreement
    assert reason in found.reason


def test_a_corner_is_seen() -> None:
    """Equal everywhere but at 0."""
    assert not exact(Equation(step(x), 1 - step(-x))).agrees


def test_the_chain_of_primes() -> None:
    assert all(isprime(p) for p in PRIMES)
    assert all(p == 2 * q + 1 for p, q in pairwise(PRIMES))
    for p in PRIMES:
        assert p > 10**37
        assert all(pow(number, (p - 1) // 2, p) == 1 for number in range(1, 37))
        assert pow(p - 1, (p - 1) // 2, p) == p - 1, "-1 is no square"


def test_sums_without_end_are_not_worked_out() -> None:
    indices = tuple(Index(f"i{number}", 2) for number in range(40))
    found = exact(Equation(sum_over(indices, x), 2**40 * x))
    assert found.reason == "its sums have more than 200,000 terms in all"
