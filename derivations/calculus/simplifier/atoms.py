"""The factors of a product. There are four kinds, of which three are here and the last in `composites`:

Scalar      lam, the size m
Entry       X[u, i]
Delta       delta(i, j)
Composite   exp(...), a sum over indices, a sum to a power such as (1 + exp(z))**-1
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from derivations.calculus.simplifier.subscripts import Node, Order, Subscript, Writer, in_order

__all__ = ["EITHER_WAY", "Atom", "Delta", "Entry", "Scalar"]

EITHER_WAY: tuple[Order, ...] = ((1, 0),)
"""The symmetry of delta(i, j), which is delta(j, i)."""


class Atom(Node):
    """A factor that is not a product: a head (`W`, `delta`, `exp(_0)`) and its subscripts."""

    subscripts: tuple[Subscript, ...] = ()

    @property
    def symmetries(self) -> tuple[Order, ...]:
        """The other orders of the subscripts that give the same value."""
        return ()

    @property
    def reactive(self) -> bool:
        """Whether a product with it may have to be simplified."""
        return False

    @property
    def has_delta(self) -> bool:
        """Whether a subscript of it is in a delta."""
        return False

    @property
    def depth(self) -> int:
        """How many templates are inside of each other."""
        return 0

    @cached_property
    def head(self) -> tuple[Any, ...]:
        """The key without the subscripts."""
        raise NotImplementedError

    @cached_property
    def key(self) -> tuple[Any, ...]:
        return (self.rank, self.head, tuple(subscript.key for subscript in self.subscripts))

    @cached_property
    def roots(self) -> frozenset[Subscript]:
        """The indices that it depends on."""
        return frozenset(subscript.root for subscript in self.subscripts)

    @property
    def names(self) -> frozenset[str]:
        """The arrays and scalars in it."""
        return frozenset()

    def orders(self) -> list[tuple[Subscript, ...]]:
        """All orders of the subscripts that give the same value."""
        return [self.subscripts, *[tuple(self.subscripts[k] for k in order) for order in self.symmetries]]

    def at(self, subscripts: tuple[Subscript, ...]) -> Atom:
        """The atom with other subscripts, put in order where their order doesn't matter."""
        raise NotImplementedError

    def replaced(self, new: Mapping[Subscript, Subscript]) -> Atom:
        return self.at(tuple(subscript.replaced(new) for subscript in self.subscripts))


@dataclass(frozen=True, eq=False, repr=False)
class Scalar(Atom):
    """A scalar, a size, or a constant such as pi; a scalar that is called pi is another."""

    name: str
    sign: str = "real"
    """"positive", "nonnegative" or "real"."""
    kind: str = "scalar"
    rank = 10

    @cached_property
    def head(self) -> tuple[Any, ...]:
        return (self.name, self.sign, self.kind)

    @property
    def names(self) -> frozenset[str]:
        return frozenset([self.name])

    def at(self, subscripts: tuple[Subscript, ...]) -> Atom:
        return self

    def written(self, write: Writer) -> str:
        return self.name


@dataclass(frozen=True, eq=False, repr=False)
class Entry(Atom):
    """An entry of an array."""

    array: str
    subscripts: tuple[Subscript, ...]
    rank = 11

    @cached_property
    def head(self) -> tuple[Any, ...]:
        return (self.array,)

    @property
    def names(self) -> frozenset[str]:
        return frozenset([self.array])

    def at(self, subscripts: tuple[Subscript, ...]) -> Atom:
        return Entry(self.array, subscripts)

    def written(self, write: Writer) -> str:
        return f"{self.array}[{', '.join(map(write, self.subscripts))}]"


@dataclass(frozen=True, eq=False, repr=False)
class Delta(Atom):
    """1 where the two subscripts are equal, else 0."""

    subscripts: tuple[Subscript, ...]
    rank = 12

    @property
    def symmetries(self) -> tuple[Order, ...]:
        return EITHER_WAY

    @property
    def reactive(self) -> bool:
        return True

    @property
    def has_delta(self) -> bool:
        return True

    @cached_property
    def head(self) -> tuple[Any, ...]:
        return ()

    def at(self, subscripts: tuple[Subscript, ...]) -> Atom:
        return Delta(in_order(subscripts, EITHER_WAY))

    def written(self, write: Writer) -> str:
        return f"delta({', '.join(map(write, self.subscripts))})"
