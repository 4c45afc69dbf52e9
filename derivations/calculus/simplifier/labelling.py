"""Canonical labelling: numbers for the indices of a sum such that the names they had no longer matter.

sum_ij A[i, j] x[j] and sum_kl A[l, k] x[k] are one sum with other names. Which of two indices gets the number 0 has to
follow from how they are used. As in programs that test graphs for isomorphism (nauty):

1. *Refine.* All indices start with one colour a size. The colour of an index becomes its old colour and the factors in
   which it stands, each seen through the colours of its subscripts; repeat until no more colours appear.
2. *Branch on a tie.* Where several indices have one colour, give each in turn a colour of its own, refine again, and
   take the branch whose result comes first.
3. *Symmetric branches once.* Two branches that end in the same result are images of each other under a renaming that
   changes nothing. So a branch whose first leaf was seen already is not searched.

The holes of a template (`atoms.Template`) are labelled with the indices that it sums over. If renaming them changes
nothing, as in exp(x[i] x[j]), these symmetries are returned: the atom's subscripts may then stand in any of the orders.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from derivations.calculus.simplifier.polynomials import Factors
from derivations.calculus.simplifier.subscripts import Labelled, Order, Subscript

__all__ = ["Labelling", "canonical_labelling"]

Colours = tuple[int, ...]


class Labelling(NamedTuple):
    """Both in the order in which they are to be numbered."""

    bound: list[Subscript]
    outer: list[Subscript]
    symmetries: tuple[Order, ...]


def canonical_labelling(
    terms: Sequence[tuple[Factors, Any]], sizes: Mapping[Subscript, Any], spend: Callable[[int], None]
) -> Labelling:
    """The order of the indices that are summed over (with their sizes' keys), and of the subscripts around them."""
    outer = list(dict.fromkeys(s for factors, _ in terms for a in factors for s in a.subscripts if s.root not in sizes))
    bound = list(sizes)
    if len(bound) + len(outer) <= 1:
        return Labelling(bound, outer, ())
    search = _Search(terms, bound, outer, [sizes[index] for index in bound], spend)
    return search.result()


class _Edge(NamedTuple):
    """A factor, seen from the indices: what it is (a number), and at which nodes it stands, once for each symmetry."""

    head: int
    ends: tuple[int, ...]
    orders: tuple[Order, ...]
    term: int


class _Search:
    def __init__(self, terms: Sequence[tuple[Factors, Any]], bound: list[Subscript], outer: list[Subscript],
                 sizes: list[Any], spend: Callable[[int], None]) -> None:  # fmt: skip
        self.bound, self.outer, self.spend = bound, outer, spend
        self.node = {subscript: k for k, subscript in enumerate([*bound, *outer])}
        found = [(k, atom, power) for k, (factors, _) in enumerate(terms) for atom, power in factors.items()]
        heads = [(atom.rank, atom.head, power, tuple(map(self.path, atom.subscripts))) for _, atom, power in found]
        ranks = {head: rank for rank, head in enumerate(sorted(set(heads)))}
        self.edges = [
            _Edge(ranks[head], tuple(map(self.end, atom.subscripts)),
                  (tuple(range(len(atom.subscripts))), *atom.symmetries), k)
            for head, (k, atom, _) in zip(heads, found, strict=True)
        ]  # fmt: skip
        self.coefficients = [coefficient for _, coefficient in terms]
        starts = [(0, size) for size in sizes] + [(1, ()) for _ in outer]
        order = {start: k for k, start in enumerate(sorted(set(starts)))}
        self.start = tuple(order[start] for start in starts)

    def path(self, subscript: Subscript) -> tuple[str, ...]:
        """The labels between a subscript and its node: ("y",) for y(i), () for i itself."""
        if subscript in self.node or not isinstance(subscript, Labelled):
            return ()
        return (subscript.labels, *self.path(subscript.of))

    def end(self, subscript: Subscript) -> int:
        return self.node[subscript] if subscript in self.node else self.node[subscript.root]

    def result(self) -> Labelling:
        leaves = [(self.seen(colours), colours) for colours in self.leaves(self.refine(self.start))]
        least = min(seen for seen, _ in leaves)
        orders = [self.ordered(colours) for seen, colours in leaves if seen == least]
        bound, outer = min(orders, key=lambda order: [subscript.key for subscript in order[1]])
        place = {subscript: k for k, subscript in enumerate(outer)}
        symmetries = {tuple(place[subscript] for subscript in other) for _, other in orders}
        return Labelling(bound, outer, tuple(sorted(symmetries - {tuple(range(len(outer)))})))

    def ordered(self, colours: Colours) -> tuple[list[Subscript], list[Subscript]]:
        split = len(self.bound)
        return (
            [s for _, s in sorted(zip(colours[:split], self.bound, strict=True), key=lambda pair: pair[0])],
            [s for _, s in sorted(zip(colours[split:], self.outer, strict=True), key=lambda pair: pair[0])],
        )

    def refine(self, colours: Colours) -> Colours:
        count = len(set(colours))
        while count < len(colours):
            self.spend(1)
            views = self.views(colours)
            order = {view: k for k, view in enumerate(sorted(set(views)))}
            colours = tuple(order[view] for view in views)
            if len(order) == count:
                break
            count = len(order)
        return colours

    def views(self, colours: Colours) -> list[Any]:
        """What each node sees: its colour, and its factors with the colours of their subscripts."""
        seen = [edge.head if len(edge.ends) == 0 else self.view(edge, colours) for edge in self.edges]
        terms: list[Any] = [()] * len(self.coefficients)
        if len(terms) > 1:  # in a sum, a factor is also known by the term in which it stands
            inside: list[list[Any]] = [[] for _ in terms]
            for edge, view in zip(self.edges, seen, strict=True):
                inside[edge.term].append((edge.head, view))
            terms = [(number, *sorted(views)) for number, views in zip(self.coefficients, inside, strict=True)]
        at: list[list[Any]] = [[] for _ in colours]
        for edge, view in zip(self.edges, seen, strict=True):
            for position, node in enumerate(edge.ends):
                mark = min(order.index(position) for order in edge.orders if self.view_by(edge, colours, order) == view)
                at[node].append((edge.head, terms[edge.term], view, mark))
        return [(colour, *sorted(views)) for colour, views in zip(colours, at, strict=True)]

    def view(self, edge: _Edge, colours: Colours) -> tuple[int, ...]:
        return min(self.view_by(edge, colours, order) for order in edge.orders)

    @staticmethod
    def view_by(edge: _Edge, colours: Colours, order: Order) -> tuple[int, ...]:
        return tuple(colours[edge.ends[k]] for k in order)

    def seen(self, colours: Colours) -> Any:
        """The whole sum under a labelling: equal ones are the same sum."""
        terms: list[list[Any]] = [[] for _ in self.coefficients]
        for edge in self.edges:
            terms[edge.term].append((edge.head, self.view(edge, colours) if edge.ends else ()))
        return sorted((number, sorted(views)) for number, views in zip(self.coefficients, terms, strict=True))

    def tie(self, colours: Colours) -> list[int]:
        """The first nodes that share a colour, subscripts around the sum before indices that it runs over."""
        groups: dict[int, list[int]] = {}
        for node, colour in enumerate(colours):
            groups.setdefault(colour, []).append(node)
        ties = [nodes for _, nodes in sorted(groups.items(), reverse=True) if len(nodes) > 1]
        return ties[0] if ties else []

    def branch(self, colours: Colours, node: int) -> Colours:
        return self.refine(tuple(2 * colour + (k != node) for k, colour in enumerate(colours)))

    def leaves(self, colours: Colours) -> Iterator[Colours]:
        """The best labelling for each order of the subscripts around the sum that may be the first."""
        nodes = self.tie(colours)
        if not nodes or nodes[0] < len(self.bound):
            yield self.best(colours)
        else:
            for node in nodes:
                yield from self.leaves(self.branch(colours, node))

    def best(self, colours: Colours) -> Colours:
        nodes = self.tie(colours)
        if not nodes:
            return colours
        known: list[Any] = []
        found: list[tuple[Any, Colours]] = []
        for node in nodes:
            branch = self.branch(colours, node)
            first = self.seen(self.first_leaf(branch))
            if first in known:
                continue
            leaf = self.best(branch)
            found.append((self.seen(leaf), leaf))
            known += [first, found[-1][0]]
        return min(found)[1]

    def first_leaf(self, colours: Colours) -> Colours:
        while nodes := self.tie(colours):
            colours = self.branch(colours, nodes[0])
        return colours
