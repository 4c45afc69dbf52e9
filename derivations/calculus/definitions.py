"""Names that stand for expressions, and the names in an expression.

Definitions read like the formulas: `{Z[c, i]: sum_over(v, W[c, v] * A[v, i]) + b[c, 0], L: ...}`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from functools import lru_cache

from sympy import Add, Basic, Expr, Indexed, MatrixSymbol, Mul, Pow, Sum, Symbol, Tuple
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.grammar import Index, entry, is_label, parts_of

__all__ = [
    "Definitions",
    "DerivativeError",
    "by_name",
    "fresh_indices",
    "name_of",
    "names_in",
]

Definitions = Mapping[Expr, Expr]
"""From a name (a scalar, or an entry with its indices, `P[c, i]`) to the expression that it stands for."""


class DerivativeError(ArithmeticError):
    """A derivative with respect to something on which nothing depends, or that can't change by itself."""


def name_of(quantity: Expr) -> str:
    """The name of a scalar, of labels, or of the array that an entry belongs to."""
    if isinstance(quantity, (MatrixElement, Indexed)):
        return entry(quantity)[0]
    return str(type(quantity)) if is_label(quantity) else str(quantity)


def by_name(where: Definitions) -> dict[str, tuple[Expr, Expr]]:
    """Each definition under the name that it defines; ValueError if one name is defined twice.

    `{Z[v, i]: X[v, i], Z[w, j]: 2 * X[w, j]}` has two keys and one name: Python's dictionaries don't see it.
    """
    found: dict[str, tuple[Expr, Expr]] = {}
    for pattern, body in where.items():
        name = name_of(pattern)
        if name in found:
            raise ValueError(
                f"{name} is defined twice, as {found[name][0]} and as {pattern}: a name has one definition"
            )
        found[name] = pattern, body
    return found


_numbers = itertools.count()


def _fresh(index: Index) -> Index:
    return Index(f"{index.name.partition('#')[0]}#{next(_numbers)}", index.size)


def _rebuilt(expr: Expr, args: Iterable[Expr]) -> Expr:
    """The expression with other parts, taken as it stands: SymPy would simplify at each node, some ten times slower."""
    args = tuple(args)
    if all(new is old for new, old in zip(args, expr.args, strict=True)):
        return expr
    if isinstance(expr, (Add, Mul)):
        return expr.func._from_args(args, is_commutative=True)
    new: Expr = Basic.__new__(type(expr), *args)
    if isinstance(expr, (Pow, Sum)):
        new.is_commutative = True  # which their constructors set
    return new


def _replaced(expr: Expr, new: Mapping[Expr, Expr]) -> Expr:
    if expr in new:
        return new[expr]
    if not expr.args or isinstance(expr, MatrixSymbol):
        return expr
    return _rebuilt(expr, [_replaced(arg, new) for arg in expr.args])


def fresh_indices(expr: Expr) -> Expr:
    """The same expression with new names for the indices that it sums over, so that none is taken for another."""
    if not expr.args or isinstance(expr, (MatrixElement, Indexed)):
        return expr
    if isinstance(expr, Sum):
        new = {limit[0]: _fresh(limit[0]) for limit in expr.limits}
        body = _replaced(fresh_indices(expr.function), new)
        return _rebuilt(expr, [body, *[Tuple(new[index], *bounds) for index, *bounds in expr.limits]])
    return _rebuilt(expr, [fresh_indices(arg) for arg in expr.args])


@lru_cache(maxsize=4096)
def names_in(expr: Expr) -> frozenset[str]:
    """The names of the scalars and arrays in an expression, found without recursion."""
    found = (part for part in parts_of(expr) if isinstance(part, (MatrixElement, Indexed, Symbol)))
    return frozenset(name_of(part) for part in found if not isinstance(part, Index))
