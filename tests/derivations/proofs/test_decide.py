"""Proven, refuted with a counterexample that is one, or undecided: nothing else, and never proven too much."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Rational, S, cos, exp, log, sqrt

from derivations.calculus import (
    Index,
    Partial,
    Positive,
    SumsToOne,
    array,
    delta,
    label,
    relu,
    step,
    sum_over,
)
from derivations.checking import statements
from derivations.notation import A1, W1, Z1, Z2, L, X, Y, c, d, dZ2, h, i, j, k, lam, m, n, t, u, v, w
from derivations.proofs import Decision, Equation, claims, decide
from derivations.proofs.counterexample import ShapeMismatch, ValueMismatch
from derivations.proofs.misconception import Misconception
from tests.derivations.by_loops import sides_at
from tests.derivations.expressions import AXES, expressions

y = label("y", Z2.shape[0])


def refutation(equation: Equation) -> ValueMismatch:
    """The counterexample, after both sides were computed anew there."""
    decision = decide(equation)
    assert decision.verdict == "refuted"
    found = decision.counterexample
    assert isinstance(found, ValueMismatch)
    left, right = sides_at(equation, found.sizes, found.at, found.values)
    assert left == pytest.approx(found.left)
    assert right == pytest.approx(found.right)
    assert left != pytest.approx(right, rel=1e-6, abs=0)
    return found


@pytest.mark.parametrize(
    "equation",
    [
        pytest.param(Equation(X[u, i], 2 * X[u, i], (u, i)), id="factor"),
        pytest.param(Equation(X[u, i], -X[u, i], (u, i)), id="sign"),
        pytest.param(Equation(sum_over(i, X[u, i]), m * X[u, j], (u, j)), id="sum"),
        pytest.param(Equation(X[u, i], X[u, j], (u, i, j)), id="another index"),
        pytest.param(Equation(sum_over(i, X[u, i]), sum_over(i, X[t, i]), (u, t)), id="another index beside a sum"),
        pytest.param(Equation(step(Z1[v, i]), 1 - step(-Z1[v, i]), (v, i)), id="slope at zero"),
        pytest.param(Equation(relu(Z1[v, i]) ** 2, Z1[v, i] ** 2, (v, i)), id="mask"),
        pytest.param(Equation(log(sum_over(c, exp(Z2[c, i]))), sum_over(c, Z2[c, i]), (i,)), id="log of a sum"),
        pytest.param(Equation(Z2[y(i), i], sum_over(c, Z2[c, i]), (i,)), id="labels"),
        pytest.param(Equation(sum_over(c, Y[c, i]), S(1), (i,)), id="an assumption that is not made"),
        pytest.param(
            Equation(sum_over(i, Y[c, i]), S(1), (c,), assumptions=(SumsToOne("Y"),)), id="on the other axis"
        ),
        pytest.param(
            Equation(dZ2[k, i], Partial(L, Z2[k, i]), (k, i),
                     where={L: sum_over((c, i), Z2[c, i] ** 2), dZ2[k, i]: Z2[k, i]}),
            id="definitions",
        ),
        pytest.param(Equation(X[u, i], X[u, i] + Rational(1, 10**5), (u, i)), id="small"),
    ],
)  # fmt: skip
def test_a_counterexample_is_one(equation: Equation) -> None:
    found = refutation(equation)
    lengths = list(found.sizes.values())
    assert len(set(lengths)) == len(lengths), "equal sizes hide transposes"


def test_the_counterexamples_of_the_errata_are_true() -> None:
    errata = [statement for statement in statements().values() if isinstance(statement, Misconception)]
    assert errata
    for misconception in errata:
        decision = decide(misconception.equation)
        assert decision.verdict == "refuted"
        if isinstance(decision.counterexample, ShapeMismatch):
            assert decision.counterexample.left != decision.counterexample.right
        else:
            refutation(misconception.equation)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(cos(2 * X[u, i]), 2 * cos(X[u, i]) ** 2 - 1, id="trigonometry"),
        pytest.param(sqrt(1 + 2 * exp(X[u, i]) + exp(2 * X[u, i])), 1 + exp(X[u, i]), id="the root of a square"),
        pytest.param(
            log(2 + exp(X[u, i]) + 2 * exp(lam) + exp(lam + X[u, i])),
            log(1 + exp(lam)) + log(2 + exp(X[u, i])),
            id="the logarithm of a product",
        ),
    ],
)
def test_what_is_true_and_not_provable_is_undecided(left: Expr, right: Expr) -> None:
    decision = decide(Equation(left, right, (u, i)))
    assert decision.verdict == "undecided"
    assert decision.reason.startswith("no counterexample found, and no proof: what is left over is ")
    assert decision.max_error is not None
    assert decision.max_error < 1e-12


@pytest.mark.parametrize("difference", [Rational(1, 10**k) for k in (8, 12, 14, 40)], ids=str)
def test_a_difference_that_floats_do_not_see_is_refuted_in_100_digits(difference: Expr) -> None:
    decision = decide(Equation(X[u, i], X[u, i] * (1 + difference), (u, i)))
    found = decision.counterexample
    assert decision.verdict == "refuted"
    assert isinstance(found, ValueMismatch)
    if found.apart is not None:  # 1e-8 is seen in floats
        assert found.apart == pytest.approx(-found.left * float(difference), rel=1e-6)
        assert f"in 100 digits the left one is {'larger' if found.left < 0 else 'smaller'} by" in str(decision)
    assert found.apart is not None or difference >= Rational(1, 10**12)


def test_a_cancellation_beside_a_quotient_leaves_nothing_undecided() -> None:
    """(1 - y) / (1 - a) loses digits where a is near 1, and its rounding scale doesn't say how many."""
    a = array("A", *Z1.shape)
    where = {a[v, i]: 1 / (1 + exp(-Z1[v, i]))}
    loss = -X[u, i] * log(a[v, i]) - (1 - X[u, i]) * log(1 - a[v, i])
    assert decide(Equation(Partial(loss, Z1[v, i]), a[v, i] - X[u, i], (u, v, i), where=where)).verdict == "proven"


