"""LaTeX of single expressions, in the network's notation and in the plain one."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Function, Rational, S, Symbol, exp, log, sqrt

from derivations import network
from derivations.calculus import Index, Partial, array, delta, relu, size, sum_over
from derivations.calculus.functions import absolute, sigmoid
from derivations.calculus.grammar import Local
from derivations.calculus.writers.latex import latex
from derivations.calculus.writers.notation import PLAIN, Notation, name_in_latex, notation_of, with_gradients
from derivations.calculus.writers.reasons import reason_in_latex, reason_in_text
from derivations.notation import Z1, Z2, J, X, b1, dZ2, i, j, k, lam, m, network_notation, u, v, y
from derivations.reverse import derive

z = Symbol("z", real=True)
Q = array("Q", size("m"), size("n"))
T = array("T", 2, 3, 4)


@pytest.mark.parametrize(
    ("expr", "written"),
    [
        (lam * (X[u, i] + X[u, j]), r"\lambda \, \left(X_{ui} + X_{uj}\right)"),
        (sum_over(i, X[u, i] + X[u, j]), r"\sum_{i=1}^{m} \left(X_{ui} + X_{uj}\right)"),
        (relu(Z1[v, i]), r"\operatorname{ReLU}\left(Z^{[1]}_{vi}\right)"),
        (Z1[v, i] ** 2, r"\left(Z^{[1]}_{vi}\right)^{2}"),
        (delta(i, j), r"\delta_{ij}"),
        (S(1) / m, r"\frac{1}{m}"),
        (Partial(J, dZ2[k, i]), r"\frac{\partial J}{\partial dZ^{[2]}_{ki}}"),
        (Local(J, Z2[k, i]), r"\left.\frac{\partial J}{\partial Z^{[2]}_{ki}}\right|_{\text{local}}"),
        (Partial(J * z, z), r"\frac{\partial}{\partial z} \, \left(J \, z\right)"),
        (Z2[y(i), i], r"Z^{[2]}_{y_{i}\,i}"),
        (b1[v, 0], "b^{[1]}_{v}"),
    ],
)
def test_in_the_network_s_notation(expr: Any, written: str) -> None:
    assert latex(expr, network_notation) == written


@pytest.mark.parametrize(
    ("expr", "written"),
    [
        pytest.param(Z1[v, i] * lam, r"\mathrm{lam} \, \mathrm{Z1}_{vi}", id="no name is special"),
        pytest.param(X[u, 0], "X_{u1}", id="a fixed index is written, and counted from 1"),
        pytest.param(X[0, i] + X[1, i], "X_{1i} + X_{2i}", id="another row"),
        pytest.param(T[1, 0, 3], "T_{214}", id="three axes"),
        pytest.param(array("T", 20, 3)[11, 0], r"T_{12\,1}", id="an index of two digits"),
        pytest.param(array("b", 3)[Index("c_", 3)], r"b_{c\_}", id="an index with an underscore"),
        pytest.param(sum_over(Index("c_", 3), z), r"\sum_{c\_=1}^{3} z", id="a sum over it"),
        pytest.param(Partial(J, X[u, i]), r"\frac{\mathrm{d} J}{\mathrm{d} X_{ui}}", id="through all names"),
        pytest.param(Local(J, X[u, i]), r"\frac{\partial J}{\partial X_{ui}}", id="with the other names held"),
        pytest.param(sigmoid(z), r"\sigma\left(z\right)", id="sigmoid"),
        pytest.param(absolute(z) * sqrt(z + 1), r"\sqrt{1 + z} \, \left|z\right|", id="functions"),
        pytest.param(Function("f")(z), r"f\left(z\right)", id="any function"),
        pytest.param(Symbol("alpha") + Symbol("a_b"), r"\mathrm{a\_b} + \alpha", id="names"),
        pytest.param(Rational(2, 3) * z, r"\frac{2 \, z}{3}", id="a fraction"),
        pytest.param(exp(-z) / log(z), r"\frac{e^{- z}}{\log z}", id="a quotient"),
    ],
)
def test_in_the_plain_notation(expr: Any, written: str) -> None:
    assert latex(expr) == written


def test_indices_that_look_alike_get_letters_of_their_own() -> None:
    other = Index("i", size("n"))
    made = Index("i#7", size("m"))
    assert latex(X[u, i] * sum_over(made, Q[made, 0])) == r"X_{ui} \, \sum_{j=1}^{m} Q_{j1}"
    assert latex(Q[i, other]) == "Q_{ij}"
    hiding = sum_over(i, X[u, i] * sum_over(i, X[0, i] * X[1, i]))
    assert latex(hiding) == r"\sum_{i=1}^{m} X_{ui} \, \sum_{j=1}^{m} X_{1j} \, X_{2j}"
    nested = sum_over(i, sum_over(made, X[u, i] * X[u, made]))
    assert latex(nested) == r"\sum_{i=1}^{m} \sum_{j=1}^{m} X_{ui} \, X_{uj}"


def test_named_arrays_can_be_found_in_the_page() -> None:
    written = latex(lam * dZ2[k, i] + X[u, j], network_notation, named=True)
    assert r"{\htmlData{q=dZ2}{dZ^{[2]}_{ki}}}" in written
    assert r"\htmlData{q=lam}{\lambda}" in written
    assert r"\htmlData" not in latex(lam * dZ2[k, i], network_notation)


def test_a_module_chooses_its_notation() -> None:
    assert notation_of(network.__name__) is network_notation
    assert notation_of("no.such.module") is notation_of(__name__) is PLAIN
    shouting = Notation(typeset=lambda name: PLAIN.typeset(name.upper()))
    assert name_in_latex("w", shouting, r"\top") == r"W^{\top}"
    assert name_in_latex("dmu", with_gradients(["mu"])) == r"d\mu"
    assert name_in_latex("dmu", with_gradients(["m"])) == r"\mathrm{dmu}"


def test_reasons() -> None:
    assert reason_in_latex("A common factor of 50 % & more") == r"A common factor of 50 \% \& more"
    assert reason_in_latex("through `dZ2`", network_notation) == "through $dZ^{[2]}$"
    assert reason_in_latex("the delta picks `v = w`") == "the delta picks $v = w$"
    assert reason_in_text("the delta picks `v = w`") == "the delta picks v = w"
    with pytest.raises(ValueError, match="backtick without a partner"):
        reason_in_latex("through `Z2")


def test_a_derived_gradient_is_written_with_a_d() -> None:
    steps = derive("A[i, k] = tanh(Z[i, k])", wrt="Z").steps
    assert any(r"dZ_{ik}" in step.latex() or r"dA_{ik}" in step.latex() for step in steps)
    assert not any(r"\mathrm{dA}" in step.latex() for step in steps)
