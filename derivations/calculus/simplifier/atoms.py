"""The factors of a product. There are four kinds:

    Scalar      lam, the size m
    Entry       X[u, i]
    Delta       delta(i, j)
    Composite   exp(...), a sum over indices, a sum to a power such as (1 + exp(z))**-1

The idea that keeps all else short: *a composite is an entry of an array without a name*. What is inside of it is kept
once as a `Template`, a formula with numbered holes; the atom itself is the template and the subscripts that fill the
holes. exp(Z[c, i]) is the template `exp(Z[_0, _1])` with the subscripts (c, i), and sum_u W[v, u] X[u, i] is
`sum_a W[_0, a] X[a, _1]` with (v, i). So

- to rename an index is to replace subscripts, never to walk into a formula, and nothing can be captured;
- the indices that a template sums over have no names, only numbers, and meet no others;
- a sum is an atom like any other: it has powers, S * S**-1 cancels, and (sum_i x[i])**12 is one factor.

A sum that is an atom is *connected*: a product of sums that share no index is a product of atoms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from derivations.calculus.simplifier.subscripts import Bound, Hole, Labelled, Node, Order, Subscript, Writer, in_order

if TYPE_CHECKING:
    from derivations.calculus.simplifier.polynomials import Polynomial

__all__ = ["POWER", "SUM", "Atom", "Composite", "Delta", "Entry", "Scalar", "Template", "kind"]

SUM, POWER = "sum", "power"
"""The two kinds of templates beside functions: a connected sum over indices, and the base of a power."""

_REACTIVE = {POWER, "step", "sin"}


class Atom(Node):
    """A factor that is not a product: a head (`W`, `delta`, `exp(_0)`) and its subscripts."""

    subscripts: tuple[Subscript, ...] = ()
    symmetries: tuple[Order, ...] = ()
    """The other orders of the subscripts that give the same value."""
    reactive: ClassVar[bool] = False
    """Whether a product with it may have to be simplified."""
    has_delta: ClassVar[bool] = False
    """Whether a subscript of it is in a delta."""
    depth: ClassVar[int] = 0
    """How many templates are inside of each other."""

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
    symmetries = ((1, 0),)
    reactive = True
    has_delta = True

    @cached_property
    def head(self) -> tuple[Any, ...]:
        return ()

    def at(self, subscripts: tuple[Subscript, ...]) -> Atom:
        return Delta(in_order(subscripts, self.symmetries))

    def written(self, write: Writer) -> str:
        return f"delta({', '.join(map(write, self.subscripts))})"


@dataclass(frozen=True, eq=False, repr=False)
class Template(Node):
    """A formula with holes. `kind` is SUM, POWER or a function's name; SUM alone has indices, with the given sizes."""

    kind: str
    body: Polynomial
    sizes: tuple[Polynomial, ...] = ()
    symmetries: tuple[Order, ...] = ()
    rank = 20

    @cached_property
    def key(self) -> tuple[Any, ...]:
        return (self.rank, self.kind, len(self.sizes), *[size.key for size in self.sizes], self.body.key)

    @cached_property
    def has_delta(self) -> bool:
        """Whether a hole is in a delta, so that what fills it may change more than a subscript."""
        return any(
            atom.has_delta and any(isinstance(root, Hole) for root in atom.roots) for atom in self.body.atoms
        )  # fmt: skip

    @cached_property
    def holes(self) -> int:
        """How many there are."""
        return len([root for root in self.body.roots if isinstance(root, Hole)])

    @cached_property
    def depth(self) -> int:
        return 1 + max((atom.depth for atom in self.body.atoms), default=0)

    @cached_property
    def names(self) -> frozenset[str]:
        return self.body.names

    @cached_property
    def inside(self) -> frozenset[Template]:
        """Itself and all templates in it."""
        return self.body.templates | {self}


@dataclass(frozen=True, eq=False, repr=False)
class Composite(Atom):
    """A template with its holes filled."""

    template: Template
    subscripts: tuple[Subscript, ...]
    rank = 13

    @cached_property
    def head(self) -> tuple[Any, ...]:
        return self.template.key

    @property
    def symmetries(self) -> tuple[Order, ...]:  # type: ignore[override]
        return self.template.symmetries

    @property
    def has_delta(self) -> bool:  # type: ignore[override]
        return self.template.has_delta

    @property
    def reactive(self) -> bool:  # type: ignore[override]
        return self.template.kind in _REACTIVE

    @property
    def depth(self) -> int:  # type: ignore[override]
        return self.template.depth

    @property
    def names(self) -> frozenset[str]:
        return self.template.names

    def at(self, subscripts: tuple[Subscript, ...]) -> Atom:
        return Composite(self.template, in_order(subscripts, self.template.symmetries))

    def written(self, write: Writer) -> str:
        filled = [write(subscript) for subscript in self.subscripts]
        letters = _unused_letters(filled)
        names = [next(letters) for _ in self.template.sizes]
        inside = self.template.body.written(lambda subscript: _subscript(subscript, filled, names))
        if self.template.kind == SUM:
            return f"sum_{{{','.join(names)}}}({inside})"
        return f"({inside})" if self.template.kind == POWER else f"{self.template.kind}({inside})"


def _unused_letters(taken: list[str]) -> Iterator[str]:
    used = {letter for text in taken for letter in text.replace("(", " ").replace(")", " ").split()}
    return (name for n in range(99) for letter in "abcdefgpqrs" if (name := f"{letter}{n or ''}") not in used)


def _subscript(subscript: Subscript, filled: list[str], names: list[str]) -> str:
    match subscript:
        case Hole(number):
            return filled[number]
        case Bound(number):
            return names[number]
        case Labelled(labels, of):
            return f"{labels}({_subscript(of, filled, names)})"
    return str(subscript)


def kind(atom: Atom) -> str:
    """The kind of a composite's template, "" for other atoms."""
    return atom.template.kind if isinstance(atom, Composite) else ""
