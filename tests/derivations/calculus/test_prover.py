"""What comes out as 0, and beside it what must not."""

from __future__ import annotations

import pytest
from sympy import Abs, Expr, Function, Rational, S, Symbol, cos, erf, exp, log, pi, sign, sin, sqrt, tanh

from derivations import softmax_cross_entropy
from derivations.calculus import (
    Index,
    Partial,
    array,
    delta,
    prove_equal,
    relu,
    sigmoid,
    size,
    softplus,
    step,
    sum_over,
)
from derivations.notation import dZ2
from derivations.notation import i as examples
from derivations.notation import k as classes

m, C = size("m"), size("C")
i, j, k = (Index(letter, m) for letter in "ijk")
c, d, e = (Index(letter, C) for letter in "cde")
A, x, scores = array("A", m, m), array("x", m, 1), array("S", C, m)
y, z = Symbol("y", real=True), Symbol("z", real=True)
eps = Symbol("eps", positive=True)
f = Function("f")


def logistic(t: Expr) -> Expr:
    return 1 / (1 + exp(-t))


def P(at: Index) -> Expr:
    return exp(scores[at, i]) / sum_over(c, exp(scores[c, i]))


TRUE_AND_FALSE = [
    pytest.param(Partial(relu(-z), z), -step(-z), step(z) - 1, id="slope of relu(-z), also at 0"),
    pytest.param(Partial(logistic(z), z), logistic(z) * (1 - logistic(z)), logistic(z), id="sigmoid"),
    pytest.param(Partial(sigmoid(z), z), logistic(z) - logistic(z) ** 2, logistic(z) ** 2, id="sigmoid, an atom"),
    pytest.param(Partial(z * logistic(z), z), logistic(z) * (1 + z * (1 - logistic(z))), logistic(z), id="SiLU"),
    pytest.param(tanh(z), (exp(z) - exp(-z)) / (exp(z) + exp(-z)), (exp(z) - exp(-z)) / 2, id="tanh"),
    pytest.param(tanh(z), 2 * sigmoid(2 * z) - 1, sigmoid(2 * z) - 1, id="tanh by sigmoid"),
    pytest.param(Partial(softplus(z), z), sigmoid(z), sigmoid(-z), id="softplus"),
    pytest.param(Partial(log(exp(z) + exp(-z)), z), tanh(z), -tanh(z), id="log-cosh"),
    pytest.param(
        Partial(-y * log(logistic(z)) - (1 - y) * log(1 - logistic(z)), z),
        logistic(z) - y, y - logistic(z), id="binary cross-entropy",
    ),
    pytest.param(
        Partial(z * (1 + erf(z / sqrt(2))) / 2, z),
        (1 + erf(z / sqrt(2))) / 2 + z * exp(-(z**2) / 2) / sqrt(2 * pi),
        (1 + erf(z / sqrt(2))) / 2 + z * exp(-(z**2)) / sqrt(2 * pi), id="GELU",
    ),
    pytest.param(Partial(P(d), scores[e, i]), P(d) * (delta(d, e) - P(e)), P(d) * P(e), id="softmax"),
    pytest.param(
        Partial(Partial(log(sum_over(c, exp(scores[c, i]))), scores[d, i]), scores[e, i]),
        P(d) * delta(d, e) - P(d) * P(e), P(d) * P(e) - P(d) * delta(d, e), id="Hessian of log-sum-exp",
    ),
    pytest.param(1 / ((y + 1) * (y + 2)), 1 / (y + 1) - 1 / (y + 2), 1 / (y + 1) + 1 / (y + 2), id="partial fractions"),
    pytest.param(
        sum_over(i, 1 / ((x[i, 0] + 1) * (x[i, 0] + 2))),
        sum_over(j, 1 / (x[j, 0] + 1)) - sum_over(k, 1 / (x[k, 0] + 2)),
        1 / sum_over(i, (x[i, 0] + 1) * (x[i, 0] + 2)), id="partial fractions under a sum",
    ),
    pytest.param(
        sum_over((i, j), x[i, 0] * exp(A[i, j]) / sum_over(k, exp(A[i, k]))),
        sum_over(i, x[i, 0]), sum_over((i, j), x[i, 0]), id="rows of a softmax sum to 1",
    ),
    pytest.param(
        exp(y) * (exp(z) / (exp(z) + 1) + 1 / (exp(z) + 1) - 1), S(0), exp(y), id="a factor that is 0 in lowest terms"
    ),
    pytest.param(relu(z) - relu(-z), z, -z, id="relu and its mirror image"),
    pytest.param(relu(y - z) + z, relu(z - y) + y, relu(z - y) - y, id="the larger of two"),
    pytest.param(Abs(z), relu(z) + relu(-z), relu(z) - relu(-z), id="absolute"),
    pytest.param(Partial(Abs(z), z), sign(z), step(z), id="absolute'"),
    pytest.param(Abs(z) ** 2, z**2, Abs(z), id="absolute squared"),
    pytest.param(step(z) * z + step(-z) * z, z, 2 * z, id="steps"),
    pytest.param(step(z) + step(-z), step(-z) + step(z), S(1), id="no step at 0"),
    pytest.param(Partial(z / sqrt(z**2 + eps), z), eps / (z**2 + eps) ** Rational(3, 2), eps, id="root"),
    pytest.param(Partial(f(y * z) ** 2, z), 2 * y * f(y * z) * Function("f'")(y * z), f(y * z), id="any activation"),
    pytest.param(sin(z) ** 4, (1 - cos(z) ** 2) ** 2, 1 - cos(z) ** 4, id="sine and cosine"),
    pytest.param(step(z**2) * z**2, z**2, z**2 * step(z), id="a square has no negative part"),
    pytest.param(relu(z**2), relu(-z) ** 2 + relu(z) ** 2, relu(z), id="the halves of a square"),
    pytest.param(sqrt(x[i, 0] ** 2), Abs(x[i, 0]), x[i, 0], id="the root of a square"),
    pytest.param(
        exp((z + z * exp(y)) / (1 + exp(y))), exp(z), exp(z / (1 + exp(y))), id="a quotient in lowest terms"
    ),
    pytest.param(
        sign(z / (1 + exp(y)) + z / (2 + exp(y)) + z / ((1 + exp(y)) * (2 + exp(y)))),
        sign(z / (1 + exp(y)) ** 3), sign(z * (1 - exp(y))), id="a sign in lowest terms",
    ),
    pytest.param(eps**z * eps, eps ** (z + 1), eps ** (2 * z), id="an exponent that isn't known"),
    pytest.param(0.5 * z, z / 2, z / 3, id="a decimal number"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "wrong"), TRUE_AND_FALSE)
