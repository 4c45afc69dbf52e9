"""Derivatives of polynomials in atoms: against dual numbers in loops, through names, and what has none."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from sympy import Expr, Function, Mul, Symbol, exp, log, sqrt, tanh

from derivations.calculus import (
    Index,
    Local,
    Partial,
    ShapeError,
    SumsToOne,
    array,
    delta,
    prove_equal,
    relu,
    sigmoid,
    simplified,
    step,
    sum_over,
)
from derivations.calculus.definitions import DerivativeError
from derivations.calculus.simplifier.subscripts import Named, Subscript
from derivations.notation import Z2 as Z
from derivations.notation import C, P, X, Y, c, i, j, k, m, n, t, u
from tests.derivations.by_loops import array_by_loops
from tests.derivations.calculus.simplifier.polynomials_by_loops import PolynomialLoops
from tests.derivations.expressions import AXES, SIZES, A, expressions, values

L, Q, R, S = (Symbol(name, real=True) for name in "LQRS")
W = array("W", C, n)
x, y = Symbol("x", real=True), Symbol("y", real=True)


@settings(max_examples=60)
@given(expr=expressions(), numbers=values)
def test_derivatives_agree_with_dual_numbers(expr: Expr, numbers: dict[str, Any]) -> None:
    axes = (*AXES, Index("p", m), Index("q", n))
    derivative = Partial(expr, A[axes[-2:]])
    wanted = array_by_loops(derivative, axes, numbers, SIZES)
    if not wanted.any():
        return
    by_rules, loops = simplified(derivative), PolynomialLoops(numbers, {"m": 2, "n": 3})
    places = list(np.ndindex(wanted.shape))[::5]
    assert len(places) > 40
    for place in places:
        free: dict[Subscript, int] = {Named(a.name, str(a.size)): number for a, number in zip(axes, place, strict=True)}
        scale = max(1.0, np.abs(wanted).max())
        assert loops.at(by_rules, free) == pytest.approx(wanted[place], rel=1e-8, abs=1e-8 * scale)


def equal(left: Expr, right: Expr, where: dict[Expr, Expr] | None = None) -> bool:
    return prove_equal(left, right, where).equal


def test_a_total_derivative_goes_through_names_and_a_local_one_does_not() -> None:
    where = {S: Q * R, R: 2 * Q}
    assert equal(Local(S, Q), R, where)
    assert equal(Partial(S, Q), R + 2 * Q, where)
    assert not equal(Partial(S, Q), R, where)
    assert equal(Local(Q * R, Q), R, where)


def test_a_name_that_is_differentiated_with_respect_to_is_held() -> None:
    """dL/dZ does not ask what Z is made of."""
    where = {L: sum_over((c, i), exp(Z[c, i])), Z[c, i]: sum_over(u, W[c, u] * X[u, i])}
    assert equal(Partial(L, Z[k, j]), exp(Z[k, j]), where)
    assert equal(Partial(L, W[k, t]), sum_over(i, exp(Z[k, i]) * X[t, i]), where)


def test_two_ways_from_a_name_to_another_both_count() -> None:
    """A residual connection: Z acts on L directly and through P."""
    where = {P[c, i]: sigmoid(Z[c, i]), L: sum_over((c, i), Z[c, i] * P[c, i])}
    total = P[k, j] + Z[k, j] * P[k, j] * (1 - P[k, j])
    assert equal(Partial(L, Z[k, j]), total, where)
    assert not equal(Partial(L, Z[k, j]), P[k, j], where)
    assert equal(Local(L, Z[k, j]), P[k, j], where)


def test_a_function_is_differentiated_by_its_output() -> None:
    """So a chain of a hundred layers needs none of its definitions: each slope is 1 - a**2 as it is written."""
    a = [Symbol(f"a{number}", real=True) for number in range(100)]
    where = {after: tanh(before) for before, after in pairwise(a)}
    slopes = Mul(*[1 - after**2 for after in a[1:]])
    assert equal(Partial(a[-1], a[0]), slopes, where)
    assert equal(Partial(P[c, i], Z[c, i]), P[c, i] * (1 - P[c, i]), {P[c, i]: sigmoid(Z[c, i])})
    assert equal(Partial(P[c, i], Z[k, i]), delta(c, k) * (1 - tanh(Z[k, i]) ** 2), {P[c, i]: tanh(Z[c, i])})
    assert not equal(Partial(P[c, i], Z[k, i]), delta(c, k) * (1 - P[k, j] ** 2), {P[c, i]: tanh(Z[c, i])})


def test_second_derivatives() -> None:
    f = Function("f")
    assert equal(Partial(Partial(x**3 * y, x), y), 3 * x**2)
    assert equal(Partial(Partial(f(x * y), x), y), Function("f'")(x * y) + x * y * Function("f''")(x * y))
    assert not equal(Partial(Partial(exp(x * y), x), y), exp(x * y) * x * y)


def test_the_index_of_the_derivative_may_be_bound_in_the_expression() -> None:
    score = Z[c, i] / sum_over(c, exp(Z[c, i]))
    softmax = exp(Z[c, i]) / sum_over(k, exp(Z[k, i]))
    assert equal(Partial(score, Z[c, i]), (1 - Z[c, i] * softmax) / sum_over(k, exp(Z[k, i])))
    assert equal(Partial(sum_over((c, i), exp(Z[c, i])), Z[c, i]), exp(Z[c, i]))


def test_arrays_of_any_number_of_axes() -> None:
    p, q = Index("p", m), Index("q", n)
    T, vector = array("T", m, n, m), array("w", n)
    total = sum_over((i, u, j), T[i, u, j] ** 2 * vector[u])
    assert equal(Partial(total, T[p, q, i]), 2 * T[p, q, i] * vector[q])
    assert equal(Partial(total, vector[q]), sum_over((i, j), T[i, q, j] ** 2))
    assert equal(Partial(T[i, u, j], T[p, q, i]), delta(i, p) * delta(u, q) * delta(i, j))


def test_the_conventions_at_a_kink() -> None:
    assert equal(Partial(relu(x), x), step(x))
    assert equal(Partial(step(x) * x, x), step(x))


@pytest.mark.parametrize(
    ("derivative", "where", "reason"),
    [
        pytest.param(Partial(L, x), {}, "L has no definition and does not contain x", id="a definition forgotten"),
        pytest.param(Partial(L, x), {L: y**2}, "L does not contain x", id="no way"),
        pytest.param(Local(L, x), {L: R, R: x}, "L does not contain x", id="not by itself"),
        pytest.param(Partial(y**2, x), {}, "y**2 does not contain x", id="not in it"),
    ],
)
def test_nothing_to_differentiate_is_a_mistake(derivative: Expr, where: dict[Expr, Expr], reason: str) -> None:
    assert prove_equal(derivative, 0, where).reason == reason
    with pytest.raises(DerivativeError):
        simplified(derivative, where)


def test_an_entry_of_what_sums_to_one_can_not_change_alone() -> None:
    """Else sum_c Y[c, i] would be 1 before it is differentiated, and its derivative 0."""
    proof = prove_equal(Partial(sum_over(c, Y[c, i]), Y[k, i]), 0, assuming=[SumsToOne("Y")])
    assert proof.reason == "Y is assumed to sum to 1: no entry of it can change by itself"


def test_indices_must_fit() -> None:
    with pytest.raises(ShapeError):
        simplified(Partial(X[u, i] ** 2, X[i, u]))


def test_a_root_has_no_derivative_at_zero() -> None:
    assert prove_equal(sqrt(x), sqrt(x)).provided == ("x >= 0",)
    assert prove_equal(Partial(sqrt(x), x), 1 / (2 * sqrt(x))).provided == ("x > 0",)
    assert prove_equal(Partial(log(x), x), 1 / x).provided == ("x > 0",)
    slope = Partial(L, x)
    assert prove_equal(slope, slope, {L: S**2, S: sqrt(x)}).provided == ("x > 0",)
