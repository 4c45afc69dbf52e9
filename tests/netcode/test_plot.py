"""The figures show what they say, and the same run gives the same bytes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex

from netcode.data import spiral
from netcode.errors import InputError, MissingExtraError
from netcode.plot import COLORS, GRID, decision_regions, loss_curve, save_svg, training_figure


def left_or_right(X: Any) -> Any:
    return np.where(X[:, 0] < 0, "left", "right")


def only_axes(figure: Any) -> Any:
    (axes,) = figure.axes
    return axes


def test_the_loss_curve_shows_each_loss_at_its_update() -> None:
    axes = only_axes(loss_curve([3.0, 2.0, 1.5]))
    assert axes.lines[0].get_xydata().tolist() == [[0, 3], [1, 2], [2, 1.5]]
    axes = only_axes(loss_curve([3.0, 2.0], updates=[0, 50]))
    assert axes.lines[0].get_xydata().tolist() == [[0, 3], [50, 2]]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("updates", "loss")


def test_decision_regions_meet_where_the_prediction_changes() -> None:
    X, _ = spiral()
    axes = only_axes(decision_regions(left_or_right, X, left_or_right(X)))
    step = np.diff(axes.get_xlim())[0] / (GRID - 1)
    borders = [c.get_paths()[0].vertices for c in axes.collections if c.get_linewidths()[0] == 0.6]
    assert len(borders) == 2  # each label's own
    for border in borders:
        assert np.abs(border[:, 0]).max() <= step
        assert np.ptp(border[:, 1]) > 0.99 * np.diff(axes.get_ylim())[0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["left", "right"]


def test_each_region_has_the_colour_of_its_label() -> None:
    X, _ = spiral()
    axes = only_axes(decision_regions(left_or_right, X, left_or_right(X)))
    left, right = (c for c in axes.collections if len(c.get_facecolor()) and not len(c.get_offsets()) > 1)
    for region, color, side in [(left, COLORS[0], -1), (right, COLORS[1], 1)]:
        assert to_hex(region.get_facecolor()[0]) == color.lower()
        assert (side * region.get_paths()[0].vertices[:, 0]).mean() > 0.3


def test_every_example_is_drawn_once() -> None:
    X, y = spiral()
    axes = only_axes(decision_regions(lambda rows: np.zeros(len(rows), dtype=int), X, y))
    drawn = [np.asarray(c.get_offsets()) for c in axes.collections if len(c.get_offsets()) > 1]
    assert [len(points) for points in drawn] == [100, 100, 100]
    assert np.array_equal(np.concatenate(drawn), X)


def test_decision_regions_need_two_features() -> None:
    with pytest.raises(InputError, match=r"X has shape \(5, 3\)"):
        decision_regions(left_or_right, np.ones((5, 3)), np.ones(5))


def test_examples_in_one_place_still_get_a_frame() -> None:
    axes = only_axes(decision_regions(left_or_right, np.ones((2, 2)), np.array(["right", "right"])))
    assert axes.get_xlim() == (0, 2)


def test_more_than_two_features_get_the_loss_alone() -> None:
    X, y = spiral()
    assert len(training_figure([1.0, 0.5], [0, 1], left_or_right, X, y).axes) == 2
    assert len(training_figure([1.0, 0.5], [0, 1], left_or_right, np.ones((300, 3)), y).axes) == 1


def test_the_svg_is_well_formed_text_without_a_date(tmp_path: Path) -> None:
    X, y = spiral()
    path = tmp_path / "run.svg"
    save_svg(path, training_figure([1.0, 0.5], [0, 1], left_or_right, X, y), "spiral")
    root = ET.parse(path).getroot()
    texts = {element.text for element in root.iter() if element.tag.endswith("text")}
    assert {"Loss", "Decision regions", "updates", "feature 1"} <= texts
    assert "spiral" in {element.text for element in root.iter() if element.tag.endswith("title")}
    assert not re.search(r"dc:date|20\d\d-\d\d-\d\d", path.read_text())
    assert path.stat().st_size < 300_000
    assert os.listdir(tmp_path) == ["run.svg"]


def test_the_same_figure_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from netcode.data import spiral\n"
        "from netcode.plot import training_figure, save_svg\n"
        "X, y = spiral()\n"
        "save_svg(Path(sys.argv[1]), training_figure([1, 0.5], [0, 1], lambda X: (X[:, 0] > 0) * 1, X, y), 't')\n"
    )
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / f"{seed}.svg")], env=environment, check=True)
    assert (tmp_path / "0.svg").read_bytes() == (tmp_path / "1.svg").read_bytes()


def test_without_matplotlib_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.delitem(sys.modules, "matplotlib.figure", raising=False)
    with pytest.raises(MissingExtraError, match=r"pip install 'checked-backprop\[plot\]'$"):
        loss_curve([1.0])


def test_importing_the_network_does_not_import_what_only_plots_and_command_lines_need() -> None:
    code = "import netcode, netcode.plot, netcode.data, netcode.training.model_file, sys; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"matplotlib", "sklearn", "rich", "sympy", "derivations"} & set(modules)