def test_what_is_equal(left: Expr, right: Expr, wrong: Expr) -> None:
    assert prove_equal(left, right).equal
    assert not prove_equal(left, wrong).equal


def test_a_product_of_eight() -> None:
    letters = [Symbol(f"z{number}", real=True) for number in range(8)]
    slopes, products = S(1), S(1)
    for letter in letters:
        slopes *= exp(-letter) / (1 + exp(-letter)) ** 2
        products *= logistic(letter) * (1 - logistic(letter))
    assert prove_equal(slopes, products).equal
    assert not prove_equal(slopes, products / 2).equal


@pytest.mark.parametrize(
    ("expr", "provided"),
    [
        pytest.param((z**2 - 1) / (z - 1), ("z - 1 != 0",), id="a difference"),
        pytest.param(sum_over(i, 1 / x[i, 0]), ("x[i, 0] != 0",), id="under a sum"),
        pytest.param(log(z) + sqrt(y), ("z > 0", "y >= 0"), id="logarithm and root"),
        pytest.param(P(d) / m + log(1 + exp(z)) + 1 / (1 + z**2), (), id="known to be positive"),
    ],
)
def test_conditions_are_named(expr: Expr, provided: tuple[str, ...]) -> None:
    assert set(prove_equal(expr, expr).provided) == set(provided)


def test_a_sum_that_cancels_inside_of_a_term() -> None:
    """The columns of softmax cross-entropy's gradient add up to 0: rounding errors are no reason to say no."""
    where, assuming = softmax_cross_entropy.where, [softmax_cross_entropy.one_class_each]
    assert prove_equal(sum_over(classes, dZ2[classes, examples]), 0, where, assuming).equal
    assert not prove_equal(sum_over(classes, dZ2[classes, examples]) + dZ2[0, examples], 0, where, assuming).equal
