"""How large rounding errors may be: S, the expression with the absolute value of every term in place of the term.

See `named_array` for its meaning. A function f of an inexact argument adds |f'(x)| times the argument's own S.
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr

from derivations.calculus.definitions import Definitions
from derivations.calculus.evaluate import Evaluation, Values
from derivations.calculus.named_array import Array, Axes

__all__ = ["rounding_scale"]


def rounding_scale(
    expr: Expr, axes: Axes, values: Values, sizes: Mapping[Expr, int], where: Definitions | None = None
) -> Array:
    """S for each entry, of the shape that `evaluate` gives.

    >>> from sympy import Symbol
    >>> x, y = Symbol("x", real=True), Symbol("y", real=True)
    >>> float(rounding_scale(x - y, (), {"x": 1000, "y": 999}, {}))
    1999.0
    """
    return Evaluation(values, sizes, where, measured=True).scale_of(expr, axes)
