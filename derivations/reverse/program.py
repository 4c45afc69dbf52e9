"""A derived layer as a program: statements first, text later.

The forward pass defines its names in order; the backward pass defines the gradients in the order in which they can be
computed. What the backward pass reads of the forward pass is saved, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Expr

from derivations.calculus.definitions import name_of
from derivations.calculus.evaluate import free_quantities
from derivations.calculus.grammar import Index

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

    @property
    def saved(self) -> tuple[str, ...]:
        """What the backward pass reads of the inputs and of the forward pass."""
        known = [*self.inputs, *(statement.name for statement in self.forward)]
        read = free_quantities(statement.read for statement in self.backward)
        return tuple(name for name in known if name in read)
