"""The derivative of one line with respect to one name in it, all other names held: what is on an edge of the graph.

Expressions stay as they are written, so that a step reads like a teacher's. The prover differentiates in its own way;
that both agree is one of the claims.
"""

from __future__ import annotations

from sympy import Add, Expr, Indexed, Mul, Pow, S, Sum, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import fresh_indices, name_of
from derivations.calculus.functions import function_of
from derivations.calculus.grammar import delta, entry
from derivations.reverse.errors import FormulaError

__all__ = ["slope"]


def slope(body: Expr, wrt: Expr) -> Expr:
    """The derivative of `body` with respect to the entry or scalar `wrt`, with Kronecker deltas; 0 if it isn't there.

    >>> from derivations.reverse.reading import read
    >>> (body,) = read("L = sum[i](x[i]**2)").definitions.values()
    """
    return _slope(fresh_indices(body), wrt)


def _slope(expr: Expr, wrt: Expr) -> Expr:
    if isinstance(expr, (MatrixElement, Indexed, Symbol)):
        return _of_quantity(expr, wrt)
    if isinstance(expr, Sum):
        inner = _slope(expr.function, wrt)
        return Sum(inner, *expr.limits) if inner != 0 else S.Zero
    if isinstance(expr, Add):
        return Add(*[_slope(term, wrt) for term in expr.args])
    if isinstance(expr, Mul):
        return Add(
            *[Mul(*expr.args[:k], _slope(factor, wrt), *expr.args[k + 1 :]) for k, factor in enumerate(expr.args)]
        )
    if isinstance(expr, Pow):
        return expr.exp * Pow(expr.base, expr.exp - 1) * _slope(expr.base, wrt)
    if not expr.args:
        return S.Zero
    function = function_of(expr)
    if function is not None:
        return function.slope(expr) * _slope(expr.args[0], wrt)
    raise FormulaError(f"no rule for the derivative of {expr}")


def _of_quantity(quantity: Expr, wrt: Expr) -> Expr:
    if name_of(quantity) != name_of(wrt):
        return S.Zero
    if isinstance(wrt, Symbol):
        return S.One
    return Mul(*[delta(one, other) for one, other in zip(entry(quantity)[1], entry(wrt)[1], strict=True)])
