"""Numbers for an index expression: all its entries at once, on arrays.

Each part becomes an array whose axes are named by the indices that it depends on; sums of products become
`numpy.einsum`. A partial derivative is evaluated by the complex step, which shares nothing with the symbolic
`differentiate`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, Pow, Sum, Symbol, exp, lambdify, log, sympify
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import Definitions, by_name, name_of
from derivations.calculus.grammar import Index, Partial, ShapeError, entry, is_label, relu, step

__all__ = [
    "Evaluation",
    "Labelled",
    "Values",
    "elementwise",
    "evaluate",
    "evaluate_all",
    "quantities_of",
    "shape_of",
    "sizes_of",
]

Values = Mapping[str, npt.ArrayLike]
"""Arrays, scalars and labels by name."""

_STEP = 1e-30  # of the complex step: no subtraction follows, so the step may be as small as one likes


@dataclass(frozen=True)
class Labelled:
    """An array whose axes are named: `value.shape[k]` belongs to the index `axes[k]`."""

    value: npt.NDArray[Any]
    axes: tuple[Index, ...]

    def over(self, axes: tuple[Index, ...]) -> npt.NDArray[Any]:
        """The array with its axes in this order, of length 1 where it does not depend on the index."""
        for index in self.axes:
            if index not in axes:
                raise ShapeError(
                    f"the index {index} stands free, but the axes are only {', '.join(map(str, axes)) or 0}"
                )
        present = [index for index in axes if index in self.axes]
        value = self.value.transpose([self.axes.index(index) for index in present])
        return value.reshape([value.shape[present.index(index)] if index in present else 1 for index in axes])


def evaluate(
    expr: Expr, axes: tuple[Index, ...], values: Values, sizes: Mapping[Expr, int], where: Definitions | None = None
) -> npt.NDArray[Any]:
    """The array with the entry `expr` at each place, one axis for each index in `axes`.

    `values` gives arrays by name; what is not among them is computed from its definition in `where`.
    Raises KeyError if a name has neither, ShapeError if a value's shape is not what the sizes say.
    """
    return evaluate_all([expr], axes, values, sizes, where)[0]


def evaluate_all(
    exprs: Iterable[Expr],
    axes: tuple[Index, ...],
    values: Values,
    sizes: Mapping[Expr, int],
    where: Definitions | None = None,
) -> list[npt.NDArray[Any]]:
    """`evaluate` for several expressions; what is defined is computed once for all of them."""
    evaluation = Evaluation(values, sizes, where or {})
    return [evaluation.array_of(expr, axes) for expr in exprs]


def quantities_of(exprs: Iterable[Expr]) -> dict[str, Expr]:
    """By name: the arrays' entries, scalars and labels that stand in the expressions, sizes left out."""
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
            for length, there in zip(expected, shape, strict=True):
                if length.is_Symbol:
                    sizes.setdefault(length, there)
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


def _size(size: Expr, sizes: Mapping[Expr, int]) -> int:
    number = sympify(size.xreplace(dict(sizes)))
    if not number.is_Integer:
        raise KeyError(f"no given array says how large {size} is")
    return int(number)


