"""The proof as one would first try it: every entry of every array a symbol, at sizes that must be fixed.

`python -m benchmarks.entry_by_entry m n h C` differentiates the loss by each parameter, compares with the formulas'
entries; the exit status is 1 if they differ.
"""

from __future__ import annotations

import sys

from sympy import Expr, Function, Matrix, Symbol, exp, expand_mul, log


class Step(Function):
    """The slope of ReLU: 1 above 0, else 0."""


class ReLU(Function):
    """The larger of 0 and the argument, as SymPy differentiates it when it is told how."""

    def fdiff(self, argindex: int = 1) -> Expr:
        """The slope."""
        return Step(self.args[0])


relu, step = ReLU, Step


def proven(m: int, n: int, h: int, C: int) -> bool:
    """Whether all four gradients are the formulas', for labels that go round the classes."""
    X = _array("X", n, m)
    W1, b1, W2, b2 = _array("W1", h, n), _array("b1", h, 1), _array("W2", C, h), _array("b2", C, 1)
    Y = Matrix(C, m, lambda c, i: int(i % C == c))
    lam = Symbol("lam", real=True)
    ones = Matrix.ones(1, m)

    Z1 = W1 * X + b1 * ones
    A1 = Z1.applyfunc(relu)
    Z2 = W2 * A1 + b2 * ones
    S = [sum(exp(Z2[c, i]) for c in range(C)) for i in range(m)]
    cross_entropy = sum(Y[c, i] * (log(S[i]) - Z2[c, i]) for c in range(C) for i in range(m)) / m
    loss = cross_entropy + lam / 2 * (sum(w**2 for w in W1) + sum(w**2 for w in W2))

    P = Matrix(C, m, lambda c, i: exp(Z2[c, i]) / S[i])
    dZ2 = (P - Y) / m
    dZ1 = (W2.T * dZ2).multiply_elementwise(Z1.applyfunc(step))
    formulas = [
        (W2, dZ2 * A1.T + lam * W2),
        (b2, dZ2 * ones.T),
        (W1, dZ1 * X.T + lam * W1),
        (b1, dZ1 * ones.T),
    ]
    return all(
        expand_mul(loss.diff(v) - entry) == 0
        for parameter, gradient in formulas
        for v, entry in zip(parameter, gradient, strict=True)
    )


def _array(name: str, rows: int, columns: int) -> Matrix:
    return Matrix(rows, columns, lambda p, q: Symbol(f"{name}_{p}_{q}", real=True))


if __name__ == "__main__":
    sys.exit(not proven(*(int(size) for size in sys.argv[1:])))
