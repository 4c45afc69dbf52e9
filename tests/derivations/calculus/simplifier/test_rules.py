"""Each rule, and that no rule changes a value."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Function, Indexed, IndexedBase, Integer, Rational, S, Sum, Symbol, exp, log, sqrt

from derivations.calculus import (
    Index,
    Partial,
    Positive,
    ShapeError,
    SumsToOne,
    array,
    delta,
    label,
    prove_equal,
    relu,
    simplified,
    step,
    sum_over,
)
from derivations.calculus.assumptions import Assumption
from derivations.calculus.simplifier.budget import StepLimitExceeded
from derivations.calculus.simplifier.subscripts import Named, Subscript
from derivations.notation import Z2, C, X, Y, c, d, h, i, j, k, lam, m, n, t, u, v
from tests.derivations.by_loops import Loops
from tests.derivations.calculus.simplifier.polynomials_by_loops import PolynomialLoops
from tests.derivations.expressions import AXES, SIZES, expressions, rewritten, values

x, z = array("x", m, 1), array("z", m, 1)
B = array("B", m, m)
y = label("y", C)


def equal(left: Expr | int, right: Expr | int, *assuming: Assumption) -> bool:
    return prove_equal(left, right, assuming=assuming).equal


# Rule by rule: what is equal, and beside it what is not.


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param((x[i, 0] + z[i, 0]) ** 2, x[i, 0] ** 2 + 2 * x[i, 0] * z[i, 0] + z[i, 0] ** 2, id="1-square"),
        pytest.param(
            sum_over(i, x[i, 0]) * sum_over(i, z[i, 0]), sum_over((i, j), x[i, 0] * z[j, 0]), id="1-product-of-sums"
        ),
        pytest.param(lam * sum_over(i, x[i, 0]), sum_over(i, lam * x[i, 0]), id="1-factor-inside"),
        pytest.param(sum_over(i, x[i, 0]) ** 2, sum_over((j, i), x[i, 0] * x[j, 0]), id="1-square-of-sum"),
        pytest.param(sum_over(i, x[i, 0] + z[i, 0]), sum_over(i, x[i, 0]) + sum_over(j, z[j, 0]), id="1-sum-of-sums"),
        pytest.param(sum_over(i, delta(i, j) * x[i, 0]), x[j, 0], id="2-contracted"),
        pytest.param(delta(i, j) * x[i, 0], delta(i, j) * x[j, 0], id="2-either-index"),
        pytest.param(delta(i, j) ** 2, delta(i, j), id="2-square"),
        pytest.param(sum_over(i, delta(i, j) * delta(i, j)), 1, id="2-square-in-sum"),
        pytest.param(sum_over((i, j), delta(i, j)), m, id="2-trace-of-the-identity"),
        pytest.param(sum_over(c, delta(c, y(i)) * Z2[c, i]), Z2[y(i), i], id="2-label"),
        pytest.param(delta(c, y(i)) * Z2[c, i], delta(c, y(i)) * Z2[y(i), i], id="2-label-free"),
        pytest.param(sum_over(i, delta(i, 0) * x[i, 0]), x[0, 0], id="2-number"),
        pytest.param(sum_over(i, delta(i, j) * delta(i, Index("l", m))), delta(j, Index("l", m)), id="2-two-deltas"),
        pytest.param(sum_over(i, lam), m * lam, id="3-unused"),
        pytest.param(sum_over((i, u), x[i, 0]), n * sum_over(i, x[i, 0]), id="3-one-of-two"),
        pytest.param(exp(x[i, 0] + z[i, 0]), exp(x[i, 0]) * exp(z[i, 0]), id="4-exp-of-a-sum"),
        pytest.param(exp(2 * x[i, 0]), exp(x[i, 0]) ** 2, id="4-exp-squared"),
        pytest.param(exp(-x[i, 0]) * exp(x[i, 0]), 1, id="4-exp-inverse"),
        pytest.param(log(m * n), log(m) + log(n), id="4-log-of-a-product"),
        pytest.param(log(exp(x[i, 0]) / m), x[i, 0] - log(m), id="4-log-undoes-exp"),
        pytest.param(exp(log(m) + x[i, 0]), m * exp(x[i, 0]), id="4-exp-undoes-log"),
        pytest.param(
            log(exp(lam) * sum_over(i, exp(x[i, 0]))), lam + log(sum_over(i, exp(x[i, 0]))), id="4-log-of-a-sum"
        ),
        pytest.param(relu(x[i, 0]), x[i, 0] * step(x[i, 0]), id="5-relu"),
        pytest.param(step(x[i, 0]) ** 3, step(x[i, 0]), id="5-idempotent"),
        pytest.param(step(m * x[i, 0]), step(x[i, 0]), id="5-positive-factor"),
        pytest.param(step(exp(lam) * x[i, 0] / 3), step(x[i, 0]), id="5-positive-factors"),
        pytest.param(step(relu(x[i, 0])), step(x[i, 0]), id="5-step-of-relu"),
        pytest.param(relu(relu(x[i, 0])), relu(x[i, 0]), id="5-relu-of-relu"),
        pytest.param(step(step(x[i, 0]) * z[i, 0]), step(x[i, 0]) * step(z[i, 0]), id="5-step-of-step"),
        pytest.param(step(exp(x[i, 0])), 1, id="5-step-of-positive"),
        pytest.param(step(-exp(x[i, 0])), 0, id="5-step-of-negative"),
        pytest.param(sum_over(i, lam * x[i, 0]) ** -2, lam**-2 * sum_over(i, x[i, 0]) ** -2, id="6-whole-power"),
        pytest.param(
            sqrt(sum_over(i, m * exp(x[i, 0]))), sqrt(m) * sqrt(sum_over(i, exp(x[i, 0]))), id="6-root-of-positive"
        ),
        pytest.param(
            sum_over(i, exp(x[i, 0]) / sum_over(j, exp(x[j, 0]))), 1, id="6-softmax-sums-to-one"
        ),
        pytest.param(1 / (1 + exp(-lam)), 1 - 1 / (1 + exp(lam)), id="6-sigmoid"),
        pytest.param(lam / (lam + m) + m / (lam + m), 1, id="6-parts-of-a-whole"),
        pytest.param(1 / sum_over((i, u), x[i, 0] * X[u, j]), 1 / (sum_over(i, x[i, 0]) * sum_over(u, X[u, j])),
                     id="6-independent"),
        pytest.param(sum_over(i, x[i, 0]), sum_over(j, x[j, 0]), id="8-renamed"),
        pytest.param(sum_over((i, j), B[i, j]), sum_over((j, i), B[i, j]), id="8-order-of-sums"),
        pytest.param(sum_over((i, j), B[i, j]), sum_over((i, j), B[j, i]), id="8-both-renamed"),
        pytest.param(
            exp(sum_over(i, x[i, 0] * sum_over(j, B[i, j]))), exp(sum_over((j, i), x[j, 0] * B[j, i])), id="8-nested"
        ),
        pytest.param(
            sum_over(i, x[i, 0] * sum_over(i, z[i, 0])), sum_over((i, j), x[i, 0] * z[j, 0]), id="8-hidden-name"
        ),
    ],
)  # fmt: skip
def test_a_rule_makes_equal(left: Expr, right: Expr | int) -> None:
    assert equal(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(sum_over(i, x[i, 0] * z[i, 0]), sum_over(i, x[i, 0]) * sum_over(i, z[i, 0]), id="1"),
        pytest.param(sum_over(i, x[i, 0] ** 2), sum_over(i, x[i, 0]) ** 2, id="1-square"),
        pytest.param(delta(i, j) * x[i, 0], x[i, 0], id="2"),
        pytest.param(sum_over(i, delta(i, j) * x[j, 0]), m * x[j, 0], id="2-and-3"),
        pytest.param(Z2[y(i), i], Z2[y(j), i], id="2-labels"),
        pytest.param(sum_over(i, x[i, 0]), m * x[i, 0], id="3"),
        pytest.param(exp(sum_over(i, x[i, 0])), sum_over(i, exp(x[i, 0])), id="4"),
        pytest.param(log(x[i, 0] * z[i, 0]), log(x[i, 0]) + log(z[i, 0]), id="4-not-positive"),
        pytest.param(log(x[i, 0] ** 2), 2 * log(x[i, 0]), id="4-square"),
        pytest.param(step(-x[i, 0]), 1 - step(x[i, 0]), id="5-at-zero"),
        pytest.param(step(lam * x[i, 0]), step(x[i, 0]), id="5-unknown-sign"),
        pytest.param(step(-x[i, 0]), step(x[i, 0]), id="5-sign"),
        pytest.param(relu(x[i, 0] + z[i, 0]), relu(x[i, 0]) + relu(z[i, 0]), id="5-not-linear"),
        pytest.param(sqrt(x[i, 0] ** 2), x[i, 0], id="6-root-of-a-square"),
        pytest.param(sqrt(lam * m), sqrt(lam) * sqrt(m + 1), id="6-root"),
        pytest.param(1 / sum_over((i, j), B[i, j] * x[j, 0]), 1 / (sum_over((i, j), B[i, j]) * sum_over(j, x[j, 0])),
                     id="6-dependent"),
        pytest.param(sum_over(j, B[i, j]), sum_over(j, B[j, i]), id="8-transposed"),
        pytest.param(sum_over((i, j), B[i, j] ** 2), sum_over((i, j), B[i, j] * B[j, i]), id="8-pairs"),
        pytest.param(x[i, 0], x[j, 0], id="8-free"),
        pytest.param(
            sum_over(i, x[i, 0] * sum_over(j, B[i, j])), sum_over(i, x[i, 0] * sum_over(j, B[j, j])), id="8-captured"
        ),
    ],
)  # fmt: skip
def test_what_is_not_equal_stays_so(left: Expr, right: Expr) -> None:
    assert not equal(left, right)


def test_assumptions() -> None:
    total = sum_over(c, Y[c, i])
    assert equal(total, 1, SumsToOne("Y"))
    assert equal(sum_over((c, i), Y[c, i]), m, SumsToOne("Y"))
    assert equal(sum_over((c, i), Y[c, i] * x[i, 0]), sum_over(i, x[i, 0]), SumsToOne("Y"))
    assert equal(log(lam * x[i, 0]), log(lam) + log(x[i, 0]), Positive("x"))
    assert equal(step(x[i, 0]), 1, Positive("x"))


@pytest.mark.parametrize(
    ("total", "assuming"),
    [
        pytest.param(sum_over(c, Y[c, i]), (), id="not assumed"),
        pytest.param(sum_over(c, Y[c, i]), (SumsToOne("P"),), id="assumed of another array"),
        pytest.param(sum_over(i, Y[c, i]), (SumsToOne("Y"),), id="the other axis"),
        pytest.param(sum_over(c, Y[c, i]), (SumsToOne("Y", axis=1),), id="assumed of the other axis"),
        pytest.param(sum_over(c, Y[c, i] ** 2), (SumsToOne("Y"),), id="squared"),
        pytest.param(sum_over(c, Y[c, i] * Z2[c, i]), (SumsToOne("Y"),), id="weighted"),
        pytest.param(sum_over(c, Y[c, i] * Y[c, j]), (SumsToOne("Y"),), id="two columns"),
        pytest.param(sum_over(c, Y[c, label("q", m)(c)]), (SumsToOne("Y"),), id="from a column for each class"),
        pytest.param(sum_over(i, B[i, i]), (SumsToOne("B"),), id="the diagonal"),
    ],
)
def test_a_sum_is_one_only_where_that_is_assumed(total: Expr, assuming: tuple[Assumption, ...]) -> None:
    assert not equal(total, 1, *assuming)


# The rules are not made for this network: they differentiate layer normalization as well.


def test_layer_normalization() -> None:
    """dxhat/dx = ((m delta - 1) - xhat xhat) / (m sigma), as in textbooks; here for the variance plus eps.

    With xhat = (x - mu) / s and s = sqrt(var + eps): d xhat_i / d x_j = (delta_ij - 1/m - xhat_i xhat_j / m) / s.
    """
    eps = Symbol("eps", positive=True)
    mean = sum_over(j, x[j, 0]) / m
    other = Index("l", m)
    deviation = sqrt(sum_over(other, (x[other, 0] - mean) ** 2) / m + eps)
    normalized = (x[i, 0] - mean) / deviation
    textbook = (delta(i, j) - 1 / m - normalized * normalized.subs(x[i, 0], x[j, 0]) / m) / deviation
    derivative = Partial(normalized, x[j, 0])
    assert equal(derivative, textbook)
    assert not equal(derivative, (delta(i, j) - normalized * normalized.subs(x[i, 0], x[j, 0]) / m) / deviation)


def test_softmax_is_unchanged_by_a_shift_of_all_scores() -> None:
    shifted = exp(Z2[k, i] - x[i, 0]) / sum_over(c, exp(Z2[c, i] - x[i, 0]))
    assert equal(shifted, exp(Z2[k, i]) / sum_over(d, exp(Z2[d, i])))
    assert not equal(exp(Z2[k, i] - Z2[k, j]) / sum_over(c, exp(Z2[c, i])), shifted)


# What can't be simplified


def test_fractions_end() -> None:
    """Denominators are cleared, so a quotient's powers come to an end."""
    first, second = sum_over(c, exp(Z2[c, i])), 1 + sum_over(c, exp(Z2[c, j]))
    power = (first / second + second / first) ** 4 * (first + second) ** 2
    assert equal(power * first**4 * second**4, (first**2 + second**2) ** 4 * (first + second) ** 2)


