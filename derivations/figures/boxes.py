"""A network of single numbers, each in a box with its gradient below, for a page where weights are moved.

The boxes' names are those of the numbers: x1, v12 (a weight of layer 1), z1, a1, w12 (a weight of layer 2), s1, p1, L.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping

__all__ = ["Boxes"]

COLUMNS = ("x", "v", "z", "a", "w", "s", "p", "L")  # from left to right, or from the top down
QUANTITIES = {"x": "X", "v": "W1", "z": "Z1", "a": "A1", "w": "W2", "s": "Z2", "p": "P", "L": "L"}
WEIGHTS = ("v", "w")
WIDTH, HEIGHT = 90, 60  # of a box
ALONG, ACROSS = 121, 74  # from one column, and from one weight, to the next
LONG, SHORT = 952, 330

Point = tuple[float, float]


class Boxes:
    """Two inputs, two hidden units and two classes, for one example of the class `right` (from 0).

    values, gradients   the numbers by the names of their boxes, all of them
    """

    def __init__(self, values: Mapping[str, float], gradients: Mapping[str, float], right: int) -> None:
        self.values, self.gradients, self.right = dict(values), dict(gradients), right
        self.names = [name for column in COLUMNS for name in _names(column)]
        if missing := [name for name in self.names if name not in self.values or name not in self.gradients]:
            raise ValueError(f"{missing[0]} has no value or no gradient")

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {self.values[name]:.2f}, {self.gradients[name]:.3f}" for name in self.names)

    def _repr_html_(self) -> str:
        given = {name: self.values[name] for name in self.names if name[0] in ("x", *WEIGHTS)}
        start = html.escape(json.dumps({**given, "right": self.right}))
        return (
            f'<number-network data-start="{start}"><figure class="boxes" data-search-exclude>'
            f"{self._drawing('lying')}{self._drawing('upright')}</figure></number-network>"
        )

    def _drawing(self, kind: str) -> str:
        places = {name: _place(name, kind) for name in self.names}
        width, height = (LONG, SHORT) if kind == "lying" else (344, 34 + 78 * (len(COLUMNS) - 1) + 34)
        wires = "".join(_wire(start, end, places, kind) for start, end in _edges())
        boxes = "".join(self._box(name, places[name], kind) for name in self.names)
        said = "; ".join(f"{_said(name)} {_number(self.values[name], 2)}" for name in self.names)
        label = html.escape(f"A network in numbers: {said}. Below each value is its gradient.")
        return (
            f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="group" aria-label="{label}">{wires}{boxes}</svg>'
        )

    def _box(self, name: str, place: Point, kind: str) -> str:
        x, y = place
        width, height = (WIDTH, HEIGHT) if kind == "lying" else (81, 56)
        left, top, right = x - width / 2, y - height / 2, x + width / 2 - 7
        weight = name[0] in WEIGHTS
        shut = name[0] in "za" and self.values[f"z{name[1:]}"] <= 0
        classes = " ".join(["number", *(["weight"] if weight else []), *(["shut"] if shut else [])])
        role = 'role="button" tabindex="0" aria-pressed="false"' if weight else 'role="img"'
        value, slope = _number(self.values[name], 2), _number(self.gradients[name], 3)
        # Whoever steers by voice says what is seen, so it comes first, and in the order in which it is drawn.
        said = html.escape(f"{_letter(name)}{name[1:]}, {value}, {slope}: {_meaning(name)}")
        letter = f'{_letter(name)}<tspan dy="3">{name[1:]}</tspan>'
        return (
            f'<g class="{classes}" data-id="{name}" data-q="{QUANTITIES[name[0]]}" {role} aria-label="{said}">'
            f'<rect x="{left:g}" y="{top:g}" width="{width}" height="{height}" rx="{2 if weight else 9}"/>'
            f'<path class="split" d="M{left:g} {y + 3:g}h{width}"/>'
            f'<text x="{left + 7:g}" y="{top + 20:g}" class="name">{letter}</text> '
            f'<text x="{right:g}" y="{top + 21:g}" class="value">{value}</text> '
            f'<text x="{right:g}" y="{top + height - 8:g}" class="slope">{slope}</text></g>'
        )


def _names(column: str) -> list[str]:
    if column in WEIGHTS:
        return [f"{column}{i}{j}" for i in (1, 2) for j in (1, 2)]
    return [column] if column == "L" else [f"{column}1", f"{column}2"]


def _letter(name: str) -> str:
    """Both layers' weights are called w; the boxes' names must differ."""
    return "w" if name[0] == "v" else name[0]


def _said(name: str) -> str:
    return f"{_letter(name)}{name[1:]}" + {"v": " of layer 1", "w": " of layer 2"}.get(name[0], "")


def _meaning(name: str) -> str:
    return {"v": "weight of layer 1, ", "w": "weight of layer 2, "}.get(name[0], "") + "value and gradient"


def _place(name: str, kind: str) -> Point:
    column, row = COLUMNS.index(name[0]), _names(name[0]).index(name)
    across = {1: [165], 2: [91, 239], 4: [54, 54 + ACROSS, 54 + 2 * ACROSS, 54 + 3 * ACROSS]}[len(_names(name[0]))][row]
    if kind == "lying":
        return 56 + column * ALONG, across
    return 44 + (across - 54) * 1.153, 34 + column * 78


def _edges() -> list[tuple[str, str]]:
    edges = [("p1", "L"), ("p2", "L")]
    for i in (1, 2):
        edges += [(f"z{i}", f"a{i}"), (f"s{i}", "p1"), (f"s{i}", "p2")]
        for j in (1, 2):
            edges += [(f"x{j}", f"v{i}{j}"), (f"v{i}{j}", f"z{i}"), (f"a{j}", f"w{i}{j}"), (f"w{i}{j}", f"s{i}")]
    return edges


def _wire(start: str, end: str, places: Mapping[str, Point], kind: str) -> str:
    (x1, y1), (x2, y2) = places[start], places[end]
    if kind == "lying":
        x1, x2 = x1 + WIDTH / 2, x2 - WIDTH / 2
        path = f"M{x1:g} {y1:g}C{(x1 + x2) / 2:g} {y1:g} {(x1 + x2) / 2:g} {y2:g} {x2:g} {y2:g}"
    else:
        y1, y2 = y1 + 28, y2 - 28
        path = f"M{x1:g} {y1:g}C{x1:g} {(y1 + y2) / 2:g} {x2:g} {(y1 + y2) / 2:g} {x2:g} {y2:g}"
    return f'<path class="wire" data-from="{start}" data-to="{end}" d="{path}"/>'


def _number(value: float, digits: int) -> str:
    """As the page's script writes it: with a true minus, and never minus zero."""
    written = f"{value:.{digits}f}"
    return (f"{0:.{digits}f}" if float(written) == 0 else written).replace("-", "−")
