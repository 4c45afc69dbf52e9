"""The playground's picture of a training run: one frame after another, for the page to draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netcode.plot import COLORS
from netcode.shapes import Array, Float, Int
from publishing.live.python.session import Session


def watch(
    rows: Float[Array, "m 2"],
    y: Int[Array, " m"],
    side: Float[Array, " k"],
    training: Iterable[tuple[Sequence[float], float, Int[Array, "k k"]]],
) -> None:
    """Show the points (rows, with classes y), then each moment of the training: losses, share that is right, regions.

    `side` has the coordinates, on both axes, of the places whose classes the regions are.
    """
    frame = Session.current.frame
    points = [[*place, int(k)] for place, k in zip(rows.tolist(), y, strict=True)]
    frame({"points": points, "reach": float(side[-1]), "colors": COLORS})
    shown = []
    for losses, right, regions in training:
        shown.append([len(losses), losses[-1]])
        frame({"losses": shown, "right": float(right), "regions": regions.tolist()})
