"""Functions that are spelled out, recognized: 1 / (1 + exp(-z)) is sigmoid(z), which does not overflow in code.

What is recognized is also proven: each pair of forms is an equation that the prover decides.
"""

from __future__ import annotations

from sympy import Add, Expr, Indexed, Mul, Pow, S, Sum, exp, log, tanh
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.functions import sigmoid, softplus

__all__ = ["recognize"]


def recognize(expr: Expr) -> tuple[Expr, list[tuple[Expr, Expr]]]:
    """The expression with the table's functions in it, and what was replaced by what.

    >>> from sympy import Symbol
    >>> z = Symbol("z", real=True)
    >>> recognize(1 / (1 + exp(-z)))[0], recognize(log(1 + exp(z)))[0]
    (sigmoid(z), softplus(z))
    """
    found: list[tuple[Expr, Expr]] = []
    return _recognized(expr, found), found


def _recognized(expr: Expr, found: list[tuple[Expr, Expr]]) -> Expr:
    if not expr.args or isinstance(expr, (MatrixElement, Indexed)):
        return expr
    if isinstance(expr, Sum):
        return Sum(_recognized(expr.function, found), *expr.limits)
    whole = expr.func(*[_recognized(arg, found) for arg in expr.args])
    for form in (_tanh, _softplus, _sigmoid, _quotient):
        new = form(whole)
        if new is not None:
            found.append((whole, new))
            return new
    return whole


def _one_plus_exp(expr: Expr) -> Expr | None:
    """z, if the expression is 1 + exp(z)."""
    if isinstance(expr, Add) and len(expr.args) == 2 and S.One in expr.args:
        (other,) = [arg for arg in expr.args if arg != 1]
        return other.args[0] if isinstance(other, exp) else None
    return None


def _sigmoid(expr: Expr) -> Expr | None:
    """(1 + exp(z))**-k = sigmoid(-z)**k."""
    if isinstance(expr, Pow) and expr.exp.is_negative and (z := _one_plus_exp(expr.base)) is not None:
        return sigmoid(-z) ** -expr.exp
    return None


def _quotient(expr: Expr) -> Expr | None:
    """exp(z) sigmoid(-z) = sigmoid(z)."""
    if not isinstance(expr, Mul):
        return None
    for factor in expr.args:
        if isinstance(factor, exp) and (other := sigmoid(-factor.args[0])) in expr.args:
            rest = [arg for arg in expr.args if arg not in (factor, other)]
            return Mul(*rest, sigmoid(factor.args[0]))
    return None


def _softplus(expr: Expr) -> Expr | None:
    """log(1 + exp(z)) = softplus(z)."""
    if isinstance(expr, log) and (z := _one_plus_exp(expr.args[0])) is not None:
        return softplus(z)
    return None


def _tanh(expr: Expr) -> Expr | None:
    """(exp(z) - exp(-z)) / (exp(z) + exp(-z)) = tanh(z)."""
    if not isinstance(expr, Mul):
        return None
    for z in (part.args[0] for part in expr.atoms(exp)):
        above, below = exp(z) - exp(-z), Pow(exp(z) + exp(-z), -1)
        if above in expr.args and below in expr.args:
            return Mul(*[arg for arg in expr.args if arg not in (above, below)], tanh(z))
    return None
