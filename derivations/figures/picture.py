"""Lines, nodes and labels, as SVG for what is drawn and HTML over it for what is typeset."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Moments", "Picture", "Point", "inline_formula"]

Point = tuple[float, float]

HEAD = 9.0  # the length of an arrow's head
LETTER = 14.0  # the height of the labels' font; all lengths are in pixels of a drawing that is not scaled


@dataclass(frozen=True)
class Moments:
    """When a part is shown in a walk: from which step on, and at which steps it is active, as the how-manieth part."""

    since: int = 0
    active: Mapping[int, int] = field(default_factory=dict)

    def attributes(self) -> str:
        active = " ".join(f"{step}:{mark}" for step, mark in self.active.items())
        return f' data-since="{self.since}"' + (f' data-active="{active}"' if active else "")


def inline_formula(latex: str) -> str:
    """LaTeX, marked to be typeset with the page."""
    return rf'<span class="arithmatex">\({html.escape(latex, quote=False)}\)</span>'


class Picture:
    """A drawing in the making, `width` by `height`."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._lines: list[str] = []
        self._shapes: list[str] = []
        self._labels: list[str] = []

    def arrow(self, points: list[Point], kind: str, moments: Moments | None = None, name: str = "") -> None:
        """An arrow along two points, or along four as a Bézier curve. What has a name can be lit by it in a page."""
        (x1, y1), (x2, y2) = points[-2:]
        length = math.hypot(x2 - x1, y2 - y1)
        along, across = ((x2 - x1) / length, (y2 - y1) / length), ((y1 - y2) / length, (x2 - x1) / length)
        back = (x2 - HEAD * along[0], y2 - HEAD * along[1])
        sides = [(back[0] + s * 0.45 * HEAD * across[0], back[1] + s * 0.45 * HEAD * across[1]) for s in (1, -1)]
        letter = "L" if len(points) == 2 else "C"
        line = f"M{_at(points[0])}{letter}{' '.join(map(_at, [*points[1:-1], back]))}"
        head = f"M{_at(points[-1])}L{_at(sides[0])}L{_at(sides[1])}Z"
        timed = _attributes(moments, name)
        self._lines.append(f'<g class="{kind}"{timed}><path d="{line}"/><path class="head" d="{head}"/></g>')

    def node(self, place: Point, radius: float, kind: str, moments: Moments | None = None, name: str = "") -> None:
        """A circle for what is computed, a square for what is learned, a rounded one for what is given."""
        x, y = place
        timed = _attributes(moments, name)
        if kind.startswith("computed"):
            shape = f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}"'
        else:
            corner = "" if kind.startswith("parameter") else f' rx="{radius / 2:g}"'
            side = f'width="{2 * radius:g}" height="{2 * radius:g}"'
            shape = f'<rect x="{x - radius:g}" y="{y - radius:g}" {side}{corner}'
        self._shapes.append(f'{shape} class="node {kind}"{timed}/>')

    def label(self, latex: str, place: Point, kind: str, moments: Moments | None = None, name: str = "") -> None:
        """A formula with its middle at a place (of kind "beside": with the middle of its left side there).

        Kinds "over" and "under" say on which side of an edge it is, for a drawing that is turned upright.
        """
        style = f"left:{100 * place[0] / self.width:.4g}%;top:{100 * place[1] / self.height:.4g}%"
        timed = _attributes(moments, name)
        self._labels.append(f'<span class="label {kind}" style="{style}"{timed}>{inline_formula(latex)}</span>')

    def html(self, alternative: str) -> str:
        """The drawing, as wide as there is room; on a phone a style sheet turns it upright, and each label back."""
        size = f"{self.width:g} {self.height:g}"
        label = html.escape(alternative)
        return (
            f'<div class="graph-room" role="group" aria-label="Drawing" tabindex="0">'
            f'<div class="graph-sheet" style="--width:{self.width:g};--height:{self.height:g};--letter:{LETTER:g};'
            f'aspect-ratio:{self.width:g}/{self.height:g}">'
            f'<svg viewBox="0 0 {size}" role="img" aria-label="{label}">'
            + "".join([*self._lines, *self._shapes])
            + f'</svg><div aria-hidden="true">{"".join(self._labels)}</div></div></div>'
        )


def _attributes(moments: Moments | None, name: str) -> str:
    return (moments.attributes() if moments else "") + (f' data-q="{name}"' if name else "")


def _at(point: Point) -> str:
    return f"{point[0]:.4g} {point[1]:.4g}"
