"""Numbers for an index expression: all its entries at once, on arrays.

Each part becomes an array whose axes are named by the indices that it depends on; sums of products become
`numpy.einsum`. Derivatives are taken by dual numbers, and the slopes of functions by a complex step where the function
has one: nothing is shared with the symbolic rules of differentiation.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from sympy import Add, Dummy, Expr, Indexed, KroneckerDelta, Mul, Pow, S, Sum, Symbol, sympify
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus import dual_array
from derivations.calculus.definitions import Definitions, by_name, name_of, names_in
from derivations.calculus.dual_array import DualArray, Number
from derivations.calculus.functions import FUNCTIONS, Elementwise, function_of
from derivations.calculus.grammar import Index, Local, Partial, ShapeError, entry, free_indices, is_label
from derivations.calculus.named_array import Array, Axes, NamedArray, apply

__all__ = ["Evaluation", "Values", "evaluate", "free_quantities", "shape_of", "sizes_of"]

Values = Mapping[str, npt.ArrayLike]
"""Arrays, scalars and labels by name."""

_STEP = 1e-30  # of the complex step: no subtraction follows, so the step may be as small as one likes
_ARGUMENT, _OUTPUT = Dummy("z", real=True), Dummy("a", real=True)


def evaluate(
    expr: Expr, axes: Axes, values: Values, sizes: Mapping[Expr, int], where: Definitions | None = None
) -> Array:
    """The array of all entries of `expr`, with one axis for each index in `axes`.

    `values` gives arrays by name; what is not among them is computed from its definition in `where`.
    Raises KeyError if a name has neither, ShapeError if a value's shape is not what the sizes say.

    >>> from derivations.calculus import array, sum_over
    >>> i, j = Index("i", 2), Index("j", 3)
    >>> X = array("X", 2, 3)
    >>> evaluate(sum_over(j, X[i, j] ** 2), (i,), {"X": [[1, 2, 0], [0, 0, 3]]}, {})
    array([5., 9.])
    """
    return Evaluation(values, sizes, where or {}).array_of(expr, axes)


def free_quantities(exprs: Iterable[Expr]) -> dict[str, Expr]:
    """By name: the arrays' entries, scalars and labels that the expressions contain, sizes left out."""
    found: dict[str, Expr] = {}
    todo = list(exprs)
    while todo:
        expr = todo.pop()
        if isinstance(expr, (MatrixElement, Indexed)):
            found.setdefault(name_of(expr), expr)
            todo += entry(expr)[1]
        elif is_label(expr):
            found.setdefault(name_of(expr), expr)
        elif isinstance(expr, Symbol):
            if not isinstance(expr, Index) and not (expr.is_integer and expr.is_positive):
                found.setdefault(expr.name, expr)
        else:
            todo += expr.args
    return found


def sizes_of(quantities: Mapping[Expr, npt.ArrayLike]) -> dict[Expr, int]:
    """The sizes that make the shapes of entries such as `X[u, i]` those of the given arrays; ShapeError if none do."""
    sizes: dict[Expr, int] = {}
    for quantity, value in quantities.items():
        expected, shape, known = shape_of(quantity), np.shape(value), dict(sizes)
        if len(shape) == len(expected):
            for length, number in zip(expected, shape, strict=True):
                if length.is_Symbol:
                    sizes.setdefault(length, number)
        if shape != tuple(sympify(length).xreplace(sizes) for length in expected):
            wanted = ", ".join(f"{length} = {known[length]}" if length in known else str(length) for length in expected)
            raise ShapeError(f"{quantity}: expected the shape ({wanted}), got {shape}")
    return sizes


def shape_of(quantity: Expr) -> tuple[Expr, ...]:
    """The shape, in sizes, of the array that an entry belongs to; of labels; () for a scalar."""
    if isinstance(quantity, MatrixElement):
        return tuple(quantity.parent.shape)
    if isinstance(quantity, Indexed):
        return tuple(quantity.base.shape)
    return (quantity.args[0].size,) if is_label(quantity) else ()


@dataclass
class _Scope:
    """Within a derivative: the array that is varied. What doesn't depend on it is as in the outer scope."""

    varied: str = ""
    number: Number | None = None
    outer: _Scope | None = None
    holds: bool = False
    """Whether all other names keep the outer scope's values, even if they are defined by the varied one."""
    bound: Mapping[Expr, Number] = field(default_factory=dict)
    known: dict[Expr | str, Number] = field(default_factory=dict)


