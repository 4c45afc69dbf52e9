"""Functions, sums over indices and sums to a power, as atoms.

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

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from derivations.calculus.simplifier.atoms import Atom
from derivations.calculus.simplifier.polynomials import Number, Polynomial
from derivations.calculus.simplifier.subscripts import Bound, Hole, Labelled, Node, Order, Subscript, Writer, in_order

__all__ = ["POWER", "SUM", "Composite", "Template", "denominators", "kind", "templates_in"]

SUM, POWER = "sum", "power"
"""The two kinds of templates beside functions: a connected sum over indices, and the base of a power."""

_REACTIVE = {POWER, "step", "sin"}


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
        return templates_in(self.body) | {self}


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
    def symmetries(self) -> tuple[Order, ...]:
        return self.template.symmetries

    @property
    def has_delta(self) -> bool:
        return self.template.has_delta

    @property
    def reactive(self) -> bool:
        return self.template.kind in _REACTIVE

    @property
    def depth(self) -> int:
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


def templates_in(polynomial: Polynomial) -> frozenset[Template]:
    """All templates in it, at any depth."""
    return frozenset(t for atom in polynomial.atoms if isinstance(atom, Composite) for t in atom.template.inside)


def denominators(polynomial: Polynomial) -> dict[Atom, Number]:
    """The sums that terms are divided by, with the powers that clear them."""
    found: dict[Atom, Number] = {}
    for monomial in polynomial.terms:
        for atom, power in monomial.powers.items():
            if power < 0 and kind(atom) == POWER:
                found[atom] = max(found.get(atom, 0), -power)
    return found
