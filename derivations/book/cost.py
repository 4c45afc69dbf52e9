"""How many multiplications a pass takes, as a formula in the sizes."""

from __future__ import annotations

from sympy import Add, Expr, Indexed, Integer, Mul, Pow, Sum, Symbol, expand
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.grammar import Index, Local, Partial, entry
from derivations.reverse.program import Reduction, Statement

__all__ = ["multiplications"]


def multiplications(statements: tuple[Statement, ...]) -> Expr:
    """Products and quotients, each sum written out: what a loop over all entries takes.

    >>> from derivations import derive
    >>> multiplications(derive("Z[v, i] = sum[u](W[v, u] * X[u, i])").program.forward)
    n_i*n_u*n_v
    """
    return expand(Add(*[_entries(statement.target) * _of(statement) for statement in statements]))


def _entries(target: Expr) -> Expr:
    if isinstance(target, Symbol):
        return Integer(1)
    return Mul(*[index.size for index in entry(target)[1] if isinstance(index, Index)])


def _of(statement: Statement) -> Expr:
    if isinstance(statement.value, Reduction):  # each entry is divided by its sum, or by nothing
        return _each(statement.read) + (1 if statement.value.function == "softmax" else 0)
    return _each(statement.value)


def _each(expr: Expr) -> Expr:
    """For one entry."""
    if isinstance(expr, Sum):
        return _each(expr.function) * Mul(*[index.size for index, *_ in expr.limits])
    if isinstance(expr, (MatrixElement, Indexed, Partial, Local)) or not expr.args:
        return Integer(0)
    inside: Expr = Add(*[_each(arg) for arg in expr.args])
    if isinstance(expr, Mul):
        factors = [factor for factor in expr.args if factor not in (1, -1)]
        return inside + len(factors) - 1
    if isinstance(expr, Pow) and expr.exp.is_Integer:
        return inside + abs(int(expr.exp)) - (1 if expr.exp > 0 else 0)
    return inside
