"""How many multiplications a pass takes, as a formula in the sizes."""

from __future__ import annotations

from sympy import Add, Expr, Indexed, Integer, Mul, Pow, Sum, Symbol, expand
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.grammar import Index, entry, free_indices
from derivations.reverse.program import Reduction, Statement

__all__ = ["multiplications"]


def multiplications(statements: tuple[Statement, ...]) -> Expr:
    """Products and quotients in loops over all entries; a sum is added up once for each value of its free indices.

    >>> from derivations import derive
    >>> multiplications(derive("Z[v, i] = sum[u](W[v, u] * X[u, i])").program.forward)
    n_i*n_u*n_v
    >>> multiplications(derive("Y[i] = X[i] * sum[j](W[j] * W[j])").program.forward)
    n_i + n_j
    """
    return expand(Add(*[_of(statement) for statement in statements]))


def _of(statement: Statement) -> Expr:
    entries = _entries(statement.target)
    if isinstance(statement.value, Reduction):  # softmax divides each entry by its sum
        return entries * (_each(statement.read) + (1 if statement.value.function == "softmax" else 0))
    sums = statement.read.atoms(Sum)
    return entries * _each(statement.read) + Add(*[_added_up(part) for part in sums])


def _added_up(part: Sum) -> Expr:
    indices = [*free_indices(part), *[index for index, *_ in part.limits]]
    return Mul(*[index.size for index in indices]) * _each(part.function)


def _entries(target: Expr) -> Expr:
    if isinstance(target, Symbol):
        return Integer(1)
    return Mul(*[index.size for index in entry(target)[1] if isinstance(index, Index)])


def _each(expr: Expr) -> Expr:
    """For one entry, but for the sums in it."""
    if isinstance(expr, (Sum, MatrixElement, Indexed)) or not expr.args:
        return Integer(0)
    inside: Expr = Add(*[_each(arg) for arg in expr.args])
    if isinstance(expr, Mul):  # what is divided by counts where it stands, as a power
        factors = [factor for factor in expr.args if factor not in (1, -1) and not _is_divisor(factor)]
        return inside + max(len(factors) - 1, 0)
    if isinstance(expr, Pow) and expr.exp.is_Integer:
        return inside + abs(int(expr.exp)) - (1 if expr.exp > 0 else 0)
    return inside


def _is_divisor(factor: Expr) -> bool:
    return isinstance(factor, Pow) and bool(factor.exp.is_Integer) and factor.exp < 0
