"""A graph as a figure: its nodes and forward edges, and of the backward pass as much as is asked for."""

from __future__ import annotations

import html
import math
from collections.abc import Collection, Mapping

from derivations.figures.layout import ON_PATH, places
from derivations.figures.picture import Moments, Picture, Point
from derivations.graph.derivatives import derivative_on
from derivations.graph.model import Edge, Graph
from derivations.graph.typeset import latex, name_in_latex
from derivations.proofs.derivation import Derivation

__all__ = ["Drawing"]

WIDTH = 760.0
RADIUS = {"computed": 25.0, "parameter": 21.0, "data": 21.0}
MARGIN = 50.0
ROW = 126.0  # from one row to the next
BESIDE = 5.0  # how far the arrows of the two directions are from the edge's middle line, where both are drawn
ARC = 62.0  # how high an edge goes that leads over other nodes


class Drawing:
    """A figure of a graph.

    back            the edges along which the gradient has come back; each gets an arrow against its direction
    gradients       the nodes whose gradient is known; each gets its name, dW2
    derivatives     what is written on the edges in `back`: nothing, the name of the local derivative, or its equation
    local           the local derivatives, by name, as `local_derivatives` makes them
    nodes, edges, backs, badges   when each part is shown, for a walk
    """

    def __init__(
        self,
        graph: Graph,
        caption: str = "",
        *,
        back: Collection[Edge] = (),
        gradients: Collection[str] = (),
        derivatives: str = "",
        local: Mapping[str, Derivation] | None = None,
        nodes: Mapping[str, Moments] | None = None,
        edges: Mapping[Edge, Moments] | None = None,
        backs: Mapping[Edge, Moments] | None = None,
        badges: Mapping[str, Moments] | None = None,
    ) -> None:
        self.graph, self.caption = graph, caption
        self.back, self.gradients, self.derivatives = list(back), list(gradients), derivatives
        self.local = local or {}
        self.nodes, self.edges = nodes or {}, edges or {}
        self.backs, self.badges = backs or {}, badges or {}
        self._places = places(graph)

    def _repr_html_(self) -> str:
        caption = f"<figcaption>{html.escape(self.caption)}</figcaption>" if self.caption else ""
        return f'<figure class="graph" data-search-exclude>{self.sheet()}{caption}</figure>'

    def __repr__(self) -> str:
        return self.alternative()

    def alternative(self) -> str:
        """The figure in words."""
        said = f"Graph: {self.graph.text()}"
        if self.back:
            ways = ", ".join(f"from {edge.target} to {edge.source}" for edge in self.back)
            said += f" The gradient comes back {ways}."
        return said

    def sheet(self) -> str:
        """The drawing alone, without the figure around it."""
        rows = [row for _, row in self._places.values()]
        top = ARC + 12 if any(self._is_arc(edge) for edge in self.graph.edges) else 34.0
        self._top = top - min(rows) * ROW
        picture = Picture(WIDTH, self._top + max(rows) * ROW + 44)
        columns = max(column for column, _ in self._places.values())
        self._pitch = (WIDTH - 2 * MARGIN) / columns
        for edge in self.graph.edges:
            both = edge in self.back
            picture.arrow(self._points(edge, BESIDE if both else 0.0), "edge", self.edges.get(edge))
        for edge in self.back:
            points = self._points(edge, -BESIDE)
            picture.arrow(points[::-1], "back", self.backs.get(edge), f"d{edge.source}")
            self._write_derivative(picture, edge)
        for name in self.graph.quantities:
            kind = self.graph.kind(name)
            picture.node(self._place(name), RADIUS[kind], kind, self.nodes.get(name), name)
            picture.label(name_in_latex(name), self._place(name), "name", self.nodes.get(name), name)
        for name in self.gradients:
            x, y = self._place(name)
            # Beside what is learned; on the path, on that side of the edges where nothing else is written.
            side = -34 if self.derivatives == "equations" else 36
            corner = (x - 29, y + side) if self._places[name][1] == ON_PATH else (x - 44, y)
            picture.label(name_in_latex(f"d{name}"), corner, "gradient", self.badges.get(name), f"d{name}")
        return picture.html(self.alternative())

    # Where things are

    def _place(self, name: str) -> Point:
        column, row = self._places[name]
        return MARGIN + column * self._pitch, self._top + row * ROW

    def _is_arc(self, edge: Edge) -> bool:
        """Whether other nodes stand between the ends."""
        (a, row), (b, other) = self._places[edge.source], self._places[edge.target]
        between = [place for place in self._places.values() if place[1] == row and min(a, b) < place[0] < max(a, b)]
        return row == other and bool(between)

    def _points(self, edge: Edge, aside: float) -> list[Point]:
        """From node to node, `aside` to the left as one goes (on the paper)."""
        (x1, y1), (x2, y2) = self._place(edge.source), self._place(edge.target)
        r1, r2 = (RADIUS[self.graph.kind(name)] + 3 for name in (edge.source, edge.target))
        if self._is_arc(edge):
            x1, x2, high = x1 + 6, x2 - 4, ARC - aside * 2
            return [(x1 + aside, y1 - r1), (x1 + aside, y1 - high), (x2 - aside, y2 - high), (x2 - aside, y2 - r2)]
        length = math.hypot(x2 - x1, y2 - y1)
        cos, sin = (x2 - x1) / length, (y2 - y1) / length
        dx, dy = sin * aside, -cos * aside
        return [(x1 + r1 * cos + dx, y1 + r1 * sin + dy), (x2 - r2 * cos + dx, y2 - r2 * sin + dy)]

    # What stands on the edges

    def _write_derivative(self, picture: Picture, edge: Edge) -> None:
        if not self.derivatives:
            return
        derivation, moments = derivative_on(edge, self.local), self.backs.get(edge)
        source, target = name_in_latex(edge.source), name_in_latex(edge.target)
        name, value = rf"\dfrac{{\partial {target}}}{{\partial {source}}}", ""
        if self.derivatives == "equations":
            name, value = rf"\displaystyle {latex(derivation.start)}", latex(derivation.result)
        (x1, y1), (x2, y2) = self._place(edge.source), self._place(edge.target)
        x, y = (x1 + x2) / 2, (y1 + y2) / 2
        if self._is_arc(edge):
            picture.label(name, (x, y1 - 27), "local over", moments)
        elif self._places[edge.source][0] == self._places[edge.target][0]:
            equation = f"{name} = {value}" if value else name
            outwards = math.copysign(8, y - self._top - ROW)  # away from the labels of the path
            picture.label(equation, (x + 14, y + outwards), "local beside", moments)
        else:
            picture.label(name, (x, y - 31), "local over", moments)
            if value:
                picture.label(rf"\displaystyle = {value}", (x, y + 28), "local under", moments)