class Evaluation:
    """A walk over an expression; what is defined is computed once and kept in `values`."""

    def __init__(self, values: Values, sizes: Mapping[Expr, int], where: Definitions) -> None:
        self.values = {name: np.asarray(value) for name, value in values.items()}
        self.sizes = sizes
        self.where = where
        self.definitions = by_name(where)

    def array_of(self, expr: Expr, axes: tuple[Index, ...]) -> npt.NDArray[Any]:
        """All entries of an expression, with these axes in this order."""
        return np.broadcast_to(self.of(expr).over(axes), [_size(index.size, self.sizes) for index in axes]).copy()

    def of(self, expr: Expr) -> Labelled:
        """The expression's value, with the axes that it depends on."""
        if isinstance(expr, Symbol):
            return self.symbol(expr)
        if isinstance(expr, (MatrixElement, Indexed)):
            return self.element(expr)
        if isinstance(expr, Sum):
            return self.summed(expr)
        if isinstance(expr, Mul):
            return self.product([self.of(arg) for arg in expr.args])
        if isinstance(expr, KroneckerDelta):
            left, right = (self.of_index(index) for index in expr.args[:2])
            return elementwise(lambda one, other: np.equal(one, other).astype(float), left, right)
        if isinstance(expr, Partial):
            return self.complex_step(expr)
        if expr.is_number and not expr.args:
            return Labelled(np.asarray(float(expr)), ())
        return elementwise(_function(expr), *[self.of(arg) for arg in expr.args])

    def symbol(self, symbol: Symbol) -> Labelled:
        if symbol in self.sizes:
            return Labelled(np.asarray(float(self.sizes[symbol])), ())
        if symbol.name not in self.values and symbol.name in self.definitions:
            self.values[symbol.name] = self.of(self.definitions[symbol.name][1]).value
        return Labelled(self.known(symbol.name), ())

    def known(self, name: str) -> npt.NDArray[Any]:
        try:
            return self.values[name]
        except KeyError:
            raise KeyError(f"no value and no definition for {name}") from None

    def of_index(self, index: Expr) -> Labelled:
        """The values that an index takes."""
        if isinstance(index, Index):
            return Labelled(np.arange(_size(index.size, self.sizes)), (index,))
        if is_label(index):
            of = self.of_index(index.args[0])
            return Labelled(self.known(str(type(index)))[of.value], of.axes)
        return Labelled(np.asarray(int(index)), ())

    def array(self, name: str) -> npt.NDArray[Any]:
        if name not in self.values and name in self.definitions:
            pattern, body = self.definitions[name]
            places = entry(pattern)[1]
            axes = tuple(place for place in places if isinstance(place, Index))
            value = np.broadcast_to(self.of(body).over(axes), [_size(index.size, self.sizes) for index in axes])
            self.values[name] = value.reshape(
                [_size(p.size, self.sizes) if isinstance(p, Index) else 1 for p in places]
            )
        return self.known(name)

    def element(self, element: MatrixElement | Indexed) -> Labelled:
        name, indices = entry(element)
        value = self.array(name)
        if value.ndim != len(indices):
            raise ShapeError(f"{name}: expected {len(indices)} axes, got an array of shape {value.shape}")
        for index, length in zip(indices, value.shape, strict=True):
            if isinstance(index, Index) and _size(index.size, self.sizes) != length:
                raise ShapeError(
                    f"{element}: {index} takes {_size(index.size, self.sizes)} values, the axis has {length}"
                )
        if all(isinstance(index, Index) for index in indices) and len(set(indices)) == len(indices):
            return Labelled(value, indices)
        places = [self.of_index(index) for index in indices]
        axes = _union(places)
        return Labelled(value[tuple(np.broadcast_arrays(*[place.over(axes) for place in places]))], axes)

    def product(self, factors: list[Labelled], summed: tuple[Index, ...] = ()) -> Labelled:
        axes = _union(factors)
        kept = tuple(index for index in axes if index not in summed)
        number = {index: k for k, index in enumerate(axes)}
        operands: list[Any] = []
        for factor in factors:
            operands += [factor.value, [number[index] for index in factor.axes]]
        value = np.einsum(*operands, [number[index] for index in kept], optimize=len(factors) > 1)
        for index in summed:
            if index not in axes:
                value = value * _size(index.size, self.sizes)
        return Labelled(np.asarray(value), kept)

    def summed(self, expr: Sum) -> Labelled:
        indices = tuple(limit[0] for limit in expr.limits)
        for index, first, last in expr.limits:
            if first != 0 or last != index.size - 1:
                raise ShapeError(f"a sum over {index} from {first} to {last}: expected its whole range, see sum_over")
        return self.product([self.of(factor) for factor in Mul.make_args(expr.function)], indices)

    def complex_step(self, expr: Partial) -> Labelled:
        """The derivative by an imaginary step at one entry after another; a name that is defined is computed anew."""
        name, indices = entry(expr.wrt) if isinstance(expr.wrt, (MatrixElement, Indexed)) else (str(expr.wrt), ())
        base = self.array(name) if indices else self.symbol(expr.wrt).value
        given = {other: value for other, value in self.values.items() if other not in self.definitions}
        results = []
        for place in np.ndindex(base.shape):
            stepped = base.astype(complex)
            stepped[place] += 1j * _STEP
            results.append(Evaluation({**given, name: stepped}, self.sizes, self.where).of(expr.expr))
        own = results[0].axes
        slopes = np.stack([np.imag(result.value) / _STEP for result in results], axis=-1)
        slopes = slopes.reshape((*results[0].value.shape, *base.shape))
        # The entries asked for: at the indices of `wrt`, which may stand in `expr` as well.
        places = [self.of_index(index) for index in (*own, *indices)]
        axes = _union(places)
        return Labelled(
            slopes[tuple(np.broadcast_arrays(*[place.over(axes) for place in places]))] if places else slopes, axes
        )


def _union(parts: list[Labelled]) -> tuple[Index, ...]:
    return tuple(dict.fromkeys(index for part in parts for index in part.axes))


def elementwise(function: Callable[..., Any], *parts: Labelled) -> Labelled:
    """A function of several arrays, entry by entry, over the axes of all of them."""
    axes = _union(list(parts))
    return Labelled(np.asarray(function(*[part.over(axes) for part in parts])), axes)


def _function(expr: Expr) -> Callable[..., Any]:
    if isinstance(expr, Add):
        return lambda *terms: sum(terms[1:], start=terms[0])
    if isinstance(expr, Pow):
        return np.power if not expr.exp.is_Integer else lambda base, _: base ** int(expr.exp)
    known: dict[type, Callable[..., Any]] = {
        exp: np.exp,
        log: np.log,
        relu: lambda z: np.where(z.real > 0, z, 0 * z),
        step: lambda z: np.where(z.real > 0, 1.0, 0.0),
    }
    if type(expr) in known:
        return known[type(expr)]
    names = [Symbol(f"x{k}") for k in range(len(expr.args))]
    function: Callable[..., Any] = lambdify(names, expr.func(*names), "numpy")
    return function