def test_a_difference_that_only_100_digits_see_is_undecided() -> None:
    """They are no proof: the exact witness can't tell about logarithms of sums."""
    assert decide(Equation(log(L**2 + 1), log(L**2 + 1) + Rational(1, 10**14))).verdict == "undecided"


@pytest.mark.parametrize("difference", [Rational(1, 10**k) for k in (8, 12, 14, 40)], ids=str)
def test_a_small_difference_is_seen_where_the_rest_is_0(difference: Expr) -> None:
    refutation(Equation(X[u, i], X[u, i] + difference, (u, i)))


def test_without_finite_numbers_nothing_is_proven() -> None:
    decision = decide(Equation(log(-exp(lam)) + 0 * X[u, i], log(-exp(lam)), ()))
    assert (decision.verdict, decision.reason) == ("undecided", "-exp(lam) > 0 never holds")


def test_an_undecided_or_broken_claim_is_not_ok() -> None:
    undecided = claims.Claim("id", "x", "file:1", lambda: Decision("undecided", reason="too hard"))
    assert not undecided.check().as_expected
    assert str(undecided.check()) == "id (file:1): undecided, expected that it holds: too hard"

    def broken() -> Decision:
        raise ValueError("matmul: shapes")

    outcome = claims.Claim("id", "x", "file:1", broken, expected="fails").check()
    assert not outcome.as_expected
    assert str(outcome) == "id (file:1): undecided, expected that it fails: ValueError: matmul: shapes"


@pytest.mark.parametrize("expected", ["holds", "fails"])
@pytest.mark.parametrize("verdict", ["proven", "cross-checked", "refuted", "undecided"])
def test_what_is_ok(verdict: Any, expected: Any) -> None:
    outcome = claims.Claim("id", "x", "file:1", lambda: Decision(verdict, compared=1), expected).check()
    assert outcome.as_expected == (
        (verdict, expected) in {("proven", "holds"), ("cross-checked", "holds"), ("refuted", "fails")}
    )


@pytest.mark.parametrize("verdict", ["proven", "cross-checked"])
def test_without_a_comparison_there_is_no_verdict(verdict: Any) -> None:
    with pytest.raises(ValueError, match=f"{verdict}, but nothing was compared"):
        Decision(verdict, sizes={"m": 2}, max_error=0.0, tolerance=1e-12)
    outcome = claims.Claim("id", "x", "file:1", lambda: Decision(verdict)).check()
    assert (outcome.as_expected, outcome.decision.verdict) == (False, "undecided")


