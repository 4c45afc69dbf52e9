"""A table's numbers as bars."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from benchmarks.tables import in_words

__all__ = ["bars"]

WIDE = 50
"""From this ratio of the largest to the smallest on, lengths are logarithms."""


class Bar(NamedTuple):
    """A number with its label, in a panel with others; `column` counts the columns."""

    panel: str
    label: str
    value: float
    column: int


def bars(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> tuple[str, str]:
    """An SVG with a bar for each number in these columns (keys, and their headings), and what it shows in words.

    A row is called by its text, in a panel for each of the texts before it, if there are two. One that has no number is
    left out.
    """
    from matplotlib.figure import Figure  # not where only a terminal is wanted

    found = [
        _bar(row, key, heading if len(columns) > 1 else "", number)
        for row in rows
        for number, (key, heading) in enumerate(columns.items())
        if isinstance(row.get(key), (int, float))
    ]
    panels = {panel: list(group) for panel, group in groupby(found, lambda bar: bar.panel)}
    heights = [len(panel) for panel in panels.values()]
    drawing = Figure(figsize=(7, 0.3 * len(found) + 0.7 * len(panels)), layout="constrained")
    places = drawing.subplots(len(panels), squeeze=False, gridspec_kw={"height_ratios": heights})[:, 0]
    for axes, (panel, group) in zip(places, panels.items(), strict=True):
        _draw(axes, panel, group)
    if len(columns) == 1:
        places[-1].set_xlabel(next(iter(columns.values())))
    svg = io.StringIO()
    drawing.savefig(svg, format="svg", metadata={"Date": None})
    listed = "; ".join(f"{', '.join(filter(None, (bar.panel, bar.label)))}: {in_words(bar.value)}" for bar in found)
    return svg.getvalue(), f"Bars. {listed}."


def _bar(row: Mapping[str, Any], key: str, heading: str, column: int) -> Bar:
    *panel, label = [text for text in row.values() if isinstance(text, str)]
    return Bar(", ".join(panel), ", ".join(filter(None, (label, heading))), float(row[key]), column)


def _draw(axes: Any, title: str, group: Sequence[Bar]) -> None:
    values = [bar.value for bar in group]
    axes.barh([bar.label for bar in group], values, color=[f"C{bar.column}" for bar in group], height=0.6)
    axes.invert_yaxis()
    axes.set_title(title, fontsize=10, loc="left")
    if min(values) > 0 and max(values) / min(values) > WIDE:
        axes.set_xscale("log")
    for place, value in enumerate(values):
        axes.annotate(in_words(value), (value, place), xytext=(4, 0), textcoords="offset points", va="center")
    axes.margins(x=0.15)