def test_what_takes_too_many_steps_is_given_up() -> None:
    letters = [Symbol(f"z{number}", real=True) for number in range(12)]
    with pytest.raises(StepLimitExceeded):
        simplified((sum(letters, S(1)) ** 12) ** 2)


def test_division_by_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        simplified(1 / (sum_over(i, x[i, 0]) - sum_over(j, x[j, 0])))
    with pytest.raises(ZeroDivisionError):  # 0 in lowest terms only
        simplified(1 / (x[0, 0] / (x[0, 0] + 1) + 1 / (x[0, 0] + 1) - 1))


T = IndexedBase("T", shape=(m, n))


@pytest.mark.parametrize(
    "expr",
    [
        pytest.param(X[i, u], id="indices swapped"),
        pytest.param(X[u, c], id="an index of another size"),
        pytest.param(Z2[c, y(i)], id="a label at the wrong axis"),
        pytest.param(X[u, 1], id="a number that may be too large"),
        pytest.param(Indexed(T, i, i), id="an array with any number of axes"),
        pytest.param(X[u, m - 1 - i], id="no index"),
        pytest.param(delta(i, u), id="a delta of two ranges"),
        pytest.param(sum_over(i, delta(i, 1)), id="a delta with a number that may be too large"),
        pytest.param(Sum(x[i, 0], (i, 1, m - 1)), id="a sum that starts later"),
        pytest.param(Sum(x[i, 0], (i, 0, m)), id="a sum that goes on"),
        pytest.param(Sum(X[u, i], (i, 0, n - 1)), id="a sum over another range"),
        pytest.param(sum_over((i, i), delta(i, j)), id="a sum over the same index twice"),
    ],
)
def test_indices_that_do_not_fit_are_refused(expr: Expr) -> None:
    with pytest.raises(ShapeError):
        simplified(expr)


