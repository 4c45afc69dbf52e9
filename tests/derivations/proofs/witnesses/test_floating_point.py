"""The look in numbers: it refutes nothing that is true, and sees what is false however small, at whichever size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from sympy import Expr, Rational, S, Symbol, exp, log, sqrt

from derivations.calculus import (
    Index,
    Local,
    Partial,
    SumsToOne,
    absolute,
    array,
    delta,
    label,
    relu,
    size,
    step,
    sum_over,
)
from derivations.calculus.evaluate import Evaluation
from derivations.proofs import Equation, decide
from derivations.proofs.witnesses.draws import Kind, draw
from derivations.proofs.witnesses.floating_point import _samples, compare_in_numbers
from tests.derivations.proofs.witnesses.equations import FALSE, TRUE

m, n = size("m"), size("n")
i, j, k, u, v = Index("i", m), Index("j", m), Index("k", m), Index("u", n), Index("v", n)
X, P, B, T = array("X", n, m), array("P", n, m), array("B", n, m), array("T", m, n, n)
x, y, L = (Symbol(name, real=True) for name in ("x", "y", "L"))
negative, nonnegative = Symbol("a", negative=True), Symbol("b", nonnegative=True)
total = Symbol("total", real=True)

NOT_REFUTED = {
    "a second derivative": Equation(Partial(Partial(x**3, x), x), 6 * x),
    "a Hessian": Equation(
        Partial(Partial(L, X[u, i]), X[v, j]), 2 * delta(u, v) * delta(i, j), (u, v, i, j),
        where={L: sum_over((u, i), X[u, i] ** 2)},
    ),
    "cancellation": Equation(total - 10**20 * x, y, where={total: 10**20 * x + y}),
    "cancellation in a derivative": Equation(Partial((x + 10**12) ** 2 - x**2 - 10**24, x), S(2 * 10**12)),
    "the slope of |x|": Equation(Partial(absolute(x), x) * absolute(x), x),
    "the log of a probability that has no definition": Equation(Partial(log(P[u, i]), P[u, i]), 1 / P[u, i], (u, i)),
    "a negative symbol": Equation(absolute(negative), -negative),
    "a nonnegative symbol": Equation(sqrt(nonnegative**2), nonnegative),
    "a corner that isn't one": Equation(Partial(relu(x) - relu(-x), x), S.One),
    "rounding at a corner": Equation(step(1 / exp(x) - 1 / (exp(x) + 1) - 1 / (exp(x) * (exp(x) + 1))), S.Zero),
    "three axes": Equation(Partial(sum_over((i, u, v), T[i, u, v] ** 2), T[j, v, u]), 2 * T[j, v, u], (j, u, v)),
    "along one edge": Equation(Local(L, x), total, where={L: x * total, total: 2 * x}),
    "rows that sum to one": Equation(
        sum_over(u, B[u, i]), S.One, (i,), assumptions=(SumsToOne("B"),)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_REFUTED)
def test_what_is_true_is_not_refuted(name: str) -> None:
    found = compare_in_numbers(NOT_REFUTED[name])
    assert found.counterexample is None
    assert found.compared > 0
    assert found.max_error is not None
    assert found.max_error < 1e-12


@pytest.mark.parametrize("name", [name for name in TRUE if "any function" not in name])
def test_true_equations_are_not_refuted(name: str) -> None:
    found = compare_in_numbers(TRUE[name])
    assert found.counterexample is None
    assert found.compared > 0


@pytest.mark.parametrize("name", [name for name in FALSE if name != "a tiny factor"])
def test_false_equations_are(name: str) -> None:
    assert compare_in_numbers(FALSE[name]).counterexample is not None


REFUTED = {
    "a difference between tiny numbers": Equation(x / 10**20, 2 * x / 10**20),
    "a tiny constant": Equation(x, x + Rational(1, 10**14)),
    "a second derivative of 0": Equation(Partial(Partial(x**3, x), x), S.Zero),
    "wrong for negative numbers alone": Equation(relu(x), x),
    "wrong for positive numbers alone": Equation(relu(x), S.Zero),
    "wrong at one size alone": Equation(
        sum_over((i, j, k), (1 - delta(i, j)) * (1 - delta(j, k)) * (1 - delta(i, k))), S.Zero
    ),
    "wrong where there are two": Equation(sum_over(i, S.One), 1 + 0 * m),
    "right but for signed columns": Equation(
        sum_over(u, absolute(B[u, i])), S.One, (i,), assumptions=(SumsToOne("B"),)
    ),
    "wrong at large numbers": Equation(relu(5 - X[u, i]), 5 - X[u, i], (u, i)),
    "defined at some entries alone": Equation(log(X[u, i]) ** 2, log(X[u, i]), (u, i)),
    "at zero": Equation(step(x), 1 - step(-x)),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUTED)
def test_what_is_false_is_seen(name: str) -> None:
    assert compare_in_numbers(REFUTED[name]).counterexample is not None
    assert decide(REFUTED[name]).verdict == "refuted"


def test_sizes_are_distinct_equal_and_1() -> None:
    equation = Equation(sum_over((u, i), X[u, i] * B[u, i]), L)
    sizes = [(sample.sizes[m], sample.sizes[n]) for sample in _samples(equation)]
    assert any(one != two for one, two in sizes)
    assert any(one == two > 1 for one, two in sizes)
    assert (1, 1) in sizes
    assert any(one > two for one, two in sizes), "in both orders"
    assert any(one < two for one, two in sizes)


def drawn(leaf: Expr, kind: Kind, sizes: Mapping[Expr, int], *assumptions: SumsToOne) -> list[np.ndarray]:
    return [np.asarray(draw(leaf, kind, sizes, tuple(assumptions), (seed,))) for seed in range(40)]


def test_values_are_of_both_signs_and_of_all_magnitudes() -> None:
    scalars = np.array(drawn(x, "normal", {}))
    assert scalars.min() < -0.5
    assert scalars.max() > 0.5
    sizes = np.abs(np.array(drawn(x, "magnitudes", {})))
    assert sizes.min() < 1e-2
    assert sizes.max() > 10


def test_values_are_as_declared() -> None:
    kinds: tuple[Kind, ...] = ("normal", "positive", "magnitudes", "whole", "zeros")
    for kind in kinds:
        assert np.all(np.array(drawn(negative, kind, {})) < 0)
        assert np.all(np.array(drawn(nonnegative, kind, {})) >= 0)
        assert np.all(np.array(drawn(Symbol("s", positive=True), kind, {})) > 0)
        columns = np.array(drawn(B[u, i], kind, {m: 2, n: 3}, SumsToOne("B")))
        np.testing.assert_allclose(columns.sum(axis=1), 1, rtol=1e-12)
    assert np.min(drawn(B[u, i], "normal", {m: 2, n: 3}, SumsToOne("B"))) < 0, "not only probabilities"


def test_labels_are_of_64_bits_on_every_platform() -> None:
    y_of_i = label("y", n)(i)
    assert all(labels.dtype == np.int64 for labels in drawn(y_of_i, "whole", {m: 2, n: 3}))
    narrow: dict[str, Any] = {"y": np.array([1, 0], dtype=np.int32), "X": np.eye(2)}
    np.testing.assert_array_equal(Evaluation(narrow, {m: 2, n: 2}).array_of(X[y_of_i, i], (i,)), [0, 0])


def test_one_undefined_entry_does_not_hide_the_others() -> None:
    found = compare_in_numbers(Equation(log(X[u, i]), log(X[u, i]) + step(X[0, 0]) * 0, (u, i)))
    assert found.max_error == 0
    assert found.compared > 0
