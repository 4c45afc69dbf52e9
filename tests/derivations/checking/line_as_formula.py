"""A line of NumPy read as a formula: it is run on arrays of which only the shapes and a general entry are known.

So a wrong line's index expression is computed from the line, and not made up beside it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from sympy import Expr, Integer, S, exp

from derivations import notation
from derivations.calculus import Index, ShapeError, step, sum_over

__all__ = ["Formula", "read_line"]

_numbers = itertools.count()


class Formula:
    """An array of which `entry`, given an index for each axis, is the general entry; it broadcasts as NumPy does."""

    def __init__(self, shape: tuple[Expr, ...], entry: Callable[..., Expr]) -> None:
        self.shape, self.entry = shape, entry

    @property
    def T(self) -> Formula:
        return Formula(self.shape[::-1], lambda *places: self.entry(*places[::-1]))

    @property
    def size(self) -> Formula:
        total: Expr = S.One
        for length in self.shape:
            total = total * length
        return Formula((), lambda: total)

    def __matmul__(self, other: Formula) -> Formula:
        (rows, inner), (other_inner, columns) = self.shape, other.shape
        if inner != other_inner:
            raise ShapeError(f"a matrix product of inner lengths {inner} and {other_inner}", inner, other_inner)
        index = Index(f"s{next(_numbers)}", inner)
        return Formula((rows, columns), lambda p, q: sum_over(index, self.entry(p, index) * other.entry(index, q)))

    def sum(self, axis: int, keepdims: bool = False) -> Formula:
        index = Index(f"s{next(_numbers)}", self.shape[axis])
        before, after = self.shape[:axis], self.shape[axis + 1 :]

        def entry(*places: Expr) -> Expr:
            return sum_over(index, self.entry(*places[:axis], index, *places[axis + keepdims :]))

        return Formula((*before, *([S.One] if keepdims else []), *after), entry)

    def mean(self, axis: int, keepdims: bool = False) -> Formula:
        return self.sum(axis, keepdims) / _constant(self.shape[axis])

    def __add__(self, other: Any) -> Formula:
        return _elementwise(lambda a, b: a + b, self, other)

    def __sub__(self, other: Any) -> Formula:
        return _elementwise(lambda a, b: a - b, self, other)

    def __rsub__(self, other: Any) -> Formula:
        return _elementwise(lambda a, b: b - a, self, other)

    def __mul__(self, other: Any) -> Formula:
        return _elementwise(lambda a, b: a * b, self, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Formula:
        return _elementwise(lambda a, b: a / b, self, other)

    def __pow__(self, other: int) -> Formula:
        return _elementwise(lambda a, b: a**b, self, other)

    def __neg__(self) -> Formula:
        return self * -1

    def __gt__(self, other: Any) -> Formula:
        return _elementwise(lambda a, b: step(a - b), self, other)

    def __lt__(self, other: Any) -> Formula:
        return _elementwise(lambda a, b: step(b - a), self, other)

    def __ge__(self, other: Any) -> Formula:
        return 1 - (self < other)


def read_line(line: str) -> Formula:
    """The right side of a line of `netcode.network.backward`, by the names of `derivations.notation`.

    Raises ShapeError where NumPy would refuse the shapes (at sizes that all differ), and TypeError, AttributeError or
    SyntaxError where the line is no formula of sums, products, quotients and functions.
    """
    names = ("X", "Y", "W1", "W2", "Z1", "A1", "P", "dZ2", "dW2", "dA1", "dZ1", "dW1")
    known: dict[str, Any] = {name: _array(name) for name in names}
    known["parameters"] = SimpleNamespace(b1=_array("b1"), b2=_array("b2"))
    known["forward"] = SimpleNamespace(Z2=_array("Z2"))
    known |= {"m": _constant(notation.m), "lam": _constant(notation.lam), "softmax": _softmax}
    known |= {"len": lambda A: _constant(A.shape[0]), "np": SimpleNamespace(zeros_like=lambda A: A * 0)}
    formula: Formula = eval(line.partition(" = ")[2], {"__builtins__": {}}, known)
    return formula


def _array(name: str) -> Formula:
    symbol = getattr(notation, name)
    return Formula(tuple(symbol.shape), lambda p, q: symbol[p, q])


def _constant(value: Expr) -> Formula:
    return Formula((), lambda: value)


def _softmax(Z: Formula) -> Formula:
    powers = _elementwise(exp, Z)
    return powers / powers.sum(axis=0)


def _elementwise(function: Callable[..., Expr], *parts: Formula | int | float) -> Formula:
    formulas = [part if isinstance(part, Formula) else _constant(S(part)) for part in parts]
    shape = _broadcast([formula.shape for formula in formulas])

    def entry(*places: Expr) -> Expr:
        return function(*[_at(formula, places) for formula in formulas])

    return Formula(shape, entry)


def _at(formula: Formula, places: tuple[Expr, ...]) -> Expr:
    own = places[len(places) - len(formula.shape) :]
    return formula.entry(
        *[Integer(0) if length == 1 else place for length, place in zip(formula.shape, own, strict=True)]
    )


def _broadcast(shapes: list[tuple[Expr, ...]]) -> tuple[Expr, ...]:
    """The last axes belong together; one of length 1 is repeated."""
    result: list[Expr] = []
    for lengths in itertools.zip_longest(*[shape[::-1] for shape in shapes], fillvalue=S.One):
        different = [length for length in dict.fromkeys(lengths) if length != 1]
        if len(different) > 1:
            raise ShapeError(f"axes of lengths {different[0]} and {different[1]} side by side", *different[:2])
        result.insert(0, different[0] if different else S.One)
    return tuple(result)
