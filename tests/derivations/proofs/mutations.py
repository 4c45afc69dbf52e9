"""Small mistakes in an index expression: a sign, an index, a factor, a transpose, a function left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Add, Expr, Integer, KroneckerDelta, Mul, Pow, Sum, exp, log
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus import Index, Partial, relu, step

__all__ = ["mutants"]


def mutants(expr: Expr, indices: Iterable[Index]) -> Iterator[tuple[str, Expr]]:
    """Each expression with one mistake, and what the mistake is; `indices` may be taken for one another."""
    indices = sorted(indices, key=str)
    yield "sign", -expr
    yield "doubled", 2 * expr
    for rule, new in _mutants(expr, indices):
        if new != expr:
            yield rule, new


def _mutants(expr: Expr, indices: list[Index]) -> Iterator[tuple[str, Expr]]:
    yield from _here(expr, indices)
    if isinstance(expr, (MatrixElement, KroneckerDelta, Index)):
        return
    parts = [0] if isinstance(expr, Sum) else range(len(expr.args))
    for k in parts:
        for rule, new in _mutants(expr.args[k], indices):
            yield rule, expr.func(*expr.args[:k], new, *expr.args[k + 1 :])


def _here(expr: Expr, indices: list[Index]) -> Iterator[tuple[str, Expr]]:
    if isinstance(expr, Add):
        for term in expr.args:
            yield "sign of a term", expr - 2 * term
            yield "term dropped", expr - term
    if isinstance(expr, Mul):
        for factor in expr.args:
            yield "factor dropped", expr / factor
            yield "factor twice", expr * factor
    if isinstance(expr, Pow):
        yield "power turned over", 1 / expr
        yield "power dropped", expr.base
    if isinstance(expr, (relu, step, exp, log)):
        yield "function dropped", expr.args[0]
        yield "sign inside", expr.func(-expr.args[0])
    if isinstance(expr, KroneckerDelta):
        yield "delta dropped", Integer(1)
    if isinstance(expr, Sum):
        yield "sum dropped", expr.function
    if isinstance(expr, Partial):
        yield "derivative dropped", expr.expr
    if isinstance(expr, (MatrixElement, KroneckerDelta)):
        yield from _other_indices(expr, indices)


def _other_indices(expr: Expr, indices: list[Index]) -> Iterator[tuple[str, Expr]]:
    is_entry = isinstance(expr, MatrixElement)
    places = (expr.i, expr.j) if is_entry else expr.args[:2]
    for k, place in enumerate(places):
        for other in indices:
            if isinstance(place, Index) and other != place and other.size == place.size:
                new = [*places[:k], other, *places[k + 1 :]]
                yield "another index", expr.parent[tuple(new)] if is_entry else KroneckerDelta(*new)
    if is_entry and all(isinstance(place, Index) for place in places):
        yield "transposed", MatrixElement(expr.parent, expr.j, expr.i)
