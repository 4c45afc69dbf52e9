"""An equation between arrays: what is to be decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from sympy import Expr, Float, Rational, SympifyError, sympify

from derivations.calculus.assumptions import Assumption, Positive, SumsToOne
from derivations.calculus.definitions import Definitions
from derivations.calculus.grammar import Index, free_indices
from derivations.proofs.validation import IllFormedError, validate

__all__ = ["Equation", "as_definitions", "as_expression", "as_tuple"]


@dataclass(frozen=True, init=False)
class Equation:
    """left = right, as arrays with an axis for each index; left out, the axes are the free indices of the left side.

    `where` says what the names stand for, `assumptions` what else is known of them. `right_axes` are the axes of the
    right side, where it is a part of the claim that both shapes are the same.

    >>> from derivations.notation import X, i, u
    >>> Equation(2 * X[u, i], X[u, i] + X[u, i]).axes
    (u, i)

    Raises IllFormedError, one line, if this says nothing that could be true or false (see `validation`).
    """

    left: Expr
    right: Expr
    axes: tuple[Index, ...]
    right_axes: tuple[Index | int, ...] | None
    where: Definitions
    assumptions: tuple[Assumption, ...]

    def __init__(
        self,
        left: Expr | int,
        right: Expr | int,
        axes: Iterable[Index] | None = None,
        right_axes: Iterable[Index | int] | None = None,
        where: Definitions | None = None,
        assumptions: Assumption | Iterable[Assumption] = (),
    ) -> None:
        left, right = as_expression(left), as_expression(right)
        axes = tuple(axes) if axes is not None else free_indices(left)
        right_axes = None if right_axes is None else tuple(right_axes)
        where = as_definitions(where)
        assumptions = as_tuple(assumptions)
        allowed = (*axes, *(index for index in right_axes or () if isinstance(index, Index)))
        validate((left, right), allowed, where, assumptions)
        for name, value in (("left", left), ("right", right), ("axes", axes), ("right_axes", right_axes),
                            ("where", where), ("assumptions", assumptions)):  # fmt: skip
            object.__setattr__(self, name, value)

    @property
    def indices(self) -> tuple[Index, ...]:
        """The indices of the axes, then those of the right side's axes: the equation speaks of all values of each."""
        return tuple(dict.fromkeys([*self.axes, *free_indices(self.right)]))


def as_definitions(where: Definitions | None) -> Definitions:
    """Definitions with exact numbers, which can't be changed and aren't the caller's."""
    return MappingProxyType({as_expression(name): as_expression(body) for name, body in (where or {}).items()})


def as_tuple(assumptions: Assumption | Iterable[Assumption]) -> tuple[Assumption, ...]:
    """One assumption needs no list."""
    return (assumptions,) if isinstance(assumptions, (SumsToOne, Positive)) else tuple(assumptions)


def as_expression(given: Expr | int | float) -> Expr:
    """A formula as given, with exact numbers: 0.1 is a tenth, and no binary fraction near it.

    >>> from sympy import Symbol
    >>> as_expression(0.1 * Symbol("x", real=True))
    x/10
    """
    try:
        expr = sympify(given)
    except SympifyError:
        raise IllFormedError(f"expected a formula, got {type(given).__name__} {given!r}") from None
    floats = expr.atoms(Float) if isinstance(expr, Expr) else ()
    return expr.xreplace({number: Rational(str(number)) for number in floats})
