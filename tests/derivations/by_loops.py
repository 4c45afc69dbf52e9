"""The value of an index expression, entry by entry, in plain Python loops: slow, and independent of the calculus.

Derivatives are taken by dual numbers a + b e with e**2 = 0, so neither SymPy's `diff` nor the complex step is used.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sympy import Abs, Add, Expr, Indexed, KroneckerDelta, Mul, Pow, Sum, Symbol, exp, log, sign, tanh
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus import Index, Partial, absolute, relu, sigmoid, softplus, step
from derivations.proofs import Equation

__all__ = ["Loops", "array_by_loops", "sides_at"]

Place = Mapping[Index, int]


class Dual(NamedTuple):
    """A number, and how fast it changes."""

    value: float
    slope: float = 0.0


class Loops:
    """Values by name, sizes by symbol; `seed` is the entry to differentiate by."""

    def __init__(
        self,
        values: Mapping[str, Any],
        sizes: Mapping[Expr, int],
        where: Mapping[Expr, Expr] | None = None,
        seed: tuple[str, tuple[int, ...]] | None = None,
    ) -> None:
        self.values, self.sizes, self.where, self.seed = values, sizes, where or {}, seed
        self.bodies = {_name(pattern): (pattern, body) for pattern, body in self.where.items()}
        self.known: dict[tuple[str, tuple[int, ...]], Dual] = {}

    def range(self, index: Index) -> range:
        return range(int(index.size.xreplace(dict(self.sizes))))

    def number(self, index: Expr, place: Place) -> int:
        """The value of an index: of i, of a label y(i), of a whole number."""
        if isinstance(index, Index):
            return place[index]
        if index.is_Integer:
            return int(index)
        return int(self.values[str(type(index))][self.number(index.args[0], place)])

    def at(self, expr: Expr, place: Place) -> Dual:
        """The value of the expression at one place."""
        if expr in self.sizes:
            return Dual(float(self.sizes[expr]))
        if isinstance(expr, (Symbol, MatrixElement, Indexed)):
            return self.quantity(_name(expr), tuple(self.number(index, place) for index in _indices(expr)))
        if expr.is_number and not expr.args:
            return Dual(float(expr))
        if isinstance(expr, KroneckerDelta):
            left, right = (self.number(index, place) for index in expr.args[:2])
            return Dual(float(left == right))
        if isinstance(expr, Partial):
            assert self.seed is None, "one derivative at a time"
            wrt = tuple(self.number(index, place) for index in _indices(expr.wrt))
            return Dual(Loops(self.values, self.sizes, self.where, (_name(expr.wrt), wrt)).at(expr.expr, place).slope)
        if isinstance(expr, Sum):
            bound = [limit[0] for limit in expr.limits]
            terms = [
                self.at(expr.function, {**place, **dict(zip(bound, numbers, strict=True))})
                for numbers in itertools.product(*[self.range(index) for index in bound])
            ]
            return Dual(math.fsum(term.value for term in terms), math.fsum(term.slope for term in terms))
        parts = [self.at(arg, place) for arg in expr.args]
        return _applied(expr, parts)

    def quantity(self, name: str, numbers: tuple[int, ...]) -> Dual:
        if self.seed is not None and name == self.seed[0]:
            base = Loops(self.values, self.sizes, self.where).quantity(name, numbers)
            return Dual(base.value, float(numbers == self.seed[1]))
        computed = name in self.bodies and (self.seed is not None or name not in self.values)
        if not computed:
            return Dual(float(np.asarray(self.values[name])[numbers]))
        if (name, numbers) not in self.known:
            pattern, body = self.bodies[name]
            pairs = zip(_indices(pattern), numbers, strict=True)
            self.known[name, numbers] = self.at(body, {i: k for i, k in pairs if isinstance(i, Index)})
        return self.known[name, numbers]


def _applied(expr: Expr, parts: list[Dual]) -> Dual:
    if isinstance(expr, Add):
        return Dual(math.fsum(part.value for part in parts), math.fsum(part.slope for part in parts))
    if isinstance(expr, Mul):
        slopes = [
            part.slope * math.prod(other.value for other in parts[:k] + parts[k + 1 :]) for k, part in enumerate(parts)
        ]
        return Dual(math.prod(part.value for part in parts), math.fsum(slopes))
    if isinstance(expr, Pow):
        base, exponent = parts
        if base.value < 0 and exponent.value != int(exponent.value):
            raise ValueError(f"no real value: {base.value} to the power {exponent.value}")
        slope = 0.0 if base.slope == 0 else exponent.value * base.value ** (exponent.value - 1) * base.slope
        return Dual(base.value**exponent.value, slope)
    (z,) = parts
    function, slope_of = _FUNCTIONS[type(expr)]
    return Dual(function(z.value), 0.0 if z.slope == 0 else slope_of(z.value) * z.slope)


def _logistic(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))


def _sign(z: float) -> float:
    if 0 < abs(z) < 1e-12:
        raise ArithmeticError(f"{z} may be 0 but for rounding")
    return float(z > 0) - float(z < 0)


_FUNCTIONS: dict[type, tuple[Callable[[float], float], Callable[[float], float]]] = {
    exp: (math.exp, math.exp),
    log: (math.log, lambda z: 1 / z),
    tanh: (math.tanh, lambda z: 1 - math.tanh(z) ** 2),
    sigmoid: (_logistic, lambda z: _logistic(z) * _logistic(-z)),
    softplus: (lambda z: max(z, 0.0) + math.log1p(math.exp(-abs(z))), _logistic),
    relu: (lambda z: max(0.0, z), lambda z: float(z > 0)),
    step: (lambda z: float(_sign(z) > 0), lambda z: 0.0),
    absolute: (abs, _sign),
    Abs: (abs, _sign),
    sign: (_sign, lambda z: 0.0),
}


def _name(quantity: Expr) -> str:
    if isinstance(quantity, MatrixElement):
        return str(quantity.parent.name)
    return str(quantity.base) if isinstance(quantity, Indexed) else str(quantity.name)


def _indices(quantity: Expr) -> tuple[Expr, ...]:
    if isinstance(quantity, MatrixElement):
        return (quantity.i, quantity.j)
    return tuple(quantity.indices) if isinstance(quantity, Indexed) else ()


def array_by_loops(
    expr: Expr,
    axes: tuple[Index, ...],
    values: Mapping[str, Any],
    sizes: Mapping[Expr, int],
    where: Mapping[Expr, Expr] | None = None,
) -> npt.NDArray[Any]:
    """What `evaluate` should give."""
    loops = Loops(values, sizes, where)
    result = np.empty([len(loops.range(index)) for index in axes])
    for numbers in np.ndindex(result.shape):
        result[numbers] = loops.at(expr, dict(zip(axes, numbers, strict=True))).value
    return result


def sides_at(
    equation: Equation, sizes: Mapping[str, int], at: Mapping[str, int], values: Mapping[str, Any]
) -> tuple[float, float]:
    """Both sides at the place that a counterexample names."""
    symbols = {Symbol(name, integer=True, positive=True): number for name, number in sizes.items()}
    exprs = (equation.left, equation.right)
    indices = {index for expr in exprs for index in expr.free_symbols if isinstance(index, Index)} | {*equation.axes}
    place = {index: at[index.name] for index in indices}
    left, right = (Loops(values, symbols, equation.where).at(expr, place).value for expr in exprs)
    return left, right
