"""The playground's picture, as it was built: the points lie in the regions that the network gives them, y upward."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from netcode import data, deep_network
from netcode.training.observed_training import ObservedTraining

PATH = re.compile(r'<path d="([^"]*)" fill="(#\w+)"/>')
STRETCH = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z")
NEAR = 3  # units of the drawing: a place is two of them wide, and a point is rounded to one
POINT = re.compile(r"M(\d+) (\d+)m")


class Picture(NamedTuple):
    settings: dict[str, Any]
    reach: float
    regions: NDArray[np.int64]
    """The class of each unit of the drawing, by its row from the top and its column; -1 where none is drawn."""
    points: list[list[tuple[int, int]]]
    """The places of each class's points: how far to the right, how far down."""


@pytest.fixture(scope="module")
def picture(site: Path) -> Picture:
    page = (site / "playground" / "index.html").read_text(encoding="utf-8")
    attribute = re.search(r'<training-playground data-about="([^"]*)">', page)
    drawing = re.search(
        r'viewBox="0 0 (\d+) \d+" role="img" [^>]*><g class="regions">(.*?)</g><g class="points">(.*?)</g></svg>', page
    )
    assert attribute is not None
    assert drawing is not None
    about = json.loads(html.unescape(attribute[1]))
    regions = np.full((int(drawing[1]), int(drawing[1])), -1)
    points: list[list[tuple[int, int]]] = [[] for _ in range(about["settings"]["classes"])]
    for path, colour in PATH.findall(drawing[2]):
        for x, y, width, height in (tuple(map(int, found)) for found in STRETCH.findall(path)):
            assert (regions[y : y + height, x : x + width] == -1).all()  # no place is drawn twice
            regions[y : y + height, x : x + width] = about["colors"].index(colour)
    for path, colour in PATH.findall(drawing[3]):
        points[about["colors"].index(colour)] += [(int(x), int(y)) for x, y in POINT.findall(path)]
    return Picture(about["settings"], about["reach"], regions, points)


def test_every_place_of_the_plane_has_a_class(picture: Picture) -> None:
    assert set(np.unique(picture.regions)) == {0, 1, 2}


def test_each_point_is_drawn_where_it_is_with_y_upward(picture: Picture) -> None:
    rows, y = _rows(picture)
    side = len(picture.regions)
    for k, places in enumerate(picture.points):
        right, down = np.array(places).T
        back = np.stack([right / (side / 2) - 1, 1 - down / (side / 2)], axis=1) * picture.reach
        assert np.abs(back - rows[y == k]).max() <= picture.reach / side + 1e-9  # half a unit of the drawing


def test_a_point_that_the_network_gets_right_lies_in_its_class_s_region(picture: Picture) -> None:
    """The drawing has steps: a point so near to a border that both sides are around it may be on the other one."""
    rows, y = _rows(picture)
    chosen = {name: picture.settings[name] for name in ("hidden", "learning_rate", "lam", "updates", "seed")}
    training = ObservedTraining(rows, y, **chosen)
    training.advance(picture.settings["updates"])
    right = deep_network.forward(rows.T, training.parameters).P.argmax(axis=0) == y
    assert 0.9 < np.mean(right) < 1
    judged = 0
    for k, places in enumerate(picture.points):
        for (x, down), is_right in zip(places, right[y == k], strict=True):
            around = np.unique(picture.regions[down - NEAR : down + NEAR + 1, x - NEAR : x + NEAR + 1])
            if is_right and len(around) == 1:
                assert around[0] == k, f"the point at {x}, {down}"
                judged += 1
    assert judged > len(y) / 2


def _rows(picture: Picture) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    settings = picture.settings
    sample = getattr(data, settings["data"])
    rows, y = sample(*(settings[name] for name in ("points", "classes", "noise", "seed")))
    return rows, y
