"""A forward pass as text: what is read, and what is said of what can't be."""

from __future__ import annotations

import pytest
from sympy import Rational

from derivations.calculus import Index
from derivations.calculus.definitions import name_of
from derivations.calculus.writers.text import text
from derivations.reverse import FormulaError
from derivations.reverse.assuming import read_assumptions
from derivations.reverse.reading import read


def body(line: str) -> str:
    (found,) = read(line).definitions.values()
    return text(found)


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("Z[v, i] = sum[u](W[v, u] * X[u, i]) + b[v]", "b[v] + sum_u(W[v, u]*X[u, i])"),
        ("A[i] = 0.1 * x[i]", "x[i]/10"),
        ("A[i] = mean[j](X[i, j])", "sum_j(X[i, j])/n_j"),
        ("A[i] = sqrt(size(j)) * sum[j](X[i, j])", "sqrt(n_j)*sum_j(X[i, j])"),
        ("L = -mean[i](log(P[y[i], i]))", "-sum_i(log(P[y(i), i]))/n_i"),
        ("A[i] = tanh(z[i]) + 2 * pi", "tanh(z[i]) + 2*pi"),
        ("A[i, j] = delta(i, j) * x[i]", "delta(i, j)*x[i]"),
        ("L = logsumexp[c](z[c])", "log(sum_c(exp(z[c])))"),
    ],
)
def test_a_line_is_read(line: str, written: str) -> None:
    assert body(line) == written


def test_softmax_is_read_as_its_definition() -> None:
    assert body("P[c] = softmax[c](z[c])") == "exp(z[c])/sum_c'(exp(z[c']))"


def test_indices_at_the_same_axis_have_the_same_size() -> None:
    forward = read("H[i, k] = sum[j](X[i, j] * W[k, j])\nY[p, q] = sum[r](H[p, r] * V[q, r])")
    sizes = {name: entry.free_symbols for name, entry in forward.inputs.items()}
    (w_rows,) = {s.size for s in sizes["W"] if isinstance(s, Index) and s.name == "k"}
    (v_columns,) = {s.size for s in sizes["V"] if isinstance(s, Index) and s.name == "r"}
    assert w_rows == v_columns
    assert [name_of(output) for output in forward.outputs] == ["Y"]


def test_a_decimal_number_is_the_fraction_that_is_written() -> None:
    (found,) = read("a = 0.044715 * b").definitions.values()
    assert found.as_coeff_Mul()[0] == Rational(44715, 1000000)


def test_several_names_that_nothing_uses_are_all_outputs() -> None:
    forward = read("H[i] = tanh(x[i])\nY[i] = 2 * H[i]\nZ[i] = H[i]**2")
    assert [name_of(output) for output in forward.outputs] == ["Y", "Z"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("", "there is no formula: expected lines such as  Z[v, i] = sum[u](W[v, u] * X[u, i])"),
        ("Y[i] = X[i", "line 1, column 9: Y[i] = X[i: '[' was never closed"),
        ("print(X)", "line 1, column 1: print(X): expected  name[indices] = formula"),
        ("Y[i] = X[k]", "line 1, column 8: X[k]: the index k is neither on the left nor summed over: "
                        "write sum[k](...)"),
        ("Y[i] = tanhh(X[i])", "line 1, column 8: tanhh(X[i]): there is no function tanhh; did you mean tanh?"),
        ("Y[i] = np.exp(X[i])", "line 1, column 8: np.exp(X[i]): write exp(...), without np"),
        ("Y[i] = max(0, X[i])", "line 1, column 8: max(0, X[i]): there is no max: max(a, b) is b + relu(a - b)"),
        ("Y[i] = X[i]**X[i]", "line 1, column 8: X[i] ** X[i]: a power must be a number; "
                              "for positive X[i] write exp(X[i] * log(X[i]))"),
        ("Y[i] = X[i] > 0", "line 1, column 8: X[i] > 0: there are no comparisons: z > 0 as a number is step(z)"),
        ("Y[i] = X[i] if a else 0", "line 1, column 8: X[i] if a else 0: there is no if: "
                                    "(a if z > 0 else b) is b + step(z) * (a - b)"),
        ("Y[i] = W @ X", "line 1, column 8: W @ X: a matrix product is a sum: sum[k](A[i, k] * B[k, j])"),
        ("Y[i] = X[i, i] + X[i]", "line 1, column 18: X[i]: X has one index here and 2 indices on line 1"),
        ("Y[i] = Y[i] + 1", "line 1, column 8: Y: Y is defined by itself"),
        ("Y[i] = Z[i]\nZ[i] = X[i]", "line 1, column 8: Z: Z is defined on line 2, after it is used"),
        ("Y[i] = X[i]\nY[i] = 2 * X[i]", "line 2, column 1: Y: Y is defined on line 1 already"),
        ("Y[0] = X[0]", "line 1, column 1: Y[0]: on the left each index is a letter: "
                        "a definition holds for all entries"),
        ("Y[i, i] = X[i]", "line 1, column 1: Y[i, i]: the index i is there twice: "
                           "a definition holds for all entries"),
        ("Y[i] = i * X[i]", "line 1, column 8: i: i is an index here, and no number; its size is size(i)"),
        ("Y[i] = X[i / 2]", "line 1, column 8: X[i / 2]: an index is a letter, a whole number, a label y[i], or a "
                            "place such as 2*p + k; i / 2 is none of these"),
        ("Y[i] = P[y[i], i] + y[i]", "line 1, column 21: y[i]: y is a label: it can only be used as an index, "
                                     "P[y[i], i]"),
        ("Y[i] = X[i] / 0", "line 1, column 8: X[i] / 0: this divides by 0"),
        ("Y[i] = size(k)", "line 1, column 8: size(k): the size of k is not known: no index is called that"),
        ("exp[i] = X[i]", "line 1, column 1: exp[i]: exp is a function: the name of an array must be another one"),
        ("Y[i] = X[i]^2", "line 1, column 8: X[i] ^ 2: a power is written **"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_one_line(lines: str, message: str) -> None:
    with pytest.raises(FormulaError) as refused:
        read(lines)
    assert str(refused.value).startswith(message)
    assert "\n" not in str(refused.value)


def test_assumptions_are_read() -> None:
    assert [str(fact) for fact in read_assumptions("eps > 0, sum[c](Y[i, c]) == 1")] == [
        "eps > 0",
        "each row of Y sums to 1",
    ]


@pytest.mark.parametrize("text", ["eps", "eps >= 1", "eps > ", "sum[c](Y) == 1"])
def test_other_assumptions_are_refused(text: str) -> None:
    with pytest.raises(FormulaError, match=r"expected  eps > 0  or  sum\[c\]\(Y\[c, i\]\) == 1"):
        read_assumptions(text)
