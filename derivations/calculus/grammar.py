"""The words of the calculus: indices with a range, sums over them, Kronecker deltas, ReLU, partial derivatives.

An *index expression* gives one entry of an array, for every entry at once. It is made of

    numbers, sizes and scalars                   2, m, lam
    entries of arrays                            W1[v, u], b1[v, 0], T[c, i, p, q]
    labels, used as an index                     Z2[y(i), i]
    the Kronecker delta                          delta(c, d)
    sums, products, powers, functions            +, *, **, exp, log, relu, ...: see the table in `functions`
    sums over indices                            sum_over((c, i), ...)
    functions that nobody defined                Function("f")(z), whose derivative is f'(z)
    derivatives                                  Partial(L, W1[v, u]), Local(L, P[k, i])

Ranges are counted from 0 inside, as in NumPy; on paper they are written from 1, as in mathematics.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Self, TypeAlias

from sympy import (
    Add,
    Basic,
    Derivative,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    MatrixSymbol,
    Mul,
    Number,
    NumberSymbol,
    Pow,
    Sum,
    Symbol,
    sympify,
)
from sympy.core.function import AppliedUndef, UndefinedFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.functions import FUNCTIONS, function_of, relu, step

__all__ = ["Element", "Index", "Local", "Partial", "ShapeError", "UnevaluatedDerivative", "array",
           "check_expression", "check_shapes", "delta", "entry", "free_indices", "index_size", "is_label", "label",
           "parts_of", "relu", "size", "step", "sum_over"]  # fmt: skip

delta = KroneckerDelta
Element: TypeAlias = "MatrixElement | Indexed"
"""An entry of an array: of a matrix (`W[p, q]`) or of an array with any number of axes (`T[c, i, p, q]`)."""


class ShapeError(ValueError):
    """An index that doesn't take as many values (`taken`) as its place has entries (`there`)."""

    def __init__(self, message: str, taken: Expr | None = None, there: Expr | None = None) -> None:
        super().__init__(message)
        self.taken, self.there = taken, there


class Index(Symbol):
    """An index that runs over `range(size)`."""

    __slots__ = ("size",)
    size: Expr

    def __new__(cls, name: str, size: Expr | int) -> Index:
        self: Index = Symbol.__xnew__(cls, name, integer=True, nonnegative=True)
        self.size = sympify(size)
        return self

    def _hashable_content(self) -> tuple[object, ...]:
        return (*super()._hashable_content(), self.size)

    def __getnewargs_ex__(self) -> tuple[tuple[object, ...], dict[str, object]]:
        return (self.name, self.size), {}


def size(name: str) -> Symbol:
    """A size: an unknown whole number, at least 1."""
    return Symbol(name, integer=True, positive=True)


def array(name: str, *shape: Expr | int) -> MatrixSymbol | IndexedBase:
    """An unknown real array of this shape. A vector may have one column, as in NumPy with keepdims, or one axis.

    >>> array("T", 2, 3, 4)[1, 0, 3]
    T[1, 0, 3]
    """
    if not shape:
        raise ValueError(f"the array {name} has no axes: a scalar is a Symbol")
    return _Matrix(name, *shape) if len(shape) == 2 else IndexedBase(name, shape=shape)


class _Matrix(MatrixSymbol):
    """SymPy's matrix takes one index for a number of its entries in a row; here every axis has an index."""

    def __getitem__(self, key: object) -> Expr:
        if not isinstance(key, tuple) or len(key) != 2:
            given = ", ".join(map(str, key)) if isinstance(key, tuple) else key
            example = f"{self.name}[{given}, 0]" if self.shape[1] == 1 else f"{self.name}[{given}, ...]"
            raise ShapeError(f"{self.name} has two axes, {self.shape}: write {example}, not {self.name}[{given}]")
        return super().__getitem__(key)


def label(name: str, classes: Expr) -> UndefinedFunction:
    """Labels y(i), one of `range(classes)` for each example i; to be used as an index."""
    return UndefinedFunction(name, integer=True, nonnegative=True, classes=classes)  # an attribute that counts for ==


def is_label(expr: Basic) -> bool:
    """Whether this is the label y(i) of an example."""
    return hasattr(type(expr), "classes")


def sum_over(indices: Index | tuple[Index, ...], term: Expr) -> Expr:
    """The sum of `term` over the whole range of each index.

    >>> from sympy.abc import x
    >>> i = Index("i", 3)
    >>> sum_over(i, x).doit()
    3*x
    """
    indices = indices if isinstance(indices, tuple) else (indices,)
    for index in indices:
        if not isinstance(index, Index):
            raise TypeError(f"sum_over: expected an Index, got {index}: Index('i', m) takes the values 0 to m - 1")
    # SymPy takes the innermost sum first; here the indices come as they are read, the outermost first.
    return Sum(term, *[(index, 0, index.size - 1) for index in reversed(indices)])


class UnevaluatedDerivative(Expr):
    """A derivative with respect to an entry of an array or a scalar, kept until it is worked out: Partial or Local.

    Not called Derivative: SymPy's printers go by the names of classes and would take it for theirs.
    """

    __slots__ = ()

    def __new__(cls, expr: Expr, wrt: Expr) -> Self:
        if not isinstance(wrt, (MatrixElement, Indexed, Symbol)) or isinstance(wrt, Index):
            raise TypeError(f"{cls.__name__}: can't differentiate with respect to {wrt}, only to an entry or a scalar")
        self: Self = Expr.__new__(cls, sympify(expr), wrt)
        return self

    @property
    def expr(self) -> Expr:
        return self.args[0]

    @property
    def wrt(self) -> Expr:
        return self.args[1]


