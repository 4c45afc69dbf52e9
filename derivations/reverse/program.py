"""A derived layer as a program: statements first, text later.

The forward pass defines its names in order; the backward pass defines the gradients in the order in which they can be
computed. What the backward pass reads of the forward pass is saved, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sympy import Expr, Sum, Symbol

from derivations.calculus.definitions import name_of
from derivations.calculus.evaluate import free_quantities
from derivations.calculus.grammar import Index
from derivations.calculus.window import windows_read

__all__ = ["Program", "Reduction", "Statement"]


@dataclass(frozen=True)
class Reduction:
    """softmax or logsumexp of an array along one of its axes."""

    function: str
    argument: Expr
    over: Index

    def at(self, new: Mapping[Expr, Expr]) -> Reduction:
        """With other indices."""
        over = new.get(self.over, self.over)
        return Reduction(self.function, self.argument.xreplace(dict(new)), over)


@dataclass(frozen=True)
class Statement:
    """`target = value`, for all entries of the target at once."""

    target: Expr
    value: Expr | Reduction

    @property
    def name(self) -> str:
        """The name that gets the value."""
        return name_of(self.target)

    @property
    def read(self) -> Expr:
        """The expression whose names it reads."""
        return self.value.argument if isinstance(self.value, Reduction) else self.value


@dataclass(frozen=True)
class Program:
    """Two functions that share what the first saves."""

    inputs: tuple[str, ...]
    forward: tuple[Statement, ...]
    outputs: tuple[str, ...]
    upstream: tuple[str, ...]
    """The gradients of the outputs, which the backward pass is given."""
    backward: tuple[Statement, ...]
    gradients: tuple[str, ...]
    """What the backward pass returns."""

    shapes: Mapping[str, tuple[Expr, ...]]
    """Of all names, in sizes."""
    labels: frozenset[str] = frozenset()
    """The inputs that are whole numbers and index others."""

    @property
    def views(self) -> tuple[Statement, ...]:
        """What windows read of an array, needed on the way back: larger than the array, and so read again."""
        read = set(free_quantities(statement.read for statement in self.backward))
        return tuple(s for s in self.forward if s.name in read and isinstance(s.value, Sum) and windows_read(s.value))

    @property
    def saved(self) -> tuple[str, ...]:
        """What the backward pass reads of the inputs and of the forward pass, for its numbers or for its shape."""
        known = [*self.inputs, *(statement.name for statement in self.forward)]
        views = {statement.name for statement in self.views}
        read = set(free_quantities(statement.read for statement in [*self.views, *self.backward])) - views
        missing = self._sizes_needed() - self._sizes_of([*read, *self.upstream])
        for name in known:
            if missing & self._sizes_of([name]):
                read.add(name)
                missing -= self._sizes_of([name])
        return tuple(name for name in known if name in read)

    def _sizes_needed(self) -> set[Expr]:
        exprs = [expr for statement in [*self.views, *self.backward] for expr in (statement.read, statement.target)]
        indices = {index for expr in exprs for index in expr.atoms(Index)}
        written = {
            symbol for expr in exprs for symbol in expr.atoms(Symbol) if symbol.is_integer and symbol.is_positive
        }
        return written | {size for index in indices for size in index.size.free_symbols}

    def _sizes_of(self, names: Iterable[str]) -> set[Expr]:
        return {size for name in names for size in self.shapes.get(name, ())}
