"""Training on Dask arrays is training: the same weights in blocks, on workers, and when a worker is killed.

Everything listens on 127.0.0.1 only, and ends in bounded time.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from netcode import Classifier, GradientDescent, one_hot
from netcode.data import spiral
from netcode.deep_network import backward, forward, initialize
from netcode.errors import InputError
from netcode.gradients.rounding import EPSILON, rounding_scale
from netcode.parameters import Parameters
from netcode.training import dask_descent
from netcode.training.dask_descent import DaskDescent

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")
distributed = pytest.importorskip("distributed")

pytestmark = [
    pytest.mark.usefixtures("unchecked_shapes"),
    pytest.mark.filterwarnings(
        "ignore::ResourceWarning",
        "ignore::pytest.PytestUnraisableExceptionWarning",
        r"ignore:\s*Port \d+ is already in use",
    ),
]

ROWS, LABELS = spiral()
START = initialize((2, 10, 7, 3), seed=0)


def in_blocks(sizes: tuple[int, ...], learning_rate: float = 0.5, lam: float = 1e-3, updates: int = 1) -> DaskDescent:
    X, indices = da.from_array(ROWS, chunks=(sizes, 2)), da.from_array(LABELS, chunks=(sizes,))
    return DaskDescent(X, indices, START, learning_rate=learning_rate, lam=lam, updates=updates)


def on_one_machine(updates: int) -> Parameters:
    descent = GradientDescent(ROWS.T, one_hot(LABELS, 3), START, learning_rate=0.5, lam=1e-3, updates=updates)
    list(descent)
    return descent.parameters


@pytest.mark.parametrize("sizes", [(300,), (100, 100, 100), (1, 37, 262), (299, 1), (20,) * 15])
def test_one_gradient_of_all_blocks_is_the_gradient(sizes: tuple[int, ...]) -> None:
    """Each entry within 8 epsilon of its formula with absolute values; the penalty is counted once."""
    X, Y, lam = ROWS.T, one_hot(LABELS, 3), 0.3
    expected = backward(X, Y, START, forward(X, START), lam).gradient
    descent = in_blocks(sizes, learning_rate=1.0, lam=lam)
    list(descent)
    scale = rounding_scale(X, Y, START, lam).flat + np.abs(START.flat)
    assert (np.abs(START.flat - descent.parameters.flat - expected.flat) <= 8 * EPSILON * scale).all()


def test_the_weights_after_200_updates() -> None:
    descent = in_blocks((70, 70, 70, 90), updates=200)
    losses = list(descent)
    assert np.abs(descent.parameters.flat - on_one_machine(200).flat).max() <= 1e-10
    assert len(losses) == 200
    assert losses[-1] < losses[0]


def test_the_classifier_takes_dask_arrays() -> None:
    names = np.array(["left", "right", "up"])[LABELS]
    X, y = da.from_array(ROWS, chunks=(80, 1)), da.from_array(names, chunks=130)
    settings: dict[str, Any] = {"hidden": (10, 7), "updates": 30, "learning_rate": 0.5}
    one, other = Classifier(**settings).fit(ROWS, names), Classifier(**settings).fit(X, y)
    assert other.classes_.tolist() == ["left", "right", "up"]
    assert np.abs(one.parameters_.flat - other.parameters_.flat).max() <= 1e-12
    assert np.array_equal(one.predict(ROWS), other.predict(X))
    assert Classifier(**settings).fit(X, names).loss_curve_ == other.loss_curve_


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (da.zeros((6, 2), chunks=3), [0, 1, 0], r"y has the shape \(3,\); expected \(6,\), a label for each example"),
        (da.zeros(6, chunks=3), [0] * 6, r"X has the shape \(6,\); expected \(examples, features\)"),
        (da.full((6, 2), np.nan, chunks=3), [0, 1] * 3, "X holds NaN or infinity; expected finite numbers"),
        (da.zeros((6, 2), chunks=3), [1] * 6, "y has one class only, 1; expected at least two"),
        (da.zeros((6, 2), chunks=3), [0.5] * 6, "X is float64, y is float64; expected real numbers, and integers"),
    ],
)
def test_blocks_that_make_no_sense(X: Any, y: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Classifier(updates=1).fit(X, y)


def test_a_training_that_diverges_says_so_and_keeps_finite_weights() -> None:
    descent = in_blocks((150, 150), learning_rate=1e9, updates=50)
    with pytest.raises(InputError, match="training diverged: the loss is"):
        list(descent)


@pytest.fixture
def cluster() -> Iterator[Any]:
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, memory_limit="512MB"
        ) as cluster,
        distributed.Client(cluster),
    ):
        yield cluster


def kill(workers: Any) -> None:
    for worker in workers:
        os.kill(worker.pid, signal.SIGKILL)


def test_a_worker_that_is_killed_changes_nothing(cluster: Any) -> None:
    descent = in_blocks((70, 70, 70, 90), updates=20)
    for update, _ in enumerate(descent):
        if update == 5:
            kill([next(iter(cluster.workers.values())).process])
    with dask.config.set(scheduler="synchronous"):
        alone = in_blocks((70, 70, 70, 90), updates=20)
        list(alone)
    assert np.array_equal(descent.parameters.flat, alone.parameters.flat)


def test_without_workers_it_gives_up_in_time(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_descent, "PATIENCE", 3.0)
    descent = in_blocks((150, 150), updates=100)
    updates = iter(descent)
    next(updates)
    kept = descent.parameters
    cluster.scale(0)
    began = time.monotonic()
    with pytest.raises(InputError, match=r"no Dask worker for 3 s; expected one at tcp://127\.0\.0\.1"):
        list(updates)
    assert time.monotonic() - began < 60
    assert np.isfinite(descent.parameters.flat).all()
    assert descent.parameters.flat.shape == kept.flat.shape
