"""Lines of NumPy: they look as people write them, they run by themselves, and they give the formula's numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Integer, Rational, S, Sum, Symbol, exp, log, pi, sqrt, tanh

from derivations.calculus import Index, Partial, array, delta, evaluate, label, relu, size, step, sum_over
from derivations.calculus.grammar import free_indices
from derivations.calculus.writers.numpy_code import numpy_code
from derivations.calculus.writers.python_names import NoCodeError
from tests.derivations.by_loops import array_by_loops
from tests.derivations.expressions import AXES, expressions, values
from tests.derivations.expressions import SIZES as SMALL
from tests.statistics import cases

b, n, h = size("b"), size("n"), size("h")
i, j, k, s, t = Index("i", b), Index("j", b), Index("k", n), Index("s", n), Index("t", n)
u, v = Index("u", h), Index("v", h)
X, dX, W, V = array("X", b, n), array("dX", b, n), array("W", n, h), array("V", n, h)
G, D, c, r = array("G", b, h), array("D", n, n), array("c", b, 1), array("r", 1, n)
T, w = array("T", b, n, h), array("w", n)
y = label("y", n)
eps, g = Symbol("eps", positive=True), Symbol("g", real=True)

SIZES: dict[Expr, int] = {b: 4, n: 3, h: 2}
RNG = np.random.default_rng(0)
VALUES: dict[str, Any] = {
    **{str(name): RNG.normal(size=[SIZES.get(length, 1) for length in name.shape])
       for name in (X, dX, W, V, G, D, c, r, T, w)},
    "y": np.array([2, 0, 1, 2]), "eps": 0.1, "g": 0.7,
}  # fmt: skip

mean = sum_over(s, X[i, s]) / n
weights = exp(sum_over(s, X[i, s] * dX[j, s]))
rms = sqrt(sum_over(s, X[i, s] ** 2) / n + eps)

LINES = [
    ("tanh", (1 - tanh(X[i, k]) ** 2) * dX[i, k], (i, k), "dX * (1 - np.tanh(X) ** 2)"),
    ("a square of a name", (1 - X[i, k] ** 2) * dX[i, k], (i, k), "dX * (1 - X**2)"),
    ("a mean", mean, (i, 0), "X.mean(axis=1, keepdims=True)"),
    ("minus the mean", X[i, k] - mean, (i, k), "X - X.mean(axis=1, keepdims=True)"),
    ("minus a sum", X[i, k] - sum_over(s, dX[i, s]), (i, k), "X - dX.sum(axis=1, keepdims=True)"),
    ("a reciprocal root", X[i, k] / rms, (i, k), "X / np.sqrt((X**2).mean(axis=1, keepdims=True) + eps)"),
    ("a mean of all", sum_over((i, k), X[i, k]) / (b * n), (), "X.mean()"),
    ("a sum over one, divided by the other", sum_over((i, k), X[i, k]) / b, (), "X.sum() / X.shape[0]"),
    ("a product", sum_over(s, X[i, s] * W[s, u]), (i, u), "X @ W"),
    ("a transpose", sum_over(i, X[i, k] * G[i, u]), (k, u), "X.T @ G"),
    ("another", sum_over(u, G[i, u] * W[k, u]), (i, k), "G @ W.T"),
    ("a chain", sum_over((s, t), X[i, s] * D[s, t] * W[t, u]), (i, u), "X @ D @ W"),
    ("its transpose", sum_over((s, t), X[i, s] * D[s, t] * W[t, u]), (u, i), "(X @ D @ W).T"),
    ("a column beside", X[i, k] * c[i, 0] + r[0, k], (i, k), "X * c + r"),
    ("a column lying down", X[i, k] * c[i, 0], (k, i), "(X * c).T"),
    ("a sum, broadcast", sum_over(i, X[i, k]), (i, k), "np.broadcast_to(X.sum(axis=0, keepdims=True), X.shape)"),
    ("a column, broadcast", c[i, 0] / n, (i, k), "np.broadcast_to(c / n, (c.shape[0], n))"),
    ("one column of many", X[i, 0], (i, 0), "X[:, :1]"),
    ("one column as a vector", X[i, 0], (i,), "X[:, 0]"),
    ("the last entry", sum_over(i, X[i, 0]), (), "X[:, 0].sum()"),
    ("labels", X[i, y(i)], (i,), "X[np.arange(len(y)), y]"),
    ("one hot", X[i, k] - delta(k, y(i)), (i, k), "X - np.eye(X.shape[1])[y]"),
    ("one hot, columns", X[i, k] - delta(k, y(i)), (k, i), "(X - np.eye(X.shape[1])[y]).T"),
    ("rows by labels", D[y(i), k], (i, k), "D[y]"),
    ("delta at a number", X[i, k] * delta(k, 0), (i, k), "X * np.eye(X.shape[1])[0]"),
    ("a diagonal", D[s, s], (s,), "np.diagonal(D)"),
    ("a trace", sum_over(s, D[s, s]), (), "np.diagonal(D).sum()"),
    ("a batch of products", sum_over(s, T[i, s, u] * X[i, s]), (i, u), "np.einsum(\"isu,is->iu\", T, X)"),
    ("three axes", T[i, k, u] + X[i, k] + W[k, u], (i, k, u), "T + W + X[:, :, None]"),
    ("a vector with one axis", sum_over(s, X[i, s] * w[s]), (i,), "X @ w"),
    ("and a matrix of it", X[i, k] * w[k], (i, k), "w * X"),
    ("a mask", dX[i, k] * step(X[i, k]), (i, k), "dX * (X > 0)"),
    ("masks alone", step(X[i, k]) - step(dX[i, k]), (i, k), "np.heaviside(X, 0) - np.heaviside(dX, 0)"),
    ("masks multiplied", step(X[i, k]) * step(dX[i, k]), (i, k), "np.heaviside(X, 0) * np.heaviside(dX, 0)"),
    ("ReLU", relu(X[i, k] - g), (i, k), "np.maximum(X - g, 0)"),
    ("an exponent that is negative", exp(-X[i, k]), (i, k), "np.exp(-X)"),
    ("a decimal fraction", Rational(44715, 1000000) * X[i, k] ** 3, (i, k), "0.044715 * X**3"),
    ("constants", sqrt(2) / sqrt(pi) * X[i, k], (i, k), "np.sqrt(2) * X / np.sqrt(np.pi)"),
    ("softmax", exp(X[i, k]) / sum_over(s, exp(X[i, s])), (i, k), "np.exp(X) / np.exp(X).sum(axis=1, keepdims=True)"),
    ("log-sum-exp", log(sum_over(s, exp(X[i, s]))), (i,), "np.log(np.exp(X).sum(axis=1))"),
    ("attention", sum_over(j, weights * G[j, u]) / sum_over(j, weights), (i, u),
     "np.exp(X @ dX.T) @ G / np.exp(X @ dX.T).sum(axis=1, keepdims=True)"),
    ("a covariance", sum_over(i, (X[i, k] - sum_over(i, X[i, k]) / b) * (X[i, t] - sum_over(i, X[i, t]) / b)) / (b - 1),
     (k, t), "(X - X.mean(axis=0, keepdims=True)).T @ (X - X.mean(axis=0, keepdims=True)) / (X.shape[0] - 1)"),
    ("a quadratic form", sum_over((s, t), w[s] * D[s, t] * w[t]), (), "D @ w @ w"),
    ("an outer product", w[s] * w[t], (s, t), "w[:, None] * w"),
    ("how often", sum_over(i, X[j, k]), (j, k), "X.shape[0] * X"),
    ("a sum that is no product", sum_over(s, exp(-(X[i, s] - X[j, s]) ** 2)), (i, j),
     "np.exp(-(X[:, None] - X) ** 2).sum(axis=2)"),
    ("ones", Integer(1), (i, k), "np.ones((b, n))"),
    ("a name that is a keyword", Symbol("lambda", real=True) * X[i, k], (i, k), "lambda_ * X"),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "layout", "line"), [pytest.param(*case, id=name) for name, *case in LINES])
def test_a_line_as_people_write_it(expr: Expr, layout: tuple[Index | int, ...], line: str) -> None:
    assert numpy_code(expr, layout) == line
    given_values = {**VALUES, "lambda": 0.3, "lambda_": 0.3}
    found = eval(line, {"np": np, "b": 4, "n": 3, **given_values})
    axes = tuple(axis for axis in layout if isinstance(axis, Index))
    wanted = evaluate(expr, axes, given_values, SIZES)
    assert np.shape(found) == tuple(SIZES[axis.size] if isinstance(axis, Index) else 1 for axis in layout)
    np.testing.assert_allclose(found, wanted.reshape(np.shape(found)), rtol=1e-12, atol=1e-12)


def test_a_size_that_the_code_names_and_one_of_an_array_that_is_at_hand() -> None:
    assert numpy_code(X[i, k] / b, (i, k), named=[b]) == "X / b"
    assert numpy_code(c[i, 0] / n, (i, k), {"X": X.shape}) == "np.broadcast_to(c / X.shape[1], X.shape)"


@pytest.mark.parametrize(
    ("expr", "layout", "message"),
    [
        pytest.param(X[i, k], (i,), "the index k of .* is free, but is not among the axes", id="an axis is missing"),
        pytest.param(Partial(X[i, k], X[j, s]), (i, k, j, s), "no NumPy code for Partial", id="a derivative"),
        pytest.param(Symbol("a b") * X[i, k], (i, k), "'a b' can't be a name in Python", id="no name"),
        pytest.param(X[i, k] * i, (i, k), "no NumPy code for i", id="an index as a number"),
        pytest.param(X[i, k] + S.ImaginaryUnit, (i, k), "no NumPy code for I", id="a complex number"),
    ],
)
def test_what_has_no_code(expr: Expr, layout: tuple[Index | int, ...], message: str) -> None:
    with pytest.raises(NoCodeError, match=message):
        numpy_code(expr, layout)


@st.composite
def lines(draw: st.DrawFn) -> tuple[Expr, tuple[Index | int, ...]]:
    """An expression with up to three free indices, in any order, and a layout for it."""
    free = tuple(draw(st.permutations(AXES)))[: draw(st.integers(0, 3))]
    expr = draw(expressions(free=free))
    layout: tuple[Index | int, ...] = free
    if len(free) == 1:
        layout = draw(st.sampled_from([free, (*free, 0), (0, *free)]))
    return expr, layout


@st.composite
def strange(draw: st.DrawFn, free: tuple[Index, ...], depth: int = 3) -> Expr:
    """An expression of arrays with one to three axes, fixed indices, labels, masks, roots and quotients."""
    inner = strange(free, depth - 1)
    match draw(st.sampled_from(["entry"] if depth == 0 else ["entry", "sum", "sum", "add", "mul", "mul", "function"])):
        case "sum":
            bound = draw(st.sampled_from([j, s, v]))
            term = draw(strange((*(index for index in free if index != bound), bound), depth - 1))
            twice = isinstance(term, Sum) and bound in {limit[0] for limit in term.limits}
            return term if twice else sum_over(bound, term)
        case "add":
            return draw(inner) + draw(st.sampled_from([1, -1, eps])) * draw(inner)
        case "mul":
            return draw(inner) * draw(inner)
        case "function":
            part = draw(inner)
            positive = exp(part) + eps
            whole = [
                tanh(part),
                step(part),
                -part,
                part**2,
                1 / positive,
                part / sqrt(positive),
                log(positive),
                g * part,
            ]
            return draw(st.sampled_from(whole))
    array_ = draw(st.sampled_from([X, W, G, D, c, r, T, w]))
    return array_[tuple(draw(_place(free, length)) for length in array_.shape)]


@st.composite
def _place(draw: st.DrawFn, free: tuple[Index, ...], length: Expr) -> Expr:
    if length == 1:
        return Integer(0)
    places: list[Expr] = [index for index in free if index.size == length]
    places += [y(index) for index in free if index.size == b and length == n]
    return draw(st.sampled_from([*places, *places, Integer(0)]))


@settings(max_examples=cases(250, 5000))
@given(data=st.data(), layout=st.sampled_from([(), (i,), (i, 0), (0, k), (i, k), (k, i), (i, t), (k, t), (i, k, u)]))
def test_no_strange_line_is_wrong(data: st.DataObject, layout: tuple[Index | int, ...]) -> None:
    axes = tuple(axis for axis in layout if isinstance(axis, Index))
    expr = data.draw(strange(axes))
    code = numpy_code(expr, layout, {"X": X.shape, "W": W.shape})
    with np.errstate(all="ignore"):
        wanted = evaluate(expr, axes, VALUES, SIZES)
        found = np.asarray(eval(code, {"np": np, **VALUES}))
    assert found.shape == tuple(SIZES[axis.size] if isinstance(axis, Index) else 1 for axis in layout)
    scale = max(1.0, np.abs(wanted[np.isfinite(wanted)]).max(initial=0.0))
    np.testing.assert_allclose(found.reshape(wanted.shape), wanted, rtol=1e-8, atol=1e-8 * scale)


@settings(max_examples=cases(300, 5000))
@given(case=lines(), numbers=values, named=st.booleans())
def test_no_line_is_wrong(case: tuple[Expr, tuple[Index | int, ...]], numbers: dict[str, Any], named: bool) -> None:
    expr, layout = case
    axes = tuple(axis for axis in layout if isinstance(axis, Index))
    assert set(free_indices(expr)) <= set(axes)
    with np.errstate(all="ignore"):
        wanted = array_by_loops(expr, axes, numbers, SMALL)
        code = numpy_code(expr, layout, named=SMALL if named else ())
        found = np.asarray(eval(code, {**numbers, **{str(name): n for name, n in SMALL.items()}, "np": np}))
    assert found.shape == tuple(SMALL[axis.size] if isinstance(axis, Index) else 1 for axis in layout)
    scale = max(1.0, np.abs(wanted[np.isfinite(wanted)]).max(initial=0.0))
    np.testing.assert_allclose(found.reshape(wanted.shape), wanted, rtol=1e-8, atol=1e-8 * scale)
