"""How large rounding errors may be: S, the expression with the absolute value of every term in place of the term.

Floating-point sums and products err by a small multiple of eps * S, however much the terms cancel (Higham, "Accuracy
and Stability of Numerical Algorithms", 2nd edition, chapter 3). A function f of an inexact argument adds |f'(x)|
times the argument's own S.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from sympy import Add, Expr, Indexed, Pow, Symbol, exp, log
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import Definitions
from derivations.calculus.evaluate import Evaluation, Labelled, Values, elementwise
from derivations.calculus.functions import function_of
from derivations.calculus.grammar import Index, relu, step

__all__ = ["rounding_scale"]


def rounding_scale(
    expr: Expr, axes: tuple[Index, ...], values: Values, sizes: Mapping[Expr, int], where: Definitions | None = None
) -> npt.NDArray[Any]:
    """S for each entry, of the shape that `evaluate` gives."""
    return _Magnitude(values, sizes, where or {}).array_of(expr, axes)


class _Magnitude(Evaluation):
    """The same walk over the expression, with magnitudes in place of values."""

    def __init__(self, values: Values, sizes: Mapping[Expr, int], where: Definitions) -> None:
        super().__init__({name: np.abs(value) for name, value in values.items()}, sizes, where)
        self.true = Evaluation(values, sizes, where)

    def of(self, expr: Expr) -> Labelled:
        if isinstance(expr, (Symbol, MatrixElement, Indexed)):
            return super().of(expr)
        if isinstance(expr, Add):
            return elementwise(lambda *terms: sum(terms[1:], start=terms[0]), *[self.of(term) for term in expr.args])
        if isinstance(expr, (Pow, exp, log, relu, step)):
            inner = expr.base if isinstance(expr, Pow) else expr.args[0]
            value, slope = self.true.of(expr), self.true.of(_slope(expr))
            return elementwise(lambda f, d, s: np.abs(f) + np.abs(d) * s, value, slope, self.of(inner))
        result = super().of(expr)
        return Labelled(np.abs(result.value), result.axes)


def _slope(expr: Expr) -> Expr:
    if isinstance(expr, Pow):
        return expr.exp * expr.base ** (expr.exp - 1)
    function = function_of(expr)
    assert function is not None
    return function.slope(expr)
