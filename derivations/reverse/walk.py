"""The chain rule, backwards over the names of a forward pass: from the gradient of an output to those of the inputs.

A name Q acts through each name S in whose definition it is written. So

    dQ[q] = sum over S of  sum[s](dS[s] * Local(S[s], Q[q]))

where Local holds all other names. Each such line is a link: it is about one definition at a time, whatever the depth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sympy import Add, Expr, S, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import Definitions, name_of, names_in
from derivations.calculus.grammar import Index, Local, array, entry, sum_over
from derivations.reverse.contraction import contract
from derivations.reverse.slopes import slope

__all__ = ["Contribution", "Link", "adjoint", "apart", "axes_of", "renamed", "reverse"]


@dataclass(frozen=True)
class Contribution:
    """What comes back to a name through one that is computed from it: by the chain rule, and worked out."""

    through: str
    chain_rule: Expr
    with_deltas: Expr
    contracted: Expr


@dataclass(frozen=True)
class Link:
    """The gradient with respect to one name, as what comes back through each name that is computed from it."""

    quantity: Expr
    contributions: tuple[Contribution, ...]

    @property
    def gradient(self) -> Expr:
        """The name of this gradient: the entry dQ[q] for the quantity Q[q]."""
        return adjoint(self.quantity)

    @property
    def result(self) -> Expr:
        """The gradient in terms of those that come before it on the way back."""
        return Add(*[contribution.contracted for contribution in self.contributions])


def reverse(definitions: Definitions, outputs: Iterable[Expr], wrt: Sequence[Expr]) -> list[Link]:
    """The links from the outputs' gradients, which are given, to the gradient of each quantity in `wrt`.

    The gradient of an array Y is an array dY of its shape; an output without axes is a loss, and its gradient is 1.

    `wrt` are entries with their indices, or scalars. They come in the order in which they can be computed.
    """
    given = {name_of(output) for output in outputs}
    on_the_way = _between(definitions, wrt)
    links: list[Link] = []
    reached = set(given)
    patterns = {name_of(pattern): pattern for pattern in [*wrt, *definitions]}
    for name in [*reversed([name_of(p) for p in definitions]), *(name_of(q) for q in wrt)]:
        if name not in on_the_way or (name in given and not _used(name, definitions)):
            continue
        consumers = [p for p, body in definitions.items() if name in names_in(body) and name_of(p) in reached]
        contributions = [
            _contribution(p, definitions[p], patterns[name], isinstance(p, Symbol) and name_of(p) in given)
            for p in consumers
        ]
        contributions = [one for one in contributions if one.contracted != 0]
        if contributions:
            links.append(Link(patterns[name], tuple(contributions)))
            reached.add(name)
    return links


def _used(name: str, definitions: Definitions) -> bool:
    return any(name in names_in(body) for body in definitions.values())


def _between(definitions: Definitions, wrt: Sequence[Expr]) -> set[str]:
    """The names that depend on one in `wrt`, these included."""
    active = {name_of(quantity) for quantity in wrt}
    for pattern, body in definitions.items():
        if names_in(body) & active:
            active.add(name_of(pattern))
    return active


def _contribution(consumer: Expr, body: Expr, quantity: Expr, is_loss: bool) -> Contribution:
    """sum[s](dS[s] * Local(S[s], Q[q])), with indices of S that differ from those of Q."""
    new = apart(axes_of(consumer), axes_of(quantity))
    there, body = consumer.xreplace(new), body.xreplace(new)
    indices = tuple(index for index in axes_of(there) if isinstance(index, Index))
    upstream = S.One if is_loss else adjoint(there)

    def summed(term: Expr) -> Expr:
        return sum_over(indices, term) if indices and term != 0 else term

    local = slope(body, quantity)
    with_deltas = summed(upstream * local)
    return Contribution(
        name_of(consumer), summed(upstream * Local(there, quantity)), with_deltas, contract(with_deltas)
    )


def axes_of(quantity: Expr) -> tuple[Index, ...]:
    """The indices of an entry; () for a scalar."""
    return () if isinstance(quantity, Symbol) else entry(quantity)[1]


def apart(indices: Iterable[Expr], taken: Iterable[Expr]) -> dict[Expr, Expr]:
    """New names for the indices that are among those taken."""
    names = {str(index) for index in taken} | {str(index) for index in indices}
    new: dict[Expr, Expr] = {}
    for index in indices:
        if isinstance(index, Index) and index in tuple(taken):
            name = f"{index.name}'"
            while name in names:
                name += "'"
            names.add(name)
            new[index] = Index(name, index.size)
    return new


def adjoint(quantity: Expr) -> Expr:
    """The entry dQ[q] of the gradient of Q, for the entry Q[q]."""
    return renamed(quantity, f"d{name_of(quantity)}")


def renamed(quantity: Expr, name: str) -> Expr:
    """The entry with the same indices of an array of the same shape; for a scalar, a scalar."""
    if isinstance(quantity, Symbol):
        return Symbol(name, real=True)
    _, indices = entry(quantity)
    base = quantity.parent if isinstance(quantity, MatrixElement) else quantity.base
    return array(name, *base.shape)[indices]