class Partial(UnevaluatedDerivative):
    """The derivative through all names: Partial(L, W[p, q]) is how L changes with W, whatever lies between them.

    SymPy's own `Derivative(L, W[p, q])` is 0 at once where `L` is only a name; here its definition counts.
    """

    __slots__ = ()


class Local(UnevaluatedDerivative):
    """The derivative with all other names held: Local(S, Q[p, q]) is how S's definition, as written, changes with Q.

    It is the factor on one edge of the computational graph. With S = Q * R and R = 2 * Q, Local(S, Q) is R, while
    Partial(S, Q) is R + 2 * Q.
    """

    __slots__ = ()


def entry(element: Element) -> tuple[str, tuple[Expr, ...]]:
    """The name of the array that an entry belongs to, and the entry's indices."""
    if isinstance(element, MatrixElement):
        return element.parent.name, (element.i, element.j)
    return str(element.base), element.indices


def free_indices(expr: Basic) -> tuple[Index, ...]:
    """The indices that no sum in the expression runs over, in the order in which they are written."""
    if isinstance(expr, Index):
        return (expr,)
    if isinstance(expr, Sum):
        bound = {limit[0] for limit in expr.limits}
        return tuple(index for index in free_indices(expr.function) if index not in bound)
    return tuple(dict.fromkeys(index for arg in expr.args for index in free_indices(arg)))


def index_size(index: Expr) -> Expr | None:
    """How many values an index takes; None for a number, which takes one."""
    if isinstance(index, Index):
        return index.size
    if is_label(index):
        return type(index).classes
    if isinstance(index, Integer):
        return None
    raise ShapeError(f"{index} can't be used as an index: expected an Index, a label or a whole number")


def _shape(element: Element) -> tuple[Expr, ...] | None:
    return element.parent.shape if isinstance(element, MatrixElement) else element.base.shape


@lru_cache(maxsize=4096)
def check_expression(expr: Expr) -> None:
    """Raise TypeError if the expression contains what is none of the calculus, ShapeError if its indices don't fit."""
    if expr.has(Derivative):
        raise TypeError(f"{expr} is not accepted: write Partial(f(z), z) instead of f(z).diff(z)")
    for part in parts_of(expr):
        if not _is_accepted(part):
            names = ", ".join(function.name for function in FUNCTIONS)
            raise TypeError(
                f"{part} is not accepted: a formula is made of real numbers, scalars, entries of arrays, delta, "
                f"sum_over, +, *, **, Partial, Local, {names}, and Function('f') for any other function of one number"
            )
    check_shapes(expr)


def parts_of(expr: Expr) -> Iterator[Expr]:
    """All parts but subscripts, each once and after what is in it, without recursion: no expression is too deep.

    >>> from sympy.abc import x
    >>> list(parts_of(step(relu(x))))
    [x, relu(x), step(relu(x))]
    """
    todo, seen = [(expr, False)], set()
    while todo:
        part, inside_done = todo.pop()
        if inside_done:
            yield part
        elif part not in seen:
            seen.add(part)
            todo += [(part, True), *[(arg, False) for arg in reversed(_inside(part))]]


def _inside(expr: Expr) -> tuple[Expr, ...]:
    if isinstance(expr, Sum):
        return (expr.function,)
    return () if isinstance(expr, (MatrixElement, Indexed, KroneckerDelta)) else expr.args


def _is_accepted(part: Expr) -> bool:
    if isinstance(part, Symbol):
        return not isinstance(part, Index) and part.is_real is not False
    if isinstance(part, (MatrixElement, Indexed, KroneckerDelta, Sum, Add, Mul, Pow, UnevaluatedDerivative)):
        return True
    if isinstance(part, (Number, NumberSymbol)):
        return bool(part.is_finite)
    function = function_of(part)
    return function is not None and (
        not isinstance(part, AppliedUndef) or function.name not in {known.name for known in FUNCTIONS}
    )


@lru_cache(maxsize=4096)
def check_shapes(expr: Expr) -> None:
    """Raise ShapeError if an index is at an axis of another size, or a sum leaves out part of its range."""
    for part in parts_of(expr):
        if isinstance(part, (MatrixElement, Indexed)):
            _check_element(part)
        elif isinstance(part, KroneckerDelta):
            _check_delta(part)
        elif isinstance(part, Sum):
            _check_sum(part)


def _check_element(element: Element) -> None:
    for index, axis in zip(entry(element)[1], _shape(element) or (), strict=False):
        taken = index_size(index)
        if taken is None:
            _check_number(index, axis, element)
        elif taken != axis:
            message = f"in {element} the index {index} takes {taken} values, but the axis has {axis} entries"
            raise ShapeError(message, taken, axis)


def _check_delta(factor: KroneckerDelta) -> None:
    one, other = factor.args[:2]
    left, right = index_size(one), index_size(other)
    if left is None or right is None:
        _check_number(*((one, right) if left is None else (other, left)), factor)
    elif left != right:
        raise ShapeError(f"in {factor} one index takes {left} values, the other {right}", left, right)


def _check_sum(total: Sum) -> None:
    for index, first, last in total.limits:
        if not isinstance(index, Index) or first != 0 or last != index.size - 1:
            raise ShapeError(f"a sum over {index} from {first} to {last}: expected its whole range, see sum_over")
    if len({limit[0] for limit in total.limits}) < len(total.limits):
        raise ShapeError(f"a sum over the same index twice: {total}")


def _check_number(number: Expr, size: Expr | None, there: Expr) -> None:
    """A size may be as small as 1: of the numbers, only 0 is sure to be an index of such an axis."""
    if size is not None and not (number.is_nonnegative and (size - number).is_positive):
        raise ShapeError(f"in {there} the index {number} may be out of range: there are {size} values, counted from 0")
