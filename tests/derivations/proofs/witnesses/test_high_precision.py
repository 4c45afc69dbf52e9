"""The witness of many digits: it also sees the order of numbers, roots and logarithms."""

from __future__ import annotations

import pytest
from sympy import Expr, Rational, S, exp, log, sqrt

from derivations.calculus import Partial, relu, step
from derivations.proofs import Equation
from derivations.proofs.witnesses.high_precision import in_high_precision
from tests.derivations.proofs.witnesses.equations import FALSE, TRUE, changed, s, t, x


@pytest.mark.parametrize("name", TRUE)
def test_true_equations_agree(name: str) -> None:
    found = in_high_precision(TRUE[name])
    assert found.agrees, str(found)
    assert found.points >= 4


@pytest.mark.parametrize("name", TRUE)
def test_a_changed_side_differs(name: str) -> None:
    for wrong in changed(TRUE[name]):
        assert "the sides differ" in in_high_precision(wrong).disagreement


@pytest.mark.parametrize("name", FALSE)
def test_false_equations_differ(name: str) -> None:
    assert "the sides differ" in in_high_precision(FALSE[name]).disagreement


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(step(s + t) * x, x, id="a sum of positive numbers"),
        pytest.param(log(s**2 + 2 * s + 1), 2 * log(s + 1), id="the logarithm of a square"),
        pytest.param(sqrt(s**2 + 2 * s + 1), s + 1, id="which root"),
        pytest.param(log(exp(x) + exp(s)), x + log(1 + exp(s - x)), id="log-sum-exp"),
        pytest.param(s - 10**20 * t + 10**20 * t * (1 + Rational(0)), s, id="cancellation"),
        pytest.param(Partial(relu(x) - relu(-x), x), 1 + 0 * x, id="a corner that isn't one"),
    ],
)
def test_what_the_exact_witness_does_not_see(left: Expr, right: Expr) -> None:
    found = in_high_precision(Equation(left, right))
    assert found.agrees, str(found)
    assert in_high_precision(Equation(left, right * (1 + Rational(1, 10**40)))).disagreement


def test_a_corner_is_seen() -> None:
    """Equal everywhere but at 0."""
    assert in_high_precision(Equation(step(x), 1 - step(-x))).disagreement == "the sides differ"


def test_values_of_both_signs_are_drawn() -> None:
    assert in_high_precision(Equation(relu(x), x)).disagreement
    assert in_high_precision(Equation(relu(-x), -x)).disagreement


def test_rounding_at_a_corner_refutes_nothing() -> None:
    """1/s - 1/(s + 1) - 1/(s (s + 1)) is 0, but in numbers it may come out on either side of it."""
    zero = 1 / s - 1 / (s + 1) - 1 / (s * (s + 1))
    assert not in_high_precision(Equation(step(x + zero), step(x))).disagreement
    assert not in_high_precision(Equation(step(zero), S.Zero)).disagreement
    assert in_high_precision(Equation(x / zero, S.Zero)).reason == "no point was found at which both sides are defined"
