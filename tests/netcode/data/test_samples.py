"""The data that need no file."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from netcode.data import clusters, digits, moons, rings, spiral
from netcode.errors import InputError, MissingExtraError


def test_spiral_follows_its_formula() -> None:
    X, y = spiral(noise=0.0)
    assert X.shape == (300, 2)
    assert X.dtype == np.float64
    assert y.tolist() == [0] * 100 + [1] * 100 + [2] * 100
    for j, i in [(0, 0), (0, 57), (1, 1), (1, 99), (2, 50)]:
        r, t = i / 99, 4 * j + 4 * i / 99
        np.testing.assert_allclose(X[100 * j + i], [r * np.sin(t), r * np.cos(t)], rtol=0, atol=1e-15)


def test_spiral_noise_turns_each_point_by_a_normal_angle() -> None:
    points = 20_000
    X, _ = spiral(points, classes=1, noise=0.2, seed=3)
    r, angle = np.linspace(0, 1, points), np.linspace(0, 4, points)
    np.testing.assert_allclose(np.hypot(*X.T), r, rtol=1e-14)
    turned = (np.arctan2(X[:, 0], X[:, 1]) - angle + np.pi) % (2 * np.pi) - np.pi
    assert abs(turned[1:].mean()) < 5 * 0.2 / points**0.5
    assert abs(turned[1:].std() - 0.2) < 5 * 0.2 / (2 * points) ** 0.5


def test_spiral_arms_meet_at_the_origin_for_every_seed() -> None:
    for seed in range(20):
        X, y = spiral(seed=seed)
        assert y[(X == 0).all(axis=1)].tolist() == [0, 1, 2]


def test_spiral_depends_on_its_seed_alone() -> None:
    assert np.array_equal(spiral(seed=5)[0], spiral(seed=5)[0])
    assert not np.array_equal(spiral(seed=5)[0], spiral(seed=6)[0])
    code = "from netcode.data import spiral; print(spiral()[0].tobytes().hex())"
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1")
    }
    assert len(printed) == 1


def test_rings_are_as_far_from_the_origin_as_their_class_says() -> None:
    X, y = rings(points_per_class=40, classes=4, noise=0.0, seed=2)
    np.testing.assert_allclose(np.hypot(*X.T), (y + 1) / 4, rtol=1e-14)
    assert X[y == 0].min() < 0 < X[y == 0].max()


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_moons_reach_into_their_neighbours_and_fill_the_width(classes: int) -> None:
    X, y = moons(points_per_class=101, classes=classes, noise=0.0)
    assert X[:, 0].min() == pytest.approx(-1)
    assert X[:, 0].max() == pytest.approx(1)
    for one, other in zip(range(classes - 1), range(1, classes), strict=True):
        assert X[y == one, 0].max() > X[y == other, 0].min()
        assert np.hypot(*(X[y == one][:, np.newaxis] - X[y == other]).T).min() > 0.2 / classes


def test_clusters_have_their_centres_on_a_circle_and_the_noise_as_their_size() -> None:
    X, y = clusters(points_per_class=10_000, classes=3, noise=0.4, seed=1)
    for k in range(3):
        centre = 0.7 * np.array([np.sin(2 * np.pi * k / 3), np.cos(2 * np.pi * k / 3)])
        assert np.abs(X[y == k].mean(axis=0) - centre).max() < 5 * 0.2 / 100
        assert np.abs(X[y == k].std(axis=0) - 0.2).max() < 5 * 0.2 / 100


@pytest.mark.parametrize("sample", [clusters, moons, rings, spiral])
def test_as_many_points_of_each_class_as_are_asked_for_by_the_seed_alone(sample: Any) -> None:
    X, y = sample(25, 4, 0.1, 3)
    assert X.shape == (100, 2)
    assert np.bincount(y).tolist() == [25] * 4
    assert np.array_equal(X, sample(25, 4, 0.1, 3)[0])
    assert not np.array_equal(X, sample(25, 4, 0.1, 4)[0])


@pytest.mark.parametrize("sample", [clusters, moons, rings, spiral])
@pytest.mark.parametrize("wrong", [{"points_per_class": 0}, {"classes": 0}, {"noise": -0.1}, {"noise": float("nan")}])
def test_samples_refuse_senseless_sizes(sample: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="expected at least 1"):
        sample(**wrong)


def test_digits() -> None:
    X, y = digits()
    assert X.shape == (1797, 64)
    assert X.min() == 0
    assert X.max() == 1
    assert np.array_equal(X * 16, np.rint(X * 16))
    assert np.array_equal(np.unique(y), np.arange(10))


def test_digits_without_scikit_learn_name_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.delitem(sys.modules, "sklearn.datasets", raising=False)
    with pytest.raises(MissingExtraError, match=r"pip install 'checked-backprop\[digits\]'$"):
        digits()
