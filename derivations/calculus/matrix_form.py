"""The matrix form of an index expression, computed: `sum_i G[p, i] * A[q, i]` is seen to be G Aᵀ.

A term is read as a graph. Its indices are the points, and a factor with the indices a and b is an edge between them,
a matrix. The rows' index p and the columns' index q stay; a summed index goes away by a rule:

- two edges between the same points are one: an elementwise product;
- a summed point with two neighbours joins them: a matrix product, where an edge against its direction is a transpose;
- a summed point with one neighbour: a product with a vector of ones, which is the sum along that axis.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from sympy import (
    Add,
    Expr,
    HadamardPower,
    HadamardProduct,
    Identity,
    Integer,
    KroneckerDelta,
    Mul,
    OneMatrix,
    Pow,
    S,
    Sum,
    preorder_traversal,
)
from sympy.matrices.expressions import MatAdd, MatMul, MatrixExpr, MatrixSymbol, Transpose
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import fresh_indices
from derivations.calculus.grammar import Index, entry, sum_over

__all__ = ["NoMatrixFormError", "entry_of", "matrix_form"]

Point: TypeAlias = "Index | Integer"  # an index, or 0 for the only row or column of a vector


class NoMatrixFormError(ValueError):
    """An index expression that is no product, sum and elementwise function of matrices."""


@dataclass(frozen=True)
class _Edge:
    matrix: MatrixExpr
    row: Point
    column: Point

    def seen_from(self, row: Point) -> MatrixExpr:
        """The matrix with its rows at `row`."""
        return self.matrix if row == self.row else _transposed(self.matrix)

    def other(self, point: Point) -> Point:
        return self.column if point == self.row else self.row


def _transposed(matrix: MatrixExpr) -> MatrixExpr:
    if isinstance(matrix, OneMatrix):
        return OneMatrix(*reversed(matrix.shape))
    return Transpose(matrix).doit()


def _product(left: MatrixExpr, right: MatrixExpr) -> MatrixExpr:
    return MatMul(
        *[part for factor in (left, right) for part in (factor.args if isinstance(factor, MatMul) else (factor,))]
    )


def _length(point: Point) -> Expr:
    return point.size if isinstance(point, Index) else S.One


def matrix_form(expr: Expr, row: Index | int = 0, column: Index | int = 0) -> MatrixExpr:
    """The matrix whose entry (row, column) is `expr`; a row or column 0 makes a vector, both a 1 x 1 matrix.

    Raises NoMatrixFormError where there is none, as for arrays with four indices.
    """
    if not expr.has(MatrixElement):
        raise NoMatrixFormError(f"no matrix stands in {expr}")
    return _matrix(fresh_indices(expr), _point(row), _point(column))


def _point(index: Index | int) -> Point:
    return index if isinstance(index, Index) else S.Zero


def _matrix(expr: Expr, row: Point, column: Point) -> MatrixExpr:
    if isinstance(expr, Add):
        return MatAdd(*[_matrix(term, row, column) for term in expr.args]).doit()
    coefficient, factors, summed = _factors(expr)
    edges = [_edge(factor, {row, column, *summed}) for factor in factors]
    while summed:
        edges = _merged(edges)
        # Few edges first; of two equal choices, the one that needs no transpose.
        point = min(
            summed, key=lambda index: (len(_at(edges, index)), all(e.column != index for e in _at(edges, index)))
        )
        edges = _without(edges, point)
        summed.remove(point)
    return _scaled(coefficient, _assembled(_merged(edges), row, column))


def _scaled(coefficient: Expr, matrix: MatrixExpr) -> MatrixExpr:
    return matrix if coefficient == 1 else MatMul(coefficient, matrix).doit(deep=False)


def _factors(expr: Expr) -> tuple[Expr, list[Expr], list[Index]]:
    """The factors that indices stand in, those that none do as one coefficient, and the indices summed over."""
    coefficient, factors, summed = S.One, [], []
    todo = [expr]
    while todo:
        factor = todo.pop(0)
        if isinstance(factor, Sum):
            summed += [limit[0] for limit in factor.limits]
            todo[:0] = Mul.make_args(factor.function)
        elif isinstance(factor, Mul):
            todo[:0] = factor.args
        elif factor.has(MatrixElement) or factor.has(Index):
            factors.append(factor)
        else:
            coefficient *= factor
    return coefficient, factors, summed


def _edge(factor: Expr, points: set[Point]) -> _Edge:
    if isinstance(factor, MatrixElement):
        (_, (a, b)), matrix = entry(factor), factor.parent
    elif isinstance(factor, KroneckerDelta):
        a, b = factor.args[:2]
        matrix = Identity(_length(a if isinstance(a, Index) else b))
    else:
        # In the order in which they are written, so that no transpose is made without need.
        inside = [
            point for point in dict.fromkeys(preorder_traversal(factor)) if isinstance(point, Index) and point in points
        ]
        if len(inside) > 2:
            raise NoMatrixFormError(f"{factor} has more than two indices")
        a, b = [*inside, S.Zero, S.Zero][:2]
        matrix = _elementwise(factor, a, b)
    if a not in points | {S.Zero} or b not in points | {S.Zero} or (a == b and a != 0):
        raise NoMatrixFormError(f"{factor} is no entry of a matrix with the indices {sorted(map(str, points))}")
    if any(point == 0 and length != 1 for point, length in zip((a, b), matrix.shape, strict=True)):
        raise NoMatrixFormError(f"{factor} is in one row or column of a matrix that has several")
    return _Edge(matrix, a, b)


def _elementwise(factor: Expr, row: Point, column: Point) -> MatrixExpr:
    if isinstance(factor, Add):
        return _matrix(factor, row, column)
    if isinstance(factor, Pow) and not factor.exp.has(Index):
        return HadamardPower(_matrix(factor.base, row, column), factor.exp)
    if factor.is_Function and len(factor.args) == 1:
        return ElementwiseApplyFunction(type(factor), _matrix(factor.args[0], row, column))
    raise NoMatrixFormError(f"{factor} is no function of one matrix, entry by entry")


def _merged(edges: list[_Edge]) -> list[_Edge]:
    merged: dict[frozenset[Point], _Edge] = {}
    for edge in edges:
        ends = frozenset({edge.row, edge.column})
        if ends in merged:
            first = merged[ends]
            edge = replace(first, matrix=_entrywise(first.matrix, edge.seen_from(first.row)))
        merged[ends] = edge
    return list(merged.values())


def _entrywise(*matrices: MatrixExpr) -> MatrixExpr:
    """(A o B) o C = A o B o C."""
    parts = [matrix.args if isinstance(matrix, HadamardProduct) else (matrix,) for matrix in matrices]
    factors = [factor for part in parts for factor in part]
    return HadamardProduct(*factors) if len(factors) > 1 else factors[0]


def _at(edges: list[_Edge], point: Point) -> list[_Edge]:
    return [edge for edge in edges if point in (edge.row, edge.column)]


def _without(edges: list[_Edge], point: Index) -> list[_Edge]:
    here = _at(edges, point)
    rest = [edge for edge in edges if edge not in here]
    match here:
        case [edge]:
            a = edge.other(point)
            if a == 0:  # a column of which all entries are added up
                return [*rest, _Edge(_product(OneMatrix(1, point.size), edge.seen_from(point)), S.Zero, S.Zero)]
            return [*rest, _Edge(_product(edge.seen_from(a), OneMatrix(point.size, 1)), a, S.Zero)]
        case [one, two]:
            if one.other(point) == 0 or (one.row == point and two.column == point):
                one, two = two, one
            a, b = one.other(point), two.other(point)
            return [*rest, _Edge(_product(one.seen_from(a), two.seen_from(point)), a, b)]
    raise NoMatrixFormError(f"the index {point} is shared by {len(here)} different pairs")


def _assembled(edges: list[_Edge], row: Point, column: Point) -> MatrixExpr:
    at_row = [edge for edge in edges if {edge.row, edge.column} == {row, S.Zero} and row != 0 and column != 0]
    at_column = [edge for edge in edges if {edge.row, edge.column} == {column, S.Zero} and row != 0 and column != 0]
    parts = [edge.seen_from(row) for edge in edges if {edge.row, edge.column} == {row, column}]
    if len(parts) + len(at_row) + len(at_column) != len(edges):
        raise NoMatrixFormError(f"no matrix product has the indices {row} and {column} only")
    if at_row and at_column and not parts:  # a column times a row
        return _product(at_row[0].seen_from(row), at_column[0].seen_from(S.Zero))
    parts += [_product(edge.seen_from(row), OneMatrix(1, _length(column))) for edge in at_row]
    parts += [_product(OneMatrix(_length(row), 1), edge.seen_from(S.Zero)) for edge in at_column]
    return _entrywise(*parts) if parts else OneMatrix(_length(row), _length(column))


def entry_of(matrix: MatrixExpr, row: Index | int = 0, column: Index | int = 0) -> Expr:
    """The index expression for one entry of a matrix expression: the way back, by the definition of each operation."""
    row, column = _point(row), _point(column)
    if isinstance(matrix, MatrixSymbol):
        return matrix[row, column]
    if isinstance(matrix, MatAdd):
        return Add(*[entry_of(term, row, column) for term in matrix.args])
    if isinstance(matrix, MatMul):
        coefficient, factors = matrix.as_coeff_matrices()
        return coefficient * _product_entry(list(factors), row, column)
    if isinstance(matrix, Transpose):
        return entry_of(matrix.arg, column, row)
    if isinstance(matrix, HadamardProduct):
        return Mul(*[entry_of(factor, row, column) for factor in matrix.args])
    if isinstance(matrix, HadamardPower):
        return Pow(entry_of(matrix.base, row, column), matrix.exp)
    if isinstance(matrix, ElementwiseApplyFunction):
        return matrix.function(entry_of(matrix.expr, row, column))
    if isinstance(matrix, OneMatrix):
        return S.One
    if isinstance(matrix, Identity):
        return KroneckerDelta(row, column)
    raise TypeError(f"no rule for the entries of a {type(matrix).__name__}")


def _product_entry(factors: list[MatrixExpr], row: Point, column: Point) -> Expr:
    if len(factors) == 1:
        return entry_of(factors[0], row, column)
    length = factors[0].shape[1]
    if length == 1:
        return entry_of(factors[0], row, 0) * _product_entry(factors[1:], S.Zero, column)
    inner = Index(f"s{len(factors)}", length)
    # The new index must not be mistaken for one that is summed over inside.
    body = fresh_indices(entry_of(factors[0], row, inner)) * fresh_indices(_product_entry(factors[1:], inner, column))
    return sum_over(inner, body)
