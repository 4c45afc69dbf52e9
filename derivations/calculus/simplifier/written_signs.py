"""Signs that one sees as long as nothing is multiplied out: (x - y)**2 is a square, x**2 - 2*x*y + y**2 hides it."""

from __future__ import annotations

from collections.abc import Callable

from sympy import Add, Expr, Indexed, Mul, Number, Pow, Sum, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import name_of
from derivations.calculus.functions import function_of

__all__ = ["is_nonnegative_as_written"]


def is_nonnegative_as_written(expr: Expr, known: Callable[[str], bool]) -> bool:
    """Whether an expression can't be negative wherever it is defined; `known` says so of names.

    >>> from sympy.abc import x, y
    >>> [is_nonnegative_as_written(expr, lambda name: name == "x") for expr in ((x - y) ** 2 / 3, x / 2, x * y)]
    [True, True, False]
    """
    if isinstance(expr, Sum):
        return is_nonnegative_as_written(expr.function, known)
    if isinstance(expr, (Add, Mul)):
        return all(is_nonnegative_as_written(arg, known) for arg in expr.args)
    if isinstance(expr, Pow):
        is_square = bool(expr.exp.is_Integer) and expr.exp % 2 == 0
        return is_square or is_nonnegative_as_written(expr.base, known)
    if isinstance(expr, (MatrixElement, Indexed, Symbol)):
        return bool(expr.is_nonnegative) or known(name_of(expr))
    if isinstance(expr, Number):
        return bool(expr >= 0)
    function = function_of(expr)
    return function is not None and function.range in ("positive", "nonnegative")
