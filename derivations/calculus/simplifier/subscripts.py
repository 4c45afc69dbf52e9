"""What stands between the brackets of an entry: an index, a number, a label, or a numbered hole to be filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

__all__ = ["Bound", "Fixed", "Hole", "Labelled", "Named", "Node", "Order", "Subscript", "Writer", "in_order"]


class Node:
    """Something immutable: equal if its fields are, sorted by its `key`. Hash and key are worked out once.

    The hash is made of the hashes of the fields, which know theirs: it costs the same however large a formula is.
    """

    rank: ClassVar[int]
    """Which kind it is: keys of two kinds differ in it."""
    __match_args__: tuple[str, ...]

    @cached_property
    def _fields(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__match_args__)

    @cached_property
    def key(self) -> tuple[Any, ...]:
        return (self.rank, *[field.key if isinstance(field, Node) else field for field in self._fields])

    @cached_property
    def _hash(self) -> int:
        return hash((self.rank, self._fields))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return type(self) is type(other) and self._hash == other._hash and self._fields == other._fields

    def __lt__(self, other: Node) -> bool:
        return self.key < other.key

    def written(self, write: Writer) -> str:
        """As mathematics, with each subscript as `write` has it."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.written(str)


class Subscript(Node):
    """One of the five kinds below."""

    @property
    def root(self) -> Subscript:
        """The index that it depends on: i for y(i), and itself otherwise."""
        return self

    def replaced(self, new: Mapping[Subscript, Subscript]) -> Subscript:
        return new.get(self, self)


Writer = Callable[[Subscript], str]


@dataclass(frozen=True, eq=False, repr=False)
class Named(Subscript):
    """An index with a name: free, or not summed over yet."""

    name: str
    size: str
    rank = 0

    def __repr__(self) -> str:
        return self.name


@dataclass(frozen=True, eq=False, repr=False)
class Bound(Subscript):
    """An index that the template sums over."""

    number: int
    rank = 1

    def __repr__(self) -> str:
        return f"#{self.number}"


@dataclass(frozen=True, eq=False, repr=False)
class Hole(Subscript):
    """Filled by the atom's subscript of this number."""

    number: int
    rank = 2

    def __repr__(self) -> str:
        return f"_{self.number}"


@dataclass(frozen=True, eq=False, repr=False)
class Fixed(Subscript):
    """A number."""

    number: int
    rank = 3

    def __repr__(self) -> str:
        return str(self.number)


@dataclass(frozen=True, eq=False, repr=False)
class Labelled(Subscript):
    """The label y(i) of an example, used as an index."""

    labels: str
    of: Subscript
    rank = 4

    @property
    def root(self) -> Subscript:
        return self.of.root

    def replaced(self, new: Mapping[Subscript, Subscript]) -> Subscript:
        return new[self] if self in new else Labelled(self.labels, self.of.replaced(new))

    def __repr__(self) -> str:
        return f"{self.labels}({self.of})"


Order = tuple[int, ...]
"""Subscripts in another order: `order[k]` is the number of the one that comes to position k."""


def in_order(subscripts: tuple[Subscript, ...], symmetries: tuple[Order, ...]) -> tuple[Subscript, ...]:
    """The first of the orders that the symmetries allow."""
    if not symmetries:
        return subscripts
    ways = [subscripts, *[tuple(subscripts[k] for k in order) for order in symmetries]]
    return min(ways, key=lambda way: [subscript.key for subscript in way])
