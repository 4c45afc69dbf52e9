"""Kronecker deltas picked out of sums, so that a chain-rule term reads as one would write it.

    sum[v, i](dA[v, i] * delta(v, w) * X[t, i])  becomes  sum[i](dA[w, i] * X[t, i])

This works on expressions as they are written and keeps their shape; that both are equal is proven elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from sympy import Add, Expr, KroneckerDelta, Mul, S, Sum

from derivations.calculus.grammar import Index, sum_over

__all__ = ["contract", "summed"]


def contract(expr: Expr) -> Expr:
    """The expression with every delta that a sum can resolve resolved: sum_i delta(i, j) f(i) = f(j)."""
    return Add(*[_contracted(bound, factors) for bound, factors in _terms(expr)])


_Term = tuple[list[Index], list[Expr]]


def _terms(expr: Expr) -> list[_Term]:
    """Bound indices and factors of each term; sums are multiplied out only where they contain a delta."""
    if not expr.has(KroneckerDelta):
        return [([], [expr])]
    if isinstance(expr, Add):
        return [term for part in expr.args for term in _terms(part)]
    if isinstance(expr, Sum):
        own = [limit[0] for limit in reversed(expr.limits)]
        return [(own + bound, factors) for bound, factors in _terms(expr.function)]
    if isinstance(expr, Mul):
        return [_joined(choice) for choice in product(*[_terms(part) for part in expr.args])]
    return [([], [expr])]


def _joined(terms: Sequence[_Term]) -> _Term:
    return [index for bound, _ in terms for index in bound], [factor for _, factors in terms for factor in factors]


def _contracted(bound: list[Index], factors: list[Expr]) -> Expr:
    while (found := _resolvable(bound, factors)) is not None:
        delta, index, value = found
        bound = [other for other in bound if other != index]
        factors = [factor.xreplace({index: value}) for factor in factors if factor is not delta]
    return summed(bound, factors)


def _resolvable(bound: list[Index], factors: list[Expr]) -> tuple[Expr, Index, Expr] | None:
    """A delta one of whose indices is summed over, that index, and what it is equal to."""
    for factor in factors:
        if isinstance(factor, KroneckerDelta):
            one, other = factor.args[:2]
            for index, value in ((one, other), (other, one)):
                if index in bound and not value.has(index):
                    return factor, index, value
    return None


def summed(bound: list[Index], factors: list[Expr]) -> Expr:
    """The sum of a product: what depends on no bound index is taken out, a sum that counts becomes a size."""
    if S.Zero in factors:
        return S.Zero
    inside = [factor for factor in factors if factor.free_symbols & set(bound)]
    outside = [factor for factor in factors if factor not in inside]
    used = [index for index in bound if any(index in factor.free_symbols for factor in inside)]
    counted = [index.size for index in bound if index not in used]
    return Mul(*counted, *outside, sum_over(tuple(used), Mul(*inside)) if used else S.One)
