"""Matplotlib's backend: plt.show() shows each open figure in the page, and closes it, as a notebook does."""

from __future__ import annotations

import io
from typing import Any

from matplotlib import pyplot
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from publishing.live.python.session import display

__all__ = ["FigureCanvas", "show_all", "svg"]


def show_all() -> None:
    """Show the open figures in the order in which they were made."""
    for number in pyplot.get_fignums():
        display(pyplot.figure(number))
        pyplot.close(number)


def svg(value: object) -> str | None:
    """A figure as the pages have it: cut to what is drawn. None for anything else."""
    if not isinstance(value, Figure):
        return None
    file = io.StringIO()
    value.savefig(file, format="svg", facecolor=value.get_facecolor(), bbox_inches="tight")
    return file.getvalue()


class _Manager(FigureManagerBase):
    @classmethod
    def pyplot_show(cls, *, block: bool | None = None) -> None:
        show_all()


class FigureCanvas(FigureCanvasSVG):
    manager_class: Any = _Manager
