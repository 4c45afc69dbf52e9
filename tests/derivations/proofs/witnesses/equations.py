"""Equations that are true and that are false, for the witnesses."""

from __future__ import annotations

from sympy import Function, Rational, S, Symbol, cos, erf, exp, log, pi, sin, sqrt, tanh

from derivations.calculus import Index, Partial, Positive, SumsToOne, array, delta, label, relu, size, step, sum_over
from derivations.calculus.functions import sigmoid, softplus
from derivations.calculus.grammar import Local
from derivations.proofs import Equation

__all__ = ["FALSE", "TRUE", "changed", "s", "t", "x"]

m, n = size("m"), size("n")
i, j, u, v = Index("i", m), Index("j", m), Index("u", n), Index("v", n)
X, Y, P = array("X", n, m), array("Y", n, m), array("P", n, m)
T = array("T", m, n, n)
x, y, z = (Symbol(name, real=True) for name in "xyz")
s, t = Symbol("s", positive=True), Symbol("t", positive=True)
L, A = Symbol("L", real=True), array("A", n, m)
labels = label("y", n)

Z = sum_over(v, exp(X[v, i]))
softmax = exp(X[u, i]) / Z
logistic = 1 / (1 + exp(-x))
f = Function("f")
Q, R, b = Symbol("Q", real=True), Symbol("R", real=True), array("b", m)

TRUE = {
    "a sum of exponents": Equation(exp(x + y), exp(x) * exp(y)),
    "a half in the exponent": Equation(exp(x / 2) ** 2, exp(x)),
    "exponentials in exponentials": Equation(exp(exp(x) * exp(y)), exp(exp(x + y))),
    "four of them": Equation(exp(exp(exp(exp(2 * x)))), exp(exp(exp(exp(x) ** 2)))),
    "softmax": Equation(sum_over(u, softmax), S.One, (i,)),
    "the derivative of softmax": Equation(
        Partial(softmax, X[v, j]), delta(i, j) * softmax * (delta(u, v) - exp(X[v, j]) / Z), (u, v, i, j)
    ),
    "the sigmoid's derivative": Equation(Partial(logistic, x), logistic * (1 - logistic)),
    "its second derivative": Equation(
        Partial(Partial(logistic, x), x), logistic * (1 - logistic) * (1 - 2 * logistic)
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
        Partial(sum_over((i, u, v), T[i, u, v] ** 2), T[j, v, u]), 2 * T[j, v, u], (j, u, v)
    ),
    "one axis": Equation(Partial(sum_over(i, b[i] ** 2), b[j]), 2 * b[j], (j,)),
    "tanh": Equation(Partial(tanh(x), x), 4 / (exp(x) + exp(-x)) ** 2),
    "the logistic function": Equation(Partial(softplus(x), x), sigmoid(x)),
    "GELU": Equation(
        Partial(x * (1 + erf(x / sqrt(2))) / 2, x), (1 + erf(x / sqrt(2))) / 2 + x * exp(-(x**2) / 2) / sqrt(2 * pi)
    ),
    "sin and cos": Equation(Partial(sin(x) * cos(x), x), 1 - 2 * sin(-x) ** 2),
    "any function": Equation(
        Partial(Partial(f(x**2), x), x), 2 * Function("f'")(x**2) + 4 * x**2 * Function("f''")(x**2)
    ),
    "along one edge": Equation(Local(Q, x), R, where={Q: x * R, R: 2 * x}),
    "along all paths": Equation(Partial(Q, x), R + 2 * x, where={Q: x * R, R: 2 * x}),
    "an edge within a derivative": Equation(Partial(Local(Q, x), x), 2 + 0 * x, where={Q: x * R, R: 2 * x}),
    "an edge between entries": Equation(
        Local(A[u, i], X[v, j]), delta(u, v) * delta(i, j) * Y[u, i], (u, v, i, j),
        where={A[u, i]: X[u, i] * Y[u, i], Y[u, i]: X[u, i] ** 2},
    ),
    "sums to one": Equation(sum_over(u, Y[u, i]), S.One, (i,), assumptions=(SumsToOne("Y"),)),
    "positive and sums to one": Equation(
        sum_over(u, sqrt(P[u, i]) ** 2), S.One, (i,), assumptions=(SumsToOne("P"), Positive("P"))
    ),
}  # fmt: skip

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


def changed(equation: Equation) -> list[Equation]:
    """The equation with another right side: off by very little, by a factor, by a sign."""
    rights = (equation.right + Rational(1, 10**30), 2 * equation.right, -equation.right)
    return [
        Equation(equation.left, right, equation.axes, where=equation.where, assumptions=equation.assumptions)
        for right in rights
    ]
