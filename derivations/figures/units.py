"""The graph with a node for each single number: every unit of every layer, for one example."""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterator, Mapping

from sympy import Basic, Expr, Indexed, Sum
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus import Definitions, Index
from derivations.calculus.definitions import name_of
from derivations.calculus.grammar import entry
from derivations.figures.layout import spine
from derivations.figures.picture import Picture, Point
from derivations.graph.model import Graph, is_vector
from derivations.graph.typeset import name_in_latex

__all__ = ["Units"]

Unit = tuple[str, tuple[int, ...]]  # an array's name, and the place there

WIDTH = 760.0
RADIUS = 19.0
MARGIN = 60.0
PITCH = 56.0  # from one unit of a layer to the next
BIAS = 4.0  # half the side of a bias's square


class Units:
    """Every unit between the data and `of`, and an arrow for each use of one by another. One example passes through.

    The nodes on the graph's longest path are layers of units. What their values are multiplied by, weights and labels,
    belongs to the arrows; the biases, which are added, are small squares.

    sizes       how many values each size takes, by name; of examples there is one
    emphasized  a unit such as ("A1", 2), counted from 1, whose arrows stand out
    """

    def __init__(
        self,
        of: Expr,
        where: Definitions,
        sizes: Mapping[str, int],
        emphasized: tuple[str, int] | None = None,
        caption: str = "",
    ) -> None:
        self.graph, self.where, self.caption = Graph(of, where), where, caption
        self.sizes = {**sizes, "m": 1}
        self.layers = spine(self.graph)
        self.biases = [name for name, quantity in self.graph.quantities.items() if is_vector(quantity)]
        self.emphasized = emphasized and (emphasized[0], emphasized[1] - 1)
        self.edges = tuple(dict.fromkeys(self._edges()))

    def count(self, name: str) -> int:
        """How many units a layer has."""
        quantity = self.graph.quantities[name]
        return self._number(quantity.parent.shape[0]) if isinstance(quantity, MatrixElement) else 1

    def _number(self, size: Expr) -> int:
        return int(size.xreplace({s: self.sizes[str(s)] for s in size.free_symbols}))

    # Edges, by going through each definition with every value of every index

    def _edges(self) -> Iterator[tuple[Unit, Unit]]:
        drawn = {*self.layers, *self.biases}
        for pattern, body in self.where.items():
            target = name_of(pattern)
            if target not in self.layers:
                continue
            places = entry(pattern)[1] if isinstance(pattern, (MatrixElement, Indexed)) else ()
            for values in self._values(places):
                for source in self._used(body, values):
                    if source[0] in drawn:
                        yield source, (target, tuple(values[place] for place in places))

    def _values(self, indices: tuple[Basic, ...]) -> Iterator[dict[Basic, int]]:
        ranges = [range(self._number(index.size)) for index in indices if isinstance(index, Index)]
        for numbers in itertools.product(*ranges):
            yield dict(zip(indices, numbers, strict=True))

    def _used(self, expr: Basic, values: Mapping[Basic, int]) -> Iterator[Unit]:
        if isinstance(expr, (MatrixElement, Indexed)):
            name, places = entry(expr)
            yield name, tuple(values[place] if isinstance(place, Index) else int(place) for place in places)
        elif isinstance(expr, Sum):
            for more in self._values(tuple(limit[0] for limit in expr.limits)):
                yield from self._used(expr.function, {**values, **more})
        elif expr in self.graph.quantities.values():
            yield name_of(expr), ()
        else:
            for arg in expr.args:
                yield from self._used(arg, values)

    # The drawing

    def _repr_html_(self) -> str:
        tallest = max(self.count(name) for name in self.layers)
        picture = Picture(WIDTH, tallest * PITCH + 40)
        for source, target in self.edges:
            picture.arrow(self._between(source, target), "edge lit" if self._is_lit(source) else "edge faint")
        for name in self.layers:
            for unit in range(self.count(name)):
                picture.node(self._place((name, (unit,))), RADIUS, "computed")
                number = f"_{{{unit + 1}}}" if self.count(name) > 1 else ""
                picture.label(name_in_latex(name) + number, self._place((name, (unit,))), "unit")
            picture.label(name_in_latex(name), (self._place((name, (0,)))[0], picture.height - 14), "name")
        for source, target in self.edges:
            if source[0] in self.biases:
                picture.node(self._bias(target), BIAS, "parameter")
        caption = f"<figcaption>{html.escape(self.caption)}</figcaption>" if self.caption else ""
        return f'<figure class="graph" data-search-exclude>{picture.html(self.alternative())}{caption}</figure>'

    def __repr__(self) -> str:
        return self.alternative()

    def alternative(self) -> str:
        """The figure in words."""
        counts = ", ".join(f"{self.count(name)} of {name}" for name in self.layers)
        arrows = len([source for source, _ in self.edges if source[0] not in self.biases])
        said = f"Network of single units, from left to right {counts}, with {arrows} arrows between them."
        if self.emphasized:
            name, unit = self.emphasized
            led = ", ".join(
                f"{target} {place[0] + 1}" for source, (target, place) in self.edges if self._is_lit(source)
            )
            said += f" Those from {name} {unit + 1} stand out: they lead to {led}."
        return said

    def _is_lit(self, source: Unit) -> bool:
        return self.emphasized is not None and (source[0], source[1][0]) == self.emphasized

    def _place(self, unit: Unit) -> Point:
        name, place = unit
        tallest = max(self.count(other) for other in self.layers)
        column, row = self.layers.index(name), place[0] if place else 0
        x = MARGIN + column * (WIDTH - 2 * MARGIN) / (len(self.layers) - 1)
        return x, 28 + ((tallest - self.count(name)) / 2 + row) * PITCH

    def _bias(self, target: Unit) -> Point:
        x, y = self._place(target)
        return x - 44, y - 22

    def _between(self, source: Unit, target: Unit) -> list[Point]:
        bias = source[0] in self.biases
        (x1, y1), (x2, y2) = self._bias(target) if bias else self._place(source), self._place(target)
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        cos, sin = (x2 - x1) / length, (y2 - y1) / length
        r1, r2 = (BIAS if bias else RADIUS) + 2, RADIUS + 2
        return [(x1 + r1 * cos, y1 + r1 * sin), (x2 - r2 * cos, y2 - r2 * sin)]
