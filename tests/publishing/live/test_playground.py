"""What the playground's page draws: the data are those of Python, and each moment comes as it is."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

from netcode.plot import COLORS
from publishing.live.python.playground import watch
from publishing.live.python.session import Session
from tests.publishing.conftest import ROOT

PAGE = ROOT / "docs" / "playground.py"


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    """The names that the page's cells define, but for its figure."""
    source, _, _ = PAGE.read_text(encoding="utf-8").partition("import matplotlib")
    names: dict[str, Any] = {}
    exec(source, names)
    return names


def frames(rows: Any, y: Any, side: Any, training: Any) -> list[dict[str, Any]]:
    shown: list[tuple[str, str]] = []
    Session.current = Session(lambda kind, text: shown.append((kind, text)), "../")
    watch(rows, y, side, training, COLORS)
    assert {kind for kind, _ in shown} == {"frame"}
    return [json.loads(text) for _, text in shown]


def test_a_frame_for_the_points_and_one_for_each_moment(page: dict[str, Any]) -> None:
    network = {**page["network"], "updates": 200}
    points, *moments = frames(page["rows"], page["y"], page["SIDE"], page["train"](page["X"], page["Y"], **network))
    assert np.array(points["points"]).shape == (300, 3)
    assert points["reach"] == page["SIDE"][-1]
    assert points["colors"] == list(COLORS)
    counts = [moment["losses"][-1][0] for moment in moments]
    assert counts == sorted(set(counts))
    assert counts[0] == 1
    assert counts[-1] == 200
    assert [len(moment["losses"]) for moment in moments] == list(range(1, len(moments) + 1))
    assert moments[-1]["losses"][-1][1] < moments[0]["losses"][0][1]
    assert moments[-1]["right"] > 0.9
    assert set(np.unique(moments[-1]["regions"])) == {0, 1, 2}


def test_the_regions_are_what_the_network_says_of_each_place(page: dict[str, Any]) -> None:
    """The first row is the lowest, the first column the leftmost."""
    clusters = page["examples"]("clusters", 2, 50, 0.01, 0)  # above and below the middle
    X, Y = clusters[0].T, np.eye(2)[:, clusters[1]]
    *_, (_, right, regions) = page["train"](X, Y, h=10, learning_rate=1.0, lam=0.0, updates=300, seed=0)
    assert right == 1
    assert (regions[-1] == 0).all()
    assert (regions[0] == 1).all()


@pytest.mark.parametrize("kind", ["spiral", "rings", "clusters"])
def test_as_many_points_of_each_class_as_are_asked_for(page: dict[str, Any], kind: str) -> None:
    rows, y = page["examples"](kind, 4, 25, 0.1, 3)
    assert rows.shape == (100, 2)
    assert np.bincount(y).tolist() == [25] * 4
    assert np.array_equal(rows, page["examples"](kind, 4, 25, 0.1, 3)[0])


def test_each_setting_has_a_control(page: dict[str, Any]) -> None:
    script = (ROOT / "publishing" / "live" / "browser" / "playground.js").read_text(encoding="utf-8")
    controls = re.findall(r"^  (\w+): \{ label:", script, flags=re.MULTILINE)
    assert controls == list(page["settings"])
