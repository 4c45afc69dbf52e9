"""What was read: a forward pass as definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import Expr, Indexed, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import Definitions, name_of

__all__ = ["Forward"]


@dataclass(frozen=True)
class Forward:
    """A forward pass: what each name is defined as, in order, and the entries of its inputs as they are written."""

    definitions: Definitions
    inputs: Mapping[str, Expr]
    lines: Mapping[str, int] = field(default_factory=dict)
    """The line of the text on which each name is defined."""
    recognized: tuple[tuple[Expr, Expr], ...] = ()
    """What was written, and the function of the table that it was taken for."""

    @property
    def outputs(self) -> list[Expr]:
        """The names that no other definition uses."""
        used = {
            name_of(part) for body in self.definitions.values() for part in body.atoms(MatrixElement, Indexed, Symbol)
        }
        return [pattern for pattern in self.definitions if name_of(pattern) not in used]