def test_a_number_that_fits_is_an_index() -> None:
    pair = array("pair", 2, m)
    assert equal(sum_over(Index("p", 2), pair[Index("p", 2), i] * delta(Index("p", 2), 1)), pair[1, i])


def test_what_is_no_index_expression() -> None:
    with pytest.raises(TypeError, match="i is not accepted: a formula is made of"):
        simplified(x[i, 0] * i)


def test_functions_it_does_not_know_are_opaque() -> None:
    f = Function("f")
    assert equal(f(x[i, 0] + 2 * z[i, 0]), f(2 * z[i, 0] + x[i, 0]))
    assert not equal(f(x[i, 0] + z[i, 0]), f(x[i, 0]) + f(z[i, 0]))


def test_other_exponents() -> None:
    assert equal(m**lam * m ** (1 - lam), m)
    assert equal(sqrt(exp(lam)), exp(lam / 2))
    assert not equal(Integer(2) ** lam, Integer(3) ** lam)
    assert equal(x[i, 0] ** Rational(1, 2) * x[i, 0] ** Rational(3, 2), x[i, 0] ** 2)


def test_sizes_are_part_of_an_index() -> None:
    """An index v over the hidden units is another than an index of that name over the features."""
    other = Index("v", n)
    assert not equal(sum_over(v, lam), sum_over(other, lam))
    assert equal(sum_over(v, lam) * sum_over(t, 1), h * n * lam)


