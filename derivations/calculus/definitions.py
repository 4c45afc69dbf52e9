"""Names that stand for expressions, and how to work a derivative out: expand the names, then differentiate.

Definitions read like the formulas: `{Z[c, i]: sum_over(v, W[c, v] * A[v, i]) + b[c, 0], L: ...}`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from functools import lru_cache

from sympy import Add, Basic, Expr, Indexed, MatrixSymbol, Mul, Pow, S, Sum, Symbol, Tuple
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.functions import function_of
from derivations.calculus.grammar import Index, Partial, check_shapes, delta, entry, free_indices, is_label, step

__all__ = [
    "Definitions",
    "DerivativeError",
    "by_name",
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


class _Names:
    """Definitions, looked up by name."""

    def __init__(self, where: Iterable[tuple[Expr, Expr]]) -> None:
        self.by_name = by_name(dict(where))
        self._expanded: dict[tuple[str, frozenset[str]], Expr] = {}
        for pattern, body in self.by_name.values():
            loose = set(free_indices(body)) - set(free_indices(pattern))
            if loose:
                raise ValueError(
                    f"the definition of {pattern} has the index {min(map(str, loose))}, which {pattern} does not have"
                )

    def defines(self, expr: Expr) -> bool:
        return isinstance(expr, (MatrixElement, Indexed, Symbol)) and name_of(expr) in self.by_name

    def expand(self, expr: Expr, keep: frozenset[str]) -> Expr:
        if isinstance(expr, Partial):
            inner = self.expand(expr.expr, keep | {name_of(expr.wrt)})
            return self.expand(differentiate(inner, expr.wrt), keep)
        if self.defines(expr) and name_of(expr) not in keep:
            return self.expanded_body(expr, keep)
        if not expr.args or isinstance(expr, (MatrixElement, Indexed)):
            return expr
        if isinstance(expr, Sum):
            return _rebuilt(expr, [self.expand(expr.function, keep), *expr.args[1:]])
        return _rebuilt(expr, [self.expand(arg, keep) for arg in expr.args])

    def expanded_body(self, quantity: Expr, keep: frozenset[str]) -> Expr:
        name = name_of(quantity)
        pattern, body = self.by_name[name]
        if (name, keep) not in self._expanded:
            self._expanded[name, keep] = self.expand(fresh_indices(body), keep)
        expanded = fresh_indices(self._expanded[name, keep])
        if isinstance(quantity, Symbol):
            return expanded
        places = zip(entry(pattern)[1], entry(quantity)[1], strict=True)
        return _replaced(expanded, {place: index for place, index in places if isinstance(place, Index)})


@lru_cache(maxsize=64)
def _names(where: tuple[tuple[Expr, Expr], ...]) -> _Names:
    return _Names(where)


def expand(expr: Expr, where: Definitions, keep: frozenset[str] = frozenset()) -> Expr:
    """Replace the defined names by what they stand for, all the way down, and work out the partial derivatives.

    Partial(f, W[p, q]) is the total derivative: every name in `f` is expanded, except W itself. Names in `keep` are
    left standing.
    """
    return _names(tuple(where.items())).expand(expr, keep)


def names_in(expr: Expr, *, inside_steps: bool = True) -> set[str]:
    """The names that stand in an expression."""
    if isinstance(expr, (MatrixElement, Indexed, Symbol)):
        return {name_of(expr)}
    if isinstance(expr, step) and not inside_steps:
        return set()
    return {name for arg in expr.args for name in names_in(arg, inside_steps=inside_steps)}


def depends_on(name: str, others: Iterable[str], where: Definitions) -> bool:
    """Whether a name's definition, all the way down, contains one of the others."""
    bodies = {name: body for name, (_, body) in by_name(where).items()}
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
    """The derivative of an expression without names to expand, as an index expression with Kronecker deltas.

    The rules for sums, products and the chain are ours, the derivatives of functions SymPy's. SymPy's own `diff` goes
    astray at an index that is bound in the expression (sympy #21891, #27359), and its matrix derivatives are 0 where
    they are not (sympy #26561). So a 0 is not taken for an answer: DerivativeError, if `wrt` does not stand in `expr`
    or nothing is left of it.
    """
    check_shapes(wrt)
    if name_of(wrt) not in names_in(expr, inside_steps=False):  # a step's derivative is 0
        raise DerivativeError(
            f"the derivative with respect to {wrt} of an expression in which {name_of(wrt)} does not stand"
        )
    derivative = _derivative(fresh_indices(expr), wrt)
    if derivative == 0:
        raise DerivativeError(f"the derivative of {expr} with respect to {wrt} comes out as 0")
    return derivative


def _derivative(expr: Expr, wrt: Expr) -> Expr:
    if isinstance(expr, (MatrixElement, Indexed, Symbol)):
        return _derivative_of_quantity(expr, wrt)
    if name_of(wrt) not in names_in(expr, inside_steps=False):
        return S.Zero
    if isinstance(expr, Sum):
        return _rebuilt(expr, [_derivative(expr.function, wrt), *expr.args[1:]])
    if isinstance(expr, Add):
        return _add(_derivative(term, wrt) for term in expr.args)
    if isinstance(expr, Mul):
        parts = [(k, _derivative(factor, wrt)) for k, factor in enumerate(expr.args)]
        return _add(_mul(*expr.args[:k], part, *expr.args[k + 1 :]) for k, part in parts if part != 0)
    if isinstance(expr, Pow) and name_of(wrt) not in names_in(expr.exp):
        return _mul(expr.exp, Pow(expr.base, expr.exp - 1, evaluate=False), _derivative(expr.base, wrt))
    function = function_of(expr)
    if function is not None:
        return _mul(function.slope(expr), _derivative(expr.args[0], wrt))
    raise DerivativeError(f"no rule for the derivative of {expr}")


def _derivative_of_quantity(quantity: Expr, wrt: Expr) -> Expr:
    if name_of(quantity) != name_of(wrt):
        return S.Zero
    if isinstance(wrt, Symbol):
        return S.One
    return Mul(*[delta(one, two) for one, two in zip(entry(quantity)[1], entry(wrt)[1], strict=True)])


def _add(terms: Iterable[Expr]) -> Expr:
    return Add(*[term for term in terms if term != 0], evaluate=False)


def _mul(*factors: Expr) -> Expr:
    return S.Zero if S.Zero in factors else Mul(*factors, evaluate=False)
