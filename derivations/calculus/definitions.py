"""Names that stand for expressions, and how to work a derivative out: expand the names, then differentiate.

Definitions read like the formulas: `{Z[c, i]: sum_over(v, W[c, v] * A[v, i]) + b[c, 0], L: ...}`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

from sympy import Derivative, Expr, Indexed, Subs, Sum, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.grammar import Index, Partial, check_shapes, entry, is_label, step

__all__ = [
    "Definitions",
    "DerivativeError",
    "depends_on",
    "differentiate",
    "expand",
    "fresh_indices",
    "name_of",
    "names_in",
]

Definitions = Mapping[Expr, Expr]
"""From a name (a scalar, or an entry with its indices, `P[c, i]`) to the expression that it stands for."""


class DerivativeError(ArithmeticError):
    """A derivative that can't be trusted."""


def name_of(quantity: Expr) -> str:
    """The name of a scalar, of labels, or of the array that an entry belongs to."""
    if isinstance(quantity, (MatrixElement, Indexed)):
        return entry(quantity)[0]
    return str(type(quantity)) if is_label(quantity) else str(quantity)


_numbers = itertools.count()


def _fresh(index: Index) -> Index:
    return Index(f"{index.name.partition('#')[0]}#{next(_numbers)}", index.size)


def fresh_indices(expr: Expr) -> Expr:
    """The same expression with new names for the indices that it sums over, so that no other index can be mistaken for one."""
    if not expr.args or not expr.has(Sum):
        return expr
    if isinstance(expr, Sum):
        new = {limit[0]: _fresh(limit[0]) for limit in expr.limits}
        body = fresh_indices(expr.function).xreplace(new)
        return Sum(body, *[(new[index], *bounds) for index, *bounds in expr.limits])
    return expr.func(*[fresh_indices(arg) for arg in expr.args])


class _Names:
    """Definitions, looked up by name."""

    def __init__(self, where: Definitions) -> None:
        self.by_name = {name_of(pattern): (pattern, body) for pattern, body in where.items()}

    def __contains__(self, quantity: Expr) -> bool:
        return isinstance(quantity, (MatrixElement, Indexed, Symbol)) and name_of(quantity) in self.by_name

    def body(self, quantity: Expr) -> Expr:
        pattern, body = self.by_name[name_of(quantity)]
        body = fresh_indices(body)
        if isinstance(quantity, Symbol):
            return body
        places = zip(entry(pattern)[1], entry(quantity)[1], strict=True)
        return body.xreplace({place: index for place, index in places if isinstance(place, Index)})


def expand(expr: Expr, where: Definitions, keep: frozenset[str] = frozenset()) -> Expr:
    """Replace the defined names by what they stand for, all the way down, and work out the partial derivatives.

    Partial(f, W[p, q]) is the total derivative: every name in `f` is expanded, except W itself.
    """
    return _expand(expr, _Names(where), keep)


def _expand(expr: Expr, names: _Names, keep: frozenset[str]) -> Expr:
    if isinstance(expr, Partial):
        inner = _expand(expr.expr, names, keep | {name_of(expr.wrt)})
        return _expand(differentiate(inner, expr.wrt), names, keep)
    if expr in names and name_of(expr) not in keep:
        return _expand(names.body(expr), names, keep)
    if not expr.args or isinstance(expr, (MatrixElement, Indexed)):
        return expr
    if isinstance(expr, Sum):
        return expr.func(_expand(expr.function, names, keep), *expr.limits)
    return expr.func(*[_expand(arg, names, keep) for arg in expr.args])


def names_in(expr: Expr, *, inside_steps: bool = True) -> set[str]:
    """The names that stand in an expression."""
    if isinstance(expr, (MatrixElement, Indexed, Symbol)):
        return {name_of(expr)}
    if isinstance(expr, step) and not inside_steps:
        return set()
    return {name for arg in expr.args for name in names_in(arg, inside_steps=inside_steps)}


def depends_on(name: str, others: Iterable[str], where: Definitions) -> bool:
    """Whether a name's definition, all the way down, contains one of the others."""
    bodies = {name_of(pattern): body for pattern, body in where.items()}
    wanted, seen, todo = set(others), set(), [name]
    while todo:
        name = todo.pop()
        if name in wanted:
            return True
        if name not in seen and name in bodies:
            seen.add(name)
            todo += names_in(bodies[name])
    return False


def differentiate(expr: Expr, wrt: Expr) -> Expr:
    """The derivative by SymPy's `diff`, as an index expression with Kronecker deltas.

    SymPy's matrix derivatives are known to be 0 where they are not (sympy #26561), so a 0 is only taken from an expression in
    which `wrt` does not stand, and then it is the caller's mistake: both raise DerivativeError.
    """
    check_shapes(wrt)
    if name_of(wrt) not in names_in(expr, inside_steps=False):  # a step's derivative is 0
        raise DerivativeError(f"the derivative with respect to {wrt} of an expression in which {name_of(wrt)} does not stand")
    # Bound indices get new names first: by an index that is bound in `expr`, SymPy differentiates wrongly (sympy #21891).
    derivative = fresh_indices(expr).diff(wrt)
    if derivative == 0 or derivative.has(Derivative, Subs):
        raise DerivativeError(f"SymPy gives {derivative} for the derivative of {expr} with respect to {wrt}")
    return derivative
