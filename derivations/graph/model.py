"""A computational graph: an edge from each quantity to what is computed from it. It is read off the definitions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Self

from sympy import Expr, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus import Definitions
from derivations.calculus.definitions import name_of
from derivations.calculus.evaluate import free_quantities

__all__ = ["Edge", "Graph", "Kind"]

Kind = Literal["data", "parameter", "computed"]


@dataclass(frozen=True)
class Edge:
    """`target` is computed from `source`, maybe `through` others that are not shown."""

    source: str
    target: str
    through: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All names along the edge, in the direction of the forward pass."""
        return (self.source, *self.through, self.target)

    @property
    def derivative(self) -> str:
        """The name of the local derivative on the edge: Z1_by_W1."""
        return f"{self.target}_by_{self.source}"


class Graph:
    """All that a quantity is computed from, by the definitions; numbers that are set (a scalar such as lam) left out.

    `quantities` are the nodes, by name, each before what is computed from it.
    """

    def __init__(self, of: Expr, where: Definitions) -> None:
        bodies = {name_of(pattern): body for pattern, body in where.items()}
        self.learned = {name.removeprefix("d") for name in bodies if name.startswith("d")}
        self.quantities: dict[str, Expr] = {}
        edges: list[Edge] = []

        def add(quantity: Expr) -> None:
            name = name_of(quantity)
            if name in self.quantities:
                return
            for source, used in sorted(free_quantities([bodies[name]]).items() if name in bodies else ()):
                if source in bodies or not isinstance(used, Symbol):
                    add(used)
                    edges.append(Edge(source, name))
            self.quantities[name] = quantity

        add(of)
        self.edges = tuple(edges)

    def _with(self, quantities: Iterable[str], edges: Iterable[Edge]) -> Self:
        other = object.__new__(type(self))
        other.learned = self.learned
        other.quantities = {name: self.quantities[name] for name in quantities}
        other.edges = tuple(edges)
        return other

    def without(self, *names: str) -> Self:
        """The graph with these nodes left out; what led through one leads on."""
        graph = self
        for name in names:
            before = [edge for edge in graph.edges if edge.target == name]
            after = [edge for edge in graph.edges if edge.source == name]
            led_on = [Edge(b.source, a.target, (*b.through, name, *a.through)) for b in before for a in after]
            others = [edge for edge in graph.edges if name not in (edge.source, edge.target)]
            graph = graph._with([other for other in graph.quantities if other != name], [*others, *led_on])
        return graph

    @property
    def last(self) -> str:
        """The node that all others lead to."""
        return list(self.quantities)[-1]

    def kind(self, name: str) -> Kind:
        """Whether a node is computed from others, learned (the loss has a gradient with respect to it), or given."""
        if any(edge.target == name for edge in self.edges):
            return "computed"
        return "parameter" if name in self.learned else "data"

    def inputs(self, name: str) -> list[str]:
        """The nodes from which an edge leads to this one."""
        return [edge.source for edge in self.edges if edge.target == name]

    def edge(self, source: str, target: str) -> Edge:
        """The edge between two nodes; KeyError if there is none."""
        for edge in self.edges:
            if (edge.source, edge.target) == (source, target):
                return edge
        raise KeyError(f"no edge leads from {source} to {target}")

    def path(self, source: str, target: str) -> list[Edge]:
        """The edges from one node to another; KeyError if there is no path, or more than one."""
        found = self.paths(source, target)
        if len(found) != 1:
            raise KeyError(f"{len(found)} paths lead from {source} to {target}, expected one")
        return found[0]

    def paths(self, source: str, target: str) -> list[list[Edge]]:
        """All ways from one node to another, as the edges that they go along."""
        if source == target:
            return [[]]
        starts = [edge for edge in self.edges if edge.source == source]
        return [[edge, *rest] for edge in starts for rest in self.paths(edge.target, target)]

    @cached_property
    def depth(self) -> dict[str, int]:
        """The number of edges on the longest path to a node."""
        depths: dict[str, int] = {}
        for name in self.quantities:
            depths[name] = max((depths[source] + 1 for source in self.inputs(name)), default=0)
        return depths

    def text(self) -> str:
        """The graph in words, for those who don't see it."""
        computed = [name for name in self.quantities if self.kind(name) == "computed"]
        return "; ".join(f"{name} is computed from {_listed(self.inputs(name))}" for name in computed) + "."


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def is_vector(quantity: Expr) -> bool:
    """Whether this is an entry of an array with one column."""
    return isinstance(quantity, MatrixElement) and quantity.parent.shape[1] == 1
