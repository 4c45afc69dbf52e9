"""The data that need no file."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from netcode.data import digits, spiral
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


@pytest.mark.parametrize("wrong", [{"points_per_class": 0}, {"classes": 0}, {"noise": -0.1}, {"noise": float("nan")}])
def test_spiral_refuses_senseless_sizes(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="expected at least 1"):
        spiral(**wrong)


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