def test_the_columns_of_Y_are_assumed_where_that_is_needed() -> None:
    equation = statements()["softmax_cross_entropy.dZ2_with_matrix"]
    assert equation.claims()[-1].check().as_expected
    needs = [
        Equation(sum_over(c, Y[c, i]) * Z2[k, i] - Y[k, i], Z2[k, i] - Y[k, i], (k, i), assumptions=assumptions)
        for assumptions in ((SumsToOne("Y"),), (), (Positive("Y"),))
    ]
    assert [decide(equation).verdict for equation in needs] == ["proven", "refuted", "refuted"]


def test_the_convention_at_zero() -> None:
    """Both the derivative and its value in numbers are 0 at 0, where SymPy's Heaviside is 1/2."""
    where = {A1[v, i]: relu(Z1[v, i])}
    slope = Partial(A1[v, i], Z1[w, j])
    assert decide(Equation(slope, step(Z1[v, i]) * delta(v, w) * delta(i, j), (v, i, w, j), where=where)).verdict == (
        "proven"
    )
    other = refutation(Equation(slope, (1 - step(-Z1[v, i])) * delta(v, w) * delta(i, j), (v, i, w, j), where=where))
    assert all(value == 0 for row in other.values["Z1"] for value in row)


def test_a_positive_scalar() -> None:
    sides = log(lam * L**2), log(lam) + log(L**2)
    assert decide(Equation(*sides, assumptions=(Positive("lam"),))).verdict == "proven"
    assert decide(Equation(*sides)).verdict == "undecided"


# Shapes


def test_shapes_that_can_not_match() -> None:
    decision = decide(Equation(X[u, i], W1[v, u], (u, i), right_axes=(v, u)))
    assert decision.verdict == "refuted"
    found = decision.counterexample
    assert isinstance(found, ShapeMismatch)
    assert (found.left, found.right) == ((found.sizes["n"], found.sizes["m"]), (found.sizes["h"], found.sizes["n"]))


# Derivatives: SymPy's own traps do not bite


def test_a_derivative_by_a_matrix_is_not_lost() -> None:
    """SymPy's own derivative of trace(G.T * W) + lam / 2 * trace(W.T * W) by W may come out as 0 (sympy #26561)."""
    G = array("G", h, n)
    where = {L: sum_over((v, u), G[v, u] * W1[v, u]) + lam / 2 * sum_over((v, u), W1[v, u] ** 2)}
    equation = Equation(Partial(L, W1[w, u]), G[w, u] + lam * W1[w, u], (w, u), where=where)
    assert decide(equation).verdict == "proven"


def test_the_index_of_the_derivative_may_be_bound_in_the_expression() -> None:
    total = sum_over((c, i), exp(Z2[c, i]))
    assert decide(Equation(Partial(total, Z2[c, i]), exp(Z2[c, i]), (c, i))).verdict == "proven"
    score = Z2[c, i] / sum_over(c, exp(Z2[c, i]))
    softmax = exp(Z2[c, i]) / sum_over(d, exp(Z2[d, i]))
    expected = (1 - Z2[c, i] * softmax) / sum_over(d, exp(Z2[d, i]))
    assert decide(Equation(Partial(score, Z2[c, i]), expected, (c, i))).verdict == "proven"


def test_what_can_not_be_differentiated() -> None:
    with pytest.raises(TypeError, match="Partial"):
        Partial(L, exp(lam))


def test_the_derivative_of_a_scalar_by_a_scalar() -> None:
    equation = Equation(Partial(L, lam), 2 * lam, where={L: lam**2})
    assert decide(equation).verdict == "proven"
    refutation(Equation(Partial(L, lam), 3 * lam, where={L: lam**2}))


@settings(max_examples=40)
@given(left=expressions(depth=2), right=expressions(depth=2), equal=st.booleans())
def test_random_equations(left: Expr, right: Expr, equal: bool) -> None:
    """An equation that is refuted is false where the counterexample says; one that is not refuted holds in numbers."""
    equation = Equation(left * right, right * left if equal else left * right + right, AXES)
    decision = decide(equation)
    if equal:
        assert decision.verdict != "refuted"
    if isinstance(decision.counterexample, ValueMismatch):
        refutation(equation)


def test_indices_of_one_name_and_other_sizes_are_told_apart() -> None:
    over_features = Index("v", n)
    assert decide(Equation(sum_over(v, S(1)), sum_over(over_features, S(1)), ())).verdict == "refuted"