# Random expressions


@settings(max_examples=150)
@given(expr=expressions(), numbers=values)
def test_the_simplified_form_has_the_value_of_the_expression(expr: Expr, numbers: dict[str, Any]) -> None:
    place = {index: (k + 1) % 2 for k, index in enumerate(AXES)}
    wanted = Loops(numbers, SIZES).at(expr, place).value
    free: dict[Subscript, int] = {Named(index.name, str(index.size)): number for index, number in place.items()}
    found = PolynomialLoops(numbers, {"m": 2, "n": 3}).at(simplified(expr), free)
    assert found == pytest.approx(wanted, rel=1e-9, abs=1e-9 * max(1.0, abs(wanted)))


@settings(max_examples=100)
@given(expr=expressions(), random=st.randoms(use_true_random=False), numbers=values)
def test_other_ways_to_write_it_have_the_same_simplified(expr: Expr, random: Random, numbers: dict[str, Any]) -> None:
    other = rewritten(expr, random)
    place = {index: k % 2 for k, index in enumerate(AXES)}
    one, two = (Loops(numbers, SIZES).at(side, place).value for side in (expr, other))
    assert one == pytest.approx(two, rel=1e-7, abs=1e-7), "the test's own rules must be right"
    assert prove_equal(expr, other).equal
