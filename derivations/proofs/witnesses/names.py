"""What the names in an equation are: defined by which expressions, of which sizes, under which assumptions."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import lru_cache

from sympy import Basic, Expr, Indexed, MatrixSymbol, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.assumptions import Assumption, Positive, SumsToOne
from derivations.calculus.functions import function_of
from derivations.calculus.grammar import Index, entry, free_indices, is_label
from derivations.proofs.equation import Equation

__all__ = ["At", "Key", "Names", "choices_of_sizes", "may_have_corners", "names_of", "shape", "sign"]

At = dict[Index, int]
"""The value of each index."""

Key = tuple[str, tuple[int, ...]]
"""An entry of an array: its name, and where it is. Of a scalar, its name and ()."""

MOST_CHOICES = 32


def names_of(equation: Equation) -> Names:
    """The names in an equation; a chapter's equations share their definitions, which are then looked at once."""
    return _names(tuple(equation.where.items()), equation.assumptions)


class Names:
    """Definitions and assumptions, by name, and what was found out about expressions that contain them."""

    def __init__(self, where: Iterable[tuple[Expr, Expr]], assumptions: Iterable[Assumption]) -> None:
        self.definitions: dict[str, tuple[Expr, Expr]] = {
            name_and_indices(pattern)[0]: (pattern, body) for pattern, body in where
        }
        self.positive = {fact.array for fact in assumptions if isinstance(fact, Positive)}
        self.normalized = {fact.array: fact.axis for fact in assumptions if isinstance(fact, SumsToOne)}
        self._reached: dict[Expr | str, frozenset[str]] = {}
        self._parts: dict[Expr, tuple[str, tuple[Expr, ...]]] = {}
        self._free: dict[Expr, tuple[Index, ...]] = {}

    def name_and_indices(self, quantity: Expr) -> tuple[str, tuple[Expr, ...]]:
        """Of an array's entry, or of a scalar, which has no indices."""
        if quantity not in self._parts:
            self._parts[quantity] = name_and_indices(quantity)
        return self._parts[quantity]

    def definition(self, key: Key) -> tuple[Expr, At] | None:
        """The expression that defines an entry, and the values of the indices in it."""
        name, numbers = key
        if name not in self.definitions:
            return None
        pattern, body = self.definitions[name]
        places = zip(self.name_and_indices(pattern)[1], numbers, strict=True)
        return body, {place: number for place, number in places if isinstance(place, Index)}

    def reached(self, expr: Expr | str) -> frozenset[str]:
        """All names that the value of an expression, or of a name, depends on."""
        if expr not in self._reached:
            names = {expr} if isinstance(expr, str) else _names_in(expr)
            bodies = [self.definitions[name][1] for name in names if name in self.definitions]
            self._reached[expr] = frozenset(names).union(*map(self.reached, bodies))
        return self._reached[expr]

    def free(self, expr: Expr) -> tuple[Index, ...]:
        """The free indices of an expression, each expression looked at once."""
        if expr not in self._free:
            self._free[expr] = free_indices(expr)
        return self._free[expr]


@lru_cache(maxsize=64)
def _names(where: tuple[tuple[Expr, Expr], ...], assumptions: tuple[Assumption, ...]) -> Names:
    return Names(where, assumptions)


def name_and_indices(quantity: Expr) -> tuple[str, tuple[Expr, ...]]:
    """Of an array's entry, or of a scalar, which has no indices."""
    return (quantity.name, ()) if isinstance(quantity, Symbol) else entry(quantity)


def shape(quantity: Expr) -> tuple[Expr, ...]:
    """Of the array that an entry belongs to."""
    if isinstance(quantity, Symbol):
        return ()
    return tuple(quantity.parent.shape if isinstance(quantity, MatrixElement) else quantity.base.shape)


def sign(quantity: Expr) -> int | None:
    """The sign that a symbol was declared with."""
    return 1 if quantity.is_nonnegative else -1 if quantity.is_nonpositive else None


def choices_of_sizes(equation: Equation) -> list[dict[Symbol, int]]:
    """Every combination of 1 and 2; of more than five sizes, those in which at most one differs from the others."""
    names = sorted(_size_names(equation), key=str)
    numbers: Iterable[tuple[int, ...]] = itertools.product((1, 2), repeat=len(names))
    if 2 ** len(names) > MOST_CHOICES:
        numbers = (
            tuple(3 - usual if k == odd else usual for k in range(len(names)))
            for usual, odd in itertools.product((1, 2), range(-1, len(names)))
        )
    return [dict(zip(names, choice, strict=True)) for choice in numbers]


def may_have_corners(equation: Equation) -> bool:
    """Whether it has a function of which the table doesn't say that it is smooth."""
    found = (function_of(part) for expr in _expressions(equation) for part in _parts(expr))
    return any(function is not None and not function.complex_safe for function in found)


def _expressions(equation: Equation) -> Iterator[Expr]:
    """Both sides, and what the names in them are defined by."""
    names = names_of(equation)
    reached = names.reached(equation.left) | names.reached(equation.right)
    definitions = (part for name, pair in names.definitions.items() if name in reached for part in pair)
    return itertools.chain((equation.left, equation.right), definitions)


def _size_names(equation: Equation) -> set[Symbol]:
    """The symbols that say how long an axis or a range is, and all others that are whole numbers from 1 on."""
    found = {name for index in equation.axes for name in index.size.free_symbols}
    for expr in _expressions(equation):
        for part in _parts(expr):
            lengths: Iterable[Expr] = ()
            if isinstance(part, Index):
                lengths = (part.size,)
            elif isinstance(part, Symbol) and part.is_integer and part.is_positive:
                lengths = (part,)
            elif isinstance(part, (MatrixElement, Indexed)):
                lengths = shape(part)
            elif is_label(part):
                lengths = (type(part).classes,)
            found |= {name for length in lengths for name in length.free_symbols}
    return found


def _names_in(expr: Expr) -> set[str]:
    parts = (part for part in _parts(expr) if isinstance(part, (MatrixElement, Indexed, Symbol)))
    return {name_and_indices(part)[0] for part in parts if not isinstance(part, Index)}


def _parts(expr: Basic) -> Iterator[Basic]:
    """The expression and all that it contains, but for the names of matrices."""
    yield expr
    for arg in expr.args:
        if not isinstance(arg, MatrixSymbol):
            yield from _parts(arg)
