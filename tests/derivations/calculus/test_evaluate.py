"""Numbers, matrices and lines of NumPy: every way to write an expression has the same entries."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Expr, HadamardProduct, Indexed, IndexedBase, exp
from sympy.matrices.expressions import MatAdd, MatMul, MatrixExpr, OneMatrix, Transpose, ZeroMatrix
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from derivations.calculus import (
    Index,
    Partial,
    ShapeError,
    array,
    delta,
    entry_of,
    evaluate,
    label,
    matrix_form,
    prove_equal,
    relu,
    step,
    sum_over,
)
from derivations.calculus.matrix_form import NoMatrixFormError
from derivations.notation import A1, Z2, C, L, X, b1, c, dZ2, h, i, j, k, lam, m, n, u, v
from tests.derivations.by_loops import array_by_loops
from tests.derivations.expressions import AXES, SIZES, A, expressions, values

NUMBERS: dict[Expr, int] = {m: 5, n: 2, h: 4, C: 3}
RNG = np.random.default_rng(0)
GIVEN: dict[str, Any] = {
    "X": RNG.normal(size=(2, 5)),
    "Z2": RNG.normal(size=(3, 5)),
    "dZ2": RNG.normal(size=(3, 5)),
    "A1": RNG.normal(size=(4, 5)),
    "Y": np.eye(3)[RNG.integers(3, size=5)].T,
    "y": RNG.integers(3, size=5),
    "lam": 0.3,
}


@settings(max_examples=100)
@given(expr=expressions(), numbers=values)
def test_evaluate_agrees_with_loops(expr: Expr, numbers: dict[str, Any]) -> None:
    wanted = array_by_loops(expr, AXES, numbers, SIZES)
    found = evaluate(expr, AXES, numbers, SIZES)
    assert found.shape == wanted.shape == (2, 2, 3, 3)
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9 * max(1.0, np.abs(wanted).max()))


@settings(max_examples=100)
@given(expr=expressions(), numbers=values)
def test_derivatives_agree_with_dual_numbers(expr: Expr, numbers: dict[str, Any]) -> None:
    """The complex step of `evaluate` against derivatives by dual numbers in loops."""
    wrt = A[Index("p", m), Index("q", n)]
    axes = (*AXES, Index("p", m), Index("q", n))
    wanted = array_by_loops(Partial(expr, wrt), axes, numbers, SIZES)
    scale = max(1.0, np.abs(wanted).max())
    by_step = evaluate(Partial(expr, wrt), axes, numbers, SIZES)
    np.testing.assert_allclose(by_step, wanted, rtol=1e-8, atol=1e-8 * scale)


def test_labels_and_definitions() -> None:
    y = label("y", C)
    where = {L: sum_over(i, Z2[y(i), i]) / m, dZ2[k, i]: Partial(L, Z2[k, i])}
    given = {name: GIVEN[name] for name in ("Z2", "y")}
    for expr, axes in ((L, ()), (dZ2[k, i], (k, i)), (delta(k, y(i)) * Z2[c, j], (k, i, c, j))):
        np.testing.assert_allclose(
            evaluate(expr, axes, given, NUMBERS, where), array_by_loops(expr, axes, given, NUMBERS, where), rtol=1e-14
        )


def test_labels_that_count_up_are_not_the_whole_axis() -> None:
    y = label("y", m)
    found = evaluate(sum_over(k, X[u, y(k)]), (u,), {"X": GIVEN["X"], "y": np.arange(3)}, NUMBERS)
    np.testing.assert_allclose(found, GIVEN["X"][:, :3].sum(axis=1), rtol=1e-14)


def test_nothing_of_the_caller_s_is_changed() -> None:
    given = {name: np.array(value) for name, value in GIVEN.items()}
    before = {name: value.copy() for name, value in given.items()}
    where = {L: sum_over((c, i), exp(Z2[c, i])), dZ2[c, i]: Partial(L, Z2[c, i])}
    result = evaluate(Z2[c, i], (c, i), given, NUMBERS)
    result[:] = 0
    evaluate(dZ2[c, i], (c, i), {"Z2": given["Z2"]}, NUMBERS, where)
    assert given.keys() == before.keys()
    for name, value in before.items():
        np.testing.assert_array_equal(given[name], value)


@pytest.mark.parametrize(
    ("expr", "axes", "error"),
    [
        pytest.param(X[u, i], (u,), ShapeError, id="an axis is missing"),
        pytest.param(X[u, i] * array("Q", n, m)[u, i], (u, i), KeyError, id="no value"),
        pytest.param(array("X", m, n)[i, u], (i, u), ShapeError, id="transposed"),
        pytest.param(Indexed(IndexedBase("X", shape=(n, m, m)), u, i, j), (u, i, j), ShapeError, id="axes"),
    ],
)
def test_what_can_not_be_evaluated(expr: Expr, axes: tuple[Index, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        evaluate(expr, axes, GIVEN, NUMBERS)


# Matrices

P_, Q_, R_ = array("X", n, m), array("dZ2", C, m), array("A1", h, m)
ONES = {n: 2, m: 5, C: 3, h: 4}


@st.composite
def matrices(draw: st.DrawFn, rows: Expr, columns: Expr, depth: int = 3) -> MatrixExpr:
    """Sums, products, transposes, elementwise products and functions of a few matrices."""
    leaves: list[MatrixExpr] = [s for s in (P_, Q_, R_, array("Z2", C, m)) if s.shape == (rows, columns)]
    leaves += [Transpose(s) for s in (P_, Q_, R_) if s.shape == (columns, rows)]
    kinds = ["product"] if depth else []
    if leaves:
        kinds += ["leaf", *(["sum", "hadamard", "function", "scaled"] if depth else [])]
    match draw(st.sampled_from(kinds or ["product"])):
        case "leaf":
            return draw(st.sampled_from(leaves))
        case "sum":
            return MatAdd(*[draw(matrices(rows, columns, depth - 1)) for _ in range(2)]).doit()
        case "hadamard":
            return HadamardProduct(*[draw(matrices(rows, columns, depth - 1)) for _ in range(2)])
        case "function":
            function = draw(st.sampled_from([relu, step, exp]))
            return ElementwiseApplyFunction(function, draw(st.sampled_from(leaves)))
        case "scaled":
            return MatMul(draw(st.sampled_from([lam, 1 / m, -2])), draw(matrices(rows, columns, depth - 1))).doit(
                deep=False
            )
    inner = draw(st.sampled_from([m] if rows != m and columns != m else [n, h, C]))
    return MatMul(draw(matrices(rows, inner, 0)), draw(matrices(inner, columns, 0)))


@st.composite
def shaped(draw: st.DrawFn) -> tuple[MatrixExpr, Index, Index]:
    rows, columns = draw(st.sampled_from([(n, m), (C, m), (h, m), (h, n), (C, h), (m, n)]))
    return draw(matrices(rows, columns)), Index("p", rows), Index("q", columns)


@settings(max_examples=80)
@given(case=shaped())
def test_from_matrices_to_indices_and_back(case: tuple[MatrixExpr, Index, Index]) -> None:
    matrix, row, column = case
    assume(not matrix.has(ZeroMatrix))  # A - A, which SymPy sees at once
    expr = entry_of(matrix, row, column)
    try:
        back = matrix_form(expr, row, column)
    except NoMatrixFormError:
        assert not expr.free_symbols & {row} or not expr.free_symbols & {column}
        return
    assert back.shape == matrix.shape
    assert prove_equal(entry_of(back, row, column), expr).equal


@pytest.mark.parametrize(
    ("expr", "row", "column", "wanted"),
    [
        pytest.param(sum_over(i, dZ2[k, i] * A1[v, i]), k, v, Q_ * R_.T, id="the transpose comes out"),
        pytest.param(sum_over(i, dZ2[k, i]), k, 0, Q_ * OneMatrix(m, 1), id="the sum comes out"),
        pytest.param(sum_over(k, dZ2[k, i]), 0, i, OneMatrix(1, C) * Q_, id="the sum down the columns"),
        pytest.param(X[u, i], i, u, P_.T, id="transposed"),
    ],
)  # fmt: skip
def test_matrix_forms(expr: Expr, row: Index, column: Index, wanted: MatrixExpr) -> None:
    assert matrix_form(expr, row, column) == wanted.doit()


@pytest.mark.parametrize(
    "expr",
    [
        pytest.param(delta(u, Index("q", n)) * X[Index("p", n), i], id="four indices"),
        pytest.param(sum_over(i, X[u, i] * A1[v, i] * Z2[c, i]), id="three neighbours"),
        pytest.param(sum_over(i, lam), id="no matrix"),
        pytest.param(X[u, 0] * A1[v, 0], id="a column of many is not the matrix"),
        pytest.param(delta(u, 0) * b1[v, 0], id="nor is a column of the identity"),
    ],
)
def test_no_matrix_form(expr: Expr) -> None:
    with pytest.raises(NoMatrixFormError):
        matrix_form(expr, u, v)


def test_labels_of_one_name_and_other_classes_are_told_apart() -> None:
    assert label("y", C)(i) != label("y", n)(i)
    assert label("y", C)(i) == label("y", C)(i)
