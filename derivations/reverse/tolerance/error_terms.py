"""How far an expression is off when the names in it are: to first order, as an expression.

    |f(x + e) - f(x)|  is at most  |f'(x)| |e|, and what is of second order.

One function a rule. The error of a name Q is an array of its shape that is never negative, written `err Q`.
"""

from __future__ import annotations

from collections.abc import Collection

from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, Pow, S, Sum, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import Definitions, name_of, names_in
from derivations.calculus.functions import absolute, function_of
from derivations.reverse.errors import FormulaError
from derivations.reverse.tolerance.formats import Format
from derivations.reverse.walk import renamed

__all__ = ["error_definitions", "error_of"]


def error_definitions(definitions: Definitions, stored: dict[str, Format]) -> dict[Expr, Expr]:
    """For each name that is off, where those in `stored` are rounded to their formats: the definition of its error.

    err Q = what reaches Q from the names in its definition + u |Q| + the smallest number, if Q is stored.
    """
    off: dict[str, Expr] = {}
    found: dict[Expr, Expr] = {}
    for quantity, body in definitions.items():
        name = name_of(quantity)
        error = error_of(body, off) + (_rounding(quantity, stored[name]) if name in stored else S.Zero)
        if error != 0:
            off[name] = quantity
            found[error_entry(quantity)] = error
    return found


def _rounding(quantity: Expr, form: Format) -> Expr:
    """u |Q| + the smallest number: exact, both are powers of 2."""
    return S(2) ** -form.digits * absolute(quantity) + S(2) ** (form.lowest - form.digits + 1)


def error_entry(quantity: Expr) -> Expr:
    """The entry `err Q[q]` for the entry Q[q]."""
    return renamed(quantity, f"err {name_of(quantity)}")


def error_of(expr: Expr, off: Collection[str]) -> Expr:
    """The error of an expression, where the names in `off` have errors and all others have none."""
    if not names_in(expr) & set(off):
        return S.Zero
    if isinstance(expr, (Symbol, MatrixElement, Indexed)):
        return of_name(expr)
    if isinstance(expr, Add):
        return of_sum_of_terms(expr, off)
    if isinstance(expr, Sum):
        return of_sum(expr, off)
    if isinstance(expr, Mul):
        return of_product(expr, off)
    if isinstance(expr, Pow) and not names_in(expr.exp) & set(off):
        return of_power(expr, off)
    if function_of(expr) is not None:
        return of_function(expr, off)
    raise FormulaError(f"no error can be given for {expr}")


def of_name(expr: Expr) -> Expr:
    """A name has its own error."""
    return error_entry(expr)


def of_sum_of_terms(expr: Add, off: Collection[str]) -> Expr:
    """err(a + b) = err a + err b."""
    return Add(*[error_of(term, off) for term in expr.args])


def of_sum(expr: Sum, off: Collection[str]) -> Expr:
    """err(sum of a) = sum of err a."""
    return Sum(error_of(expr.function, off), *expr.limits)


def of_product(expr: Mul, off: Collection[str]) -> Expr:
    """err(a b) = err a |b| + |a| err b."""
    factors = list(expr.args)
    terms = []
    for number, factor in enumerate(factors):
        error = error_of(factor, off)
        if error != 0:
            terms.append(Mul(error, *map(size_of, factors[:number] + factors[number + 1 :])))
    return Add(*terms)


def of_power(expr: Pow, off: Collection[str]) -> Expr:
    """err(a**n) = |n a**(n - 1)| err a."""
    return absolute(expr.exp * expr.base ** (expr.exp - 1)) * error_of(expr.base, off)


def of_function(expr: Expr, off: Collection[str]) -> Expr:
    """err f(a) = |f'(a)| err a."""
    function = function_of(expr)
    assert function is not None
    return absolute(function.slope(expr)) * error_of(expr.args[0], off)


def size_of(factor: Expr) -> Expr:
    """|a|; what can't be negative as it is, so that sums of products stay products."""
    return factor if isinstance(factor, KroneckerDelta) or factor.is_nonnegative else absolute(factor)
