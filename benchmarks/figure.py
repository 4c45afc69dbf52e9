"""A table's numbers as bars."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.tables import in_words

__all__ = ["bars"]

WIDE = 50
"""From this ratio of the largest to the smallest on, lengths are logarithms."""


def bars(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> tuple[str, str]:
    """An SVG with a bar for each number in these columns (keys, and their headings), and what it shows in words.

    A row is called by its texts; one that has no number is left out.
    """
    from matplotlib.figure import Figure  # not where only a terminal is wanted

    found = [
        (", ".join(text for text in row.values() if isinstance(text, str)), heading, float(row[key]))
        for row in rows
        for key, heading in columns.items()
        if isinstance(row.get(key), (int, float))
    ]
    labels = [f"{name}, {heading}" if len(columns) > 1 else name for name, heading, _ in found]
    values = [value for *_, value in found]
    drawing = Figure(figsize=(7, 0.6 + 0.3 * len(found)), layout="constrained")
    axes = drawing.subplots()
    colours = [f"C{list(columns.values()).index(heading)}" for _, heading, _ in found]
    axes.barh(labels, values, color=colours, height=0.6)
    axes.invert_yaxis()
    if min(values) > 0 and max(values) / min(values) > WIDE:
        axes.set_xscale("log")
    for place, value in enumerate(values):
        axes.annotate(in_words(value), (value, place), xytext=(4, 0), textcoords="offset points", va="center")
    axes.margins(x=0.15)
    axes.set_xlabel(next(iter(columns.values())) if len(columns) == 1 else "")
    svg = io.StringIO()
    drawing.savefig(svg, format="svg", metadata={"Date": None})
    listed = "; ".join(f"{label}: {in_words(value)}" for label, value in zip(labels, values, strict=True))
    return svg.getvalue(), f"Bars. {listed}."
