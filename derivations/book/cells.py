"""The cells of a notebook that was never executed: words, and outputs."""

from __future__ import annotations

from typing import Any

__all__ = ["Cell", "notebook", "shown", "words"]

Cell = dict[str, Any]


def notebook(title: str, description: str, cells: list[Cell]) -> Cell:
    """The notebook, with what a search engine is told of its page."""
    about = {"title": title, "description": description}
    return {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}


def words(markdown: str, choice: str = "") -> Cell:
    """A cell of Markdown; `choice` is its name among neighbours of which a reader wants one."""
    return {"cell_type": "markdown", "metadata": {"choice": choice} if choice else {}, "source": markdown}


def shown(data: dict[str, Any], fold: str = "") -> Cell:
    """A cell of which the output alone is shown; `fold` is said of it while it is folded away."""
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    metadata = {"tags": ["remove-input"], **({"fold": fold} if fold else {})}
    return {"cell_type": "code", "execution_count": None, "metadata": metadata, "source": "...", "outputs": [output]}
