"""Figures of a training run: the loss, and for two features the regions of the plane that get each label.

The functions return Matplotlib figures, so that pages and scripts can use them alike. No window or global state is
involved. Colours and markers both tell the classes apart.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netcode.errors import InputError, optional_dependency
from netcode.files import atomic_write
from netcode.shapes import Array, Float

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Told apart with every kind of colour vision: Okabe and Ito, "Color Universal Design" (2008), without black.
COLORS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
MARKERS = "os^Dv*P"
GRID = 300  # points along each side of the plane where the label is asked for

Predict = Callable[[Float[Array, "m 2"]], NDArray[Any]]


def figure(columns: int = 1) -> Figure:
    """An empty figure with room for so many plots side by side. Raises MissingExtraError without Matplotlib."""
    with optional_dependency("plot", "plots"):
        from matplotlib.figure import Figure
    return Figure(figsize=(5 * columns, 4.4), layout="constrained")


def loss_curve(losses: ArrayLike, updates: ArrayLike | None = None, axes: Axes | None = None) -> Figure:
    """The loss against the number of updates before it (0, 1, 2, ... unless told). Drawn into `axes`, if given."""
    losses = np.asarray(losses)
    axes = axes or figure().add_subplot()
    axes.plot(np.arange(len(losses)) if updates is None else updates, losses, color=COLORS[0])
    axes.set(title="Loss", xlabel="updates", ylabel="loss")
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    return _figure_of(axes)


def decision_regions(predict: Predict, X: Float[Array, "m n"], y: NDArray[Any], axes: Axes | None = None) -> Figure:
    """The label that `predict` (rows to labels) gives to each place around the examples X (m, 2) with labels y (m,).

    Drawn into `axes`, if given. Raises InputError for other than two features.
    """
    if X.ndim != 2 or X.shape[1] != 2:
        raise InputError(f"X has shape {X.shape}; decision regions are drawn for two features")
    axes = axes or figure().add_subplot()
    (left, bottom), (right, top) = _frame(X)
    x1, x2 = np.meshgrid(np.linspace(left, right, GRID), np.linspace(bottom, top, GRID))
    regions = predict(np.column_stack((x1.ravel(), x2.ravel()))).reshape(x1.shape)
    classes = np.unique(y)
    for k, label in enumerate(classes):
        color, marker = COLORS[k % len(COLORS)], MARKERS[k % len(MARKERS)]
        inside = (regions == label).astype(float)
        if inside.any():
            axes.contourf(x1, x2, inside, levels=(0.5, 1.5), colors=[color], alpha=0.3)
        if inside.any() and not inside.all():
            axes.contour(x1, x2, inside, levels=(0.5,), colors="black", linewidths=0.6)
        points = X[y == label]
        axes.scatter(
            points[:, 0],
            points[:, 1],
            s=16,
            color=color,
            marker=marker,
            edgecolors="black",
            linewidths=0.4,
            label=str(label),
        )
    axes.set(title="Decision regions", xlabel="feature 1", ylabel="feature 2", xlim=(left, right), ylim=(bottom, top))
    if len(classes) <= 10:
        axes.legend(title="label", loc="upper right")
    return _figure_of(axes)


def training_figure(
    losses: ArrayLike, updates: ArrayLike, predict: Predict, X: Float[Array, "m n"], y: NDArray[Any]
) -> Figure:
    """The loss curve, and beside it the decision regions if there are two features."""
    columns = 2 if X.shape[1] == 2 else 1
    drawn = figure(columns)
    loss_curve(losses, updates, drawn.add_subplot(1, columns, 1))
    if columns == 2:
        decision_regions(predict, X, y, drawn.add_subplot(1, columns, 2))
    return drawn


def save_svg(path: Path, drawn: Figure, title: str) -> None:
    """Write a figure as SVG with text as text, in one step or not at all; the same figure always gives the same bytes.

    Raises OSError if it can't be written.
    """
    import matplotlib

    with (
        matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "checked-backprop"}),
        atomic_write(path) as file,
    ):
        drawn.savefig(file, format="svg", metadata={"Date": None, "Title": title})


def _frame(X: Float[Array, "m n"]) -> tuple[Float[Array, " 2"], Float[Array, " 2"]]:
    """The corners of a frame around the examples, with some air."""
    low, high = X.min(axis=0), X.max(axis=0)
    air = np.where(high > low, 0.08 * (high - low), 1.0)
    return low - air, high + air


def _figure_of(axes: Axes) -> Figure:
    drawn = axes.get_figure(root=True)
    assert drawn is not None
    return drawn
