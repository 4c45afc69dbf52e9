"""`train --scheduler`: files that workers read, and one line when there is nobody to read them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netcode.__main__ import main
from netcode.data import spiral
from netcode.training import model_file

distributed = pytest.importorskip("distributed")

ROOT = Path(__file__).parents[3]

pytestmark = [
    pytest.mark.usefixtures("unchecked_shapes"),
    pytest.mark.filterwarnings(
        "ignore::ResourceWarning",
        "ignore::pytest.PytestUnraisableExceptionWarning",
        r"ignore:\s*Port \d+ is already in use",
    ),
]


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rows, y = spiral()
    order = np.random.default_rng(0).permutation(300)
    for k, part in enumerate(np.split(order, (90, 200))):
        np.savez(tmp_path / f"part-{k}.npz", X=rows[part], y=y[part])
    np.savez(tmp_path / "whole.npz", X=rows[order], y=y[order])
    return tmp_path


@pytest.fixture
def address() -> Iterator[str]:
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, host="127.0.0.1", dashboard_address=None, memory_limit="512MB"
    ) as cluster:
        yield cluster.scheduler_address


def test_workers_train_what_one_machine_does(parts: Path, address: str) -> None:
    settings = ["--hidden", "8,5", "--updates", "20"]
    assert main(["train", "--data", "part-*.npz", "--scheduler", address, "--save", "many.npz", *settings]) == 0
    assert main(["train", "--data", "whole.npz", "--save", "one.npz", *settings]) == 0
    many, one = (model_file.load(parts / name) for name in ("many.npz", "one.npz"))
    assert np.abs(many.parameters.flat - one.parameters.flat).max() <= 1e-10
    assert np.allclose(many.mean, one.mean, rtol=1e-12, atol=1e-15)
    assert np.array_equal(many.predict(spiral()[0]), one.predict(spiral()[0]))


def test_files_that_do_not_fit(parts: Path, address: str, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(parts / "part-3.npz", X=np.ones((4, 3)), y=np.arange(4))
    complaints = {
        "part-*.npz": "part-3.npz: 3 features, but part-0.npz has 2; expected the same in all",
        "none-*.npz": "none-*.npz: no such file (expected NPZ files with X and y, which all workers can read)",
    }
    for pattern, complaint in complaints.items():
        assert main(["train", "--data", pattern, "--scheduler", address]) == 2
        assert f"netcode: {complaint}" in capsys.readouterr().err


def test_a_scheduler_that_does_not_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--data", "part-*.npz", "--scheduler", "tcp://127.0.0.1:1"]) == 2
    assert "--scheduler tcp://127.0.0.1:1: no answer within 10 s" in capsys.readouterr().err


def test_a_run_that_is_killed_leaves_nothing_on_the_workers(parts: Path, address: str) -> None:
    command = [sys.executable, "-m", "netcode", "train", "--data", "part-*.npz", "--scheduler", address]
    command += ["--save", "model.npz", "--checkpoint", "0.001", "--updates", "100000"]
    with distributed.Client(address) as client:
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)})
        try:
            eventually((parts / "model.npz").exists)
            assert held(client) > 0
        finally:
            process.kill()
            process.wait()
        eventually(lambda: held(client) == 0)
    assert model_file.load(parts / "model.npz").parameters.depth == 2
    assert main(["train", "--updates", "1", "--save", "new.npz"]) == 0
    assert not list(parts.glob(".netcode-*"))


def held(client: Any) -> int:
    """How many results and tasks the scheduler knows."""
    return int(client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until it holds, a minute at most."""
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise TimeoutError("not after a minute")
