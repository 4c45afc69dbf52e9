"""The exact witness: true equations agree, false ones differ, and what it can't see it says."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sympy import Expr, IndexedBase, Rational, S, Symbol, erf, exp, isprime, log, sqrt

from derivations.calculus import Index, Partial, Positive, SumsToOne, array, delta, label, relu, size, step, sum_over
from derivations.proofs import Equation
from derivations.proofs.witnesses.modular import PRIMES, exact

m, n = size("m"), size("n")
i, j, u, v = Index("i", m), Index("j", m), Index("u", n), Index("v", n)
X, Y, P = array("X", n, m), array("Y", n, m), array("P", n, m)
T = IndexedBase("T", shape=(m, n, n))
x, y, z = (Symbol(name, real=True) for name in "xyz")
s, t = Symbol("s", positive=True), Symbol("t", positive=True)
L, A = Symbol("L", real=True), array("A", n, m)
labels = label("y", n)

Z = sum_over(v, exp(X[v, i]))
softmax = exp(X[u, i]) / Z
sigmoid = 1 / (1 + exp(-x))

TRUE = {
    "a sum of exponents": Equation(exp(x + y), exp(x) * exp(y)),
    "a half in the exponent": Equation(exp(x / 2) ** 2, exp(x)),
    "exponentials in exponentials": Equation(exp(exp(x) * exp(y)), exp(exp(x + y))),
    "four of them": Equation(exp(exp(exp(exp(2 * x)))), exp(exp(exp(exp(x) ** 2)))),
    "softmax": Equation(sum_over(u, softmax), S.One, (i,)),
    "the derivative of softmax": Equation(
        Partial(softmax, X[v, j]), delta(i, j) * softmax * (delta(u, v) - exp(X[v, j]) / Z), (u, v, i, j)
    ),
    "the sigmoid's derivative": Equation(Partial(sigmoid, x), sigmoid * (1 - sigmoid)),
    "its second derivative": Equation(
        Partial(Partial(sigmoid, x), x), sigmoid * (1 - sigmoid) * (1 - 2 * sigmoid)
    ),
    "a mixed derivative": Equation(Partial(Partial(x**2 * y**3, x), y), 6 * x * y**2),
    "a derivative of a derivative that is a name": Equation(
        Partial(L, y), 4 * x * y, where={L: Partial(x**2 * y**2, x)}
    ),
    "a Hessian": Equation(
        Partial(Partial(L, X[u, i]), X[v, j]), 2 * delta(u, v) * delta(i, j), (u, v, i, j),
        where={L: sum_over((u, i), (X[u, i] - Y[u, i]) ** 2)},
    ),
    "the log of a product": Equation(log(s * t / Z), log(s) + log(t) - log(Z), (i,)),
    "the log of an exp": Equation(log(softmax), X[u, i] - log(Z), (u, i)),
    "the log of a name": Equation(log(A[u, i]), X[u, i] - log(Z), (u, i), where={A[u, i]: softmax}),
    "the derivative of a log": Equation(Partial(log(Z), X[u, j]), delta(i, j) * softmax, (u, i, j)),
    "a root": Equation(sqrt(s) * sqrt(t), sqrt(s * t)),
    "a root of a sum": Equation(Partial(1 / sqrt(x**2 + s), x), -x / sqrt(x**2 + s) ** 3),
    "the root of a size, in an exponent": Equation(exp(x / sqrt(n)) ** 2, exp(2 * x / sqrt(n)), (u,)),
    "a real power": Equation(s**x * s**y, s ** (x + y)),
    "the derivative of a real power": Equation(Partial(s**x, x), log(s) * s**x),
    "an absolute value": Equation(sqrt(x**2 * y**2), abs(x) * abs(y)),
    "scaled steps": Equation(step(3 * s * x * exp(y)), step(x)),
    "relu and its mirror image": Equation(relu(x) - relu(-x), x),
    "the slope of relu": Equation(Partial(relu(x) ** 2, x), 2 * relu(x)),
    "labels": Equation(X[labels(i), i], sum_over(u, delta(u, labels(i)) * X[u, i]), (i,)),
    "three axes": Equation(
        sum_over((u, v), T[i, u, v] + T[i, v, u]), 2 * sum_over((v, u), T[i, u, v]), (i,)
    ),
    "sums to one": Equation(sum_over(u, Y[u, i]), S.One, (i,), assumptions=(SumsToOne("Y"),)),
    "positive and sums to one": Equation(
        sum_over(u, sqrt(P[u, i]) ** 2), S.One, (i,), assumptions=(SumsToOne("P"), Positive("P"))
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUE)
def test_true_equations_agree(name: str) -> None:
    found = exact(TRUE[name])
    assert found.agrees, str(found)
    assert found.points >= 2


@pytest.mark.parametrize("name", TRUE)
def test_a_changed_side_does_not_agree(name: str) -> None:
    equation = TRUE[name]
    for right in (equation.right + Rational(1, 10**30), 2 * equation.right, -equation.right):
        wrong = Equation(equation.left, right, equation.axes, where=equation.where, assumptions=equation.assumptions)
        assert not exact(wrong).agrees


FALSE = {
    "index": Equation(sum_over(i, X[u, i]), sum_over(i, X[u, j]), (u, j)),
    "transpose": Equation(sum_over(u, T[i, u, v] * x), sum_over(u, T[i, v, u] * x), (i, v)),
    "the mean for the sum": Equation(sum_over(i, X[u, i]), sum_over(i, X[u, i]) / m, (u,)),
    "a second derivative of 0": Equation(Partial(Partial(x**3, x), x), S.Zero),
    "an exponential of a product": Equation(exp(x * y), exp(x) * exp(y)),
    "in an exponent": Equation(exp(exp(x * y)), exp(exp(x) * exp(y))),
    "a tiny factor": Equation(x * (1 + Rational(1, 10**40)), x + 0 * y),
    "an assumption that is not made": Equation(sum_over(u, Y[u, i]), S.One, (i,)),
    "the other axis": Equation(sum_over(i, Y[u, i]), S.One, (u,), assumptions=(SumsToOne("Y"),)),
    "labels": Equation(X[labels(i), i], X[0, i], (i,)),
}


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
        pytest.param(erf(x), -erf(-x), "erf is not among", id="an unknown function"),
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