class Evaluation:
    """A walk over expressions; whatever was computed once is kept.

    With `measured`, arrays carry their rounding scale, see `named_array`.
    """

    def __init__(
        self, values: Values, sizes: Mapping[Expr, int], where: Definitions | None = None, measured: bool = False
    ) -> None:
        self.values = {name: np.asarray(value) for name, value in values.items()}
        self.sizes, self.measured = dict(sizes), measured
        self.definitions = by_name(where or {})
        self.scope = _Scope()
        self._tags = itertools.count(1)
        self._reached: dict[Expr | str, frozenset[str]] = {}

    def array_of(self, expr: Expr, axes: Axes) -> Array:
        """All entries of an expression, with these axes in this order."""
        return np.broadcast_to(self._plain(expr).align(axes), self._lengths(axes)).copy()

    def scale_of(self, expr: Expr, axes: Axes) -> Array:
        """The rounding scale of all entries."""
        return np.broadcast_to(self._plain(expr).aligned_scale(axes), self._lengths(axes)).copy()

    def named(self, quantity: Expr) -> Array:
        """The whole array, scalar or labels that go by the name of this entry, in the shape that it has."""
        if is_label(quantity):
            return self._given(name_of(quantity))
        if name_of(quantity) in self.values or isinstance(quantity, Symbol):
            return self.array_of(quantity, ()) if isinstance(quantity, Symbol) else self._given(name_of(quantity))
        pattern = self.definitions[name_of(quantity)][0]
        axes = tuple(index for index in entry(pattern)[1] if isinstance(index, Index))
        shape = [self.size(index.size) if isinstance(index, Index) else 1 for index in entry(pattern)[1]]
        return self.array_of(pattern, axes).reshape(shape)

    def _plain(self, expr: Expr) -> NamedArray:
        number = self.of(expr)
        assert isinstance(number, NamedArray), "outside of derivatives numbers are plain"
        return number

    def _lengths(self, axes: Axes) -> list[int]:
        return [self.size(index.size) for index in axes]

    def size(self, size: Expr) -> int:
        number = self.sizes[size] if size in self.sizes else sympify(size).xreplace(self.sizes)
        if not sympify(number).is_Integer:
            raise KeyError(f"no given array says how large {size} is")
        return int(number)

    # Expressions

    def of(self, expr: Expr) -> Number:
        """The expression's value, with the axes that it depends on."""
        if expr in self.scope.bound:
            return self.scope.bound[expr]
        if isinstance(expr, Symbol):
            return self.constant(self.sizes[expr]) if expr in self.sizes else self.quantity(expr)
        if isinstance(expr, (MatrixElement, Indexed)):
            return self.quantity(expr)
        if not expr.args and expr.is_number:
            return self.constant(_real(expr))
        return self.kept(expr)

    def constant(self, number: float) -> NamedArray:
        return self.leaf(np.asarray(float(number)), ())

    def leaf(self, value: Array, axes: Axes) -> NamedArray:
        return NamedArray(value, axes, np.abs(value) if self.measured else None)

    def kept(self, expr: Expr) -> Number:
        """The value of an expression, computed once in the outermost scope in which it is the same."""
        scope = self.scope
        while scope.outer is not None and scope.varied not in self.reached(expr):
            scope = scope.outer
        if expr not in scope.known:
            with self.entered(scope):
                scope.known[expr] = self.compound(expr)
        return scope.known[expr]

    def compound(self, expr: Expr) -> Number:
        if isinstance(expr, Add):
            return dual_array.total([self.of(term) for term in expr.args])
        if isinstance(expr, Mul):
            return dual_array.product([self.of(factor) for factor in expr.args], {})
        if isinstance(expr, Sum):
            return self.summed(expr)
        if isinstance(expr, KroneckerDelta):
            one, other = (self.of_index(index) for index in expr.args[:2])
            equal = apply(lambda left, right: np.equal(left, right).astype(float), one, other)
            return self.leaf(equal.value, equal.axes)
        if isinstance(expr, (Partial, Local)):
            return self.derivative(expr)
        function = function_of(expr)
        if function is not None:
            return self.applied(function, self.of(expr.args[0]))
        if isinstance(expr, Pow):
            return self.power(expr.base, expr.exp)
        raise ValueError(
            f"{expr.func.__name__} is not in the table of functions: {', '.join(known.name for known in FUNCTIONS)}"
        )

    def summed(self, expr: Sum) -> Number:
        for index, first, last in expr.limits:
            if first != 0 or last != index.size - 1:
                raise ShapeError(f"a sum over {index} from {first} to {last}: expected its whole range, see sum_over")
        lengths = {limit[0]: self.size(limit[0].size) for limit in expr.limits}
        return dual_array.product([self.of(factor) for factor in Mul.make_args(expr.function)], lengths)

    def of_index(self, index: Expr) -> NamedArray:
        """The numbers that an index takes."""
        if isinstance(index, Index):
            return NamedArray(np.arange(self.size(index.size), dtype=np.int64), (index,))
        if is_label(index):
            examples = self.of_index(index.args[0])
            return NamedArray(self._given(name_of(index))[examples.value].astype(np.int64), examples.axes)
        return NamedArray(np.asarray(int(index), dtype=np.int64))

    # Names

    def quantity(self, quantity: Expr) -> Number:
        """A scalar, or the entries of an array at the given indices."""
        name, indices = (quantity.name, ()) if isinstance(quantity, Symbol) else entry(quantity)
        slots, number = self.looked_up(name)
        if len(slots) != len(indices):
            raise ShapeError(f"{name}: expected {len(indices)} axes, got {len(slots)}")
        for slot, index in zip(slots, indices, strict=True):
            self._check(quantity, index, slot)
        places = {slot: self.of_index(index) for slot, index in zip(slots, indices, strict=True) if slot is not None}
        return dual_array.at(number, places)

    def _check(self, quantity: Expr, index: Expr, slot: Index | None) -> None:
        length = 1 if slot is None else self.size(slot.size)
        if isinstance(index, Index) and self.size(index.size) != length:
            raise ShapeError(f"{quantity}: {index} takes {self.size(index.size)} values, the axis has {length}")

    def looked_up(self, name: str) -> tuple[tuple[Index | None, ...], Number]:
        """An array and the indices that name its axes, None for an axis of length 1 without one."""
        scope = self.scope
        while scope.outer is not None and (
            scope.varied == name or scope.holds or scope.varied not in self.reached(name)
        ):
            if scope.varied == name and scope.number is not None:
                return self.slots(name), scope.number
            scope = scope.outer
        if name not in scope.known:
            with self.entered(scope):
                scope.known[name] = self.given_or_defined(name)
        return self.slots(name), scope.known[name]

    def given_or_defined(self, name: str) -> Number:
        if name in self.definitions and name not in self.values:
            pattern, body = self.definitions[name]
            loose = set(free_indices(body)) - set(free_indices(pattern))
            if loose:
                raise ShapeError(
                    f"the definition of {pattern} has the index {min(map(str, loose))}, which {pattern} lacks"
                )
            return self.of(body)
        given = self._given(name)
        real = given if np.issubdtype(given.dtype, np.inexact) else given.astype(float)
        return self.leaf(real, tuple(slot for slot in self.slots(name) if slot is not None))

    def slots(self, name: str) -> tuple[Index | None, ...]:
        if name in self.definitions and name not in self.values:
            pattern = self.definitions[name][0]
            places = () if isinstance(pattern, Symbol) else entry(pattern)[1]
            return tuple(place if isinstance(place, Index) else None for place in places)
        return tuple(Index(f"{name}[{axis}]", length) for axis, length in enumerate(self._given(name).shape))

    def _given(self, name: str) -> Array:
        try:
            return self.values[name]
        except KeyError:
            raise KeyError(f"no value and no definition for {name}") from None

    def reached(self, expr: Expr | str) -> frozenset[str]:
        """All names that the value of an expression, or of a name, depends on."""
        if expr not in self._reached:
            names = {expr} if isinstance(expr, str) else names_in(expr)
            bodies = [
                self.definitions[name][1] for name in names if name in self.definitions and name not in self.values
            ]
            self._reached[expr] = frozenset(names).union(*map(self.reached, bodies))
        return self._reached[expr]

    @contextmanager
    def entered(self, scope: _Scope) -> Iterator[None]:
        before, self.scope = self.scope, scope
        try:
            yield
        finally:
            self.scope = before

    # Derivatives

    def derivative(self, expr: Partial | Local) -> Number:
        """The slope when an infinitesimal is added to each entry in turn, at the entries that are asked for."""
        name, indices = (expr.wrt.name, ()) if isinstance(expr.wrt, Symbol) else entry(expr.wrt)
        tag, (slots, base) = next(self._tags), self.looked_up(name)
        fresh = [Index(f"{name}[{axis}]#{tag}", 1 if slot is None else slot.size) for axis, slot in enumerate(slots)]
        unit = [self._identity(slot, other) for slot, other in zip(slots, fresh, strict=True) if slot is not None]
        varied = DualArray(tag, base, dual_array.product([self.constant(1), *unit], {}))
        differentiated, places = self.as_written(expr.expr) if isinstance(expr, Local) else (expr.expr, {})
        with self.entered(_Scope(name, varied, self.scope, isinstance(expr, Local))):
            slope = dual_array.split(self.of(differentiated), tag)[1]
        if slope is None:
            return self.constant(0)
        return dual_array.at(slope, {**places, **dict(zip(fresh, map(self.of_index, indices), strict=True))})

    def _identity(self, slot: Index, other: Index) -> NamedArray:
        return self.leaf(np.eye(self.size(slot.size)), (slot, other))

    def as_written(self, expr: Expr) -> tuple[Expr, dict[Index, NamedArray]]:
        """The definition of a name, and the numbers asked for of its indices; any other expression as it is."""
        if not isinstance(expr, (MatrixElement, Indexed, Symbol)) or name_of(expr) not in self.definitions:
            return expr, {}
        pattern, body = self.definitions[name_of(expr)]
        if isinstance(expr, Symbol):
            return body, {}
        pairs = zip(entry(pattern)[1], entry(expr)[1], strict=True)
        return body, {slot: self.of_index(index) for slot, index in pairs if isinstance(slot, Index)}

    # Functions

    def applied(self, function: Elementwise, x: Number) -> Number:
        """f(a + b e) = f(a) + f'(a) b e."""
        if isinstance(x, DualArray):
            value = self.applied(function, x.value)
            slope = None if x.slope is None else dual_array.product([self.slope(function, x.value, value), x.slope], {})
            return DualArray(x.tag, value, slope)
        value = apply(function.value, x)
        return self.with_scale(value, x, self.slope(function, x, value)) if self.measured else value

    def slope(self, function: Elementwise, x: Number, value: Number) -> Number:
        """f'(x): by a complex step, or by the derivative in the table."""
        if isinstance(x, NamedArray) and function.complex_safe:
            return self.leaf(np.imag(function.value(x.value + 1j * _STEP)) / _STEP, x.axes)
        with self.entered(_Scope(bound={_ARGUMENT: x, _OUTPUT: value})):
            return self.of(function.derivative(_ARGUMENT, _OUTPUT))

    def with_scale(self, value: NamedArray, x: NamedArray, slope: Number) -> NamedArray:
        """Of f(x): |f(x)|, and |f'(x)| times the scale of x."""
        assert isinstance(slope, NamedArray), "a plain number has a plain slope"
        scale = np.abs(value.value) + np.abs(slope.align(value.axes)) * x.aligned_scale(value.axes)
        return NamedArray(value.value, value.axes, scale)

    def power(self, base: Expr, exponent: Expr) -> Number:
        """x**r for a constant r, else exp(r log x), which needs a positive x."""
        power = self.of(exponent)
        if base is S.Exp1:
            return self.applied(_EXP, power)
        if isinstance(power, NamedArray) and not power.axes:
            return self.constant_power(self.of(base), float(power.value))
        return self.applied(_EXP, dual_array.product([power, self.applied(_LOG, self.of(base))], {}))

    def constant_power(self, x: Number, power: float) -> Number:
        if isinstance(x, DualArray):
            factors = [self.constant(power), self.constant_power(x.value, power - 1)] if x.slope is not None else []
            slope = None if x.slope is None else dual_array.product([*factors, x.slope], {})
            return DualArray(x.tag, self.constant_power(x.value, power), slope)
        value = apply(lambda base: base ** (int(power) if power.is_integer() else power), x)
        if not self.measured:
            return value
        slope = apply(lambda base: power * base ** (power - 1), x)
        return self.with_scale(value, x, slope)


_EXP, _LOG = (next(known for known in FUNCTIONS if known.name == name) for name in ("exp", "log"))


def _real(number: Expr) -> float:
    if not number.is_extended_real:
        raise ValueError(f"{number} is not a real number")
    return float(number)
