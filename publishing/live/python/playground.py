"""The playground's picture of a training run: one frame after another, for the page to draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy.typing as npt

from publishing.live.python.session import Session


def watch(
    rows: npt.NDArray[Any],
    y: npt.NDArray[Any],
    side: npt.NDArray[Any],
    training: Iterable[tuple[Sequence[float], float, npt.NDArray[Any]]],
    colors: Sequence[str],
) -> None:
    """Show the points (rows, m x 2, with m classes y), then each moment of the training: losses, share that is right,
    regions (k x k).

    `side` has the k coordinates, on both axes, of the places whose classes the regions are; `colors` are the classes'.
    """
    frame = Session.current.frame
    points = [[*place, int(k)] for place, k in zip(rows.tolist(), y, strict=True)]
    frame({"points": points, "reach": float(side[-1]), "colors": list(colors)})
    shown = []
    for losses, right, regions in training:
        shown.append([len(losses), losses[-1]])
        frame({"losses": shown, "right": float(right), "regions": regions.tolist()})
