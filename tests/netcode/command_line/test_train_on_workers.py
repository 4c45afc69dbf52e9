"""`train --scheduler`: files that workers read, and one line when there is nobody to read them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netcode.__main__ import main
from netcode.command_line import train_on_workers
from netcode.data import spiral
from netcode.training import dask_descent, model_file
from tests.statistics import EXHAUSTIVE

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


@contextmanager
def process(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Dask's, which is ended at the end, even if it is stopped."""
    found = subprocess.Popen(
        [sys.executable, "-m", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        yield found
    finally:
        found.kill()
        found.wait()


@contextmanager
def separate_cluster(folder: Path, workers: int = 1, memory: str = "512MB") -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler in a process of its own, with workers in theirs. Its address stands in scheduler.json."""
    local, file = ("--host", "127.0.0.1", "--no-dashboard"), folder / "scheduler.json"
    where = ("--port", "0", "--scheduler-file", str(file))
    work = ("--nthreads", "1", "--memory-limit", memory, "--local-directory", str(folder / "workers"))
    with process("distributed.cli.dask_scheduler", *local, "--no-show", *where) as scheduler:
        eventually(file.exists)
        with process(
            "distributed.cli.dask_worker", *local, *work, "--nworkers", str(workers), "--scheduler-file", str(file)
        ):
            yield scheduler


def address_of(folder: Path) -> str:
    return str(json.loads((folder / "scheduler.json").read_text())["address"])


@pytest.mark.parametrize(
    ("sign", "message"),
    [
        (signal.SIGKILL, "the Dask scheduler is gone; expected it to run until the end"),
        (signal.SIGSTOP, "no answer from the Dask scheduler for 3 s; expected one at tcp://127.0.0.1:"),
    ],
)
def test_a_scheduler_that_goes_away_midway(
    sign: signal.Signals, message: str, parts: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """One line within the time stated, and nothing is lost."""
    monkeypatch.setattr(dask_descent, "PATIENCE", 3.0)
    monkeypatch.setattr(dask_descent, "ANSWER_WITHIN", 1.0)
    monkeypatch.setattr(train_on_workers, "ANSWER_WITHIN", 5)
    with separate_cluster(parts) as scheduler:

        def end_it() -> None:
            eventually((parts / "model.npz").exists)
            scheduler.send_signal(sign)

        thread = threading.Thread(target=end_it)
        command = ["train", "--data", "part-*.npz", "--scheduler", address_of(parts), "--updates", "100000"]
        began = time.monotonic()
        thread.start()
        assert main([*command, "--save", "model.npz", "--checkpoint", "0.5"]) == 2
        thread.join()
        assert time.monotonic() - began < 90
    told = [line for line in capfd.readouterr().err.splitlines() if " updates   loss " not in line]
    assert len(told) == 1
    assert told[0].startswith(f"netcode: {message}")
    updates = re.fullmatch(r".* \(model\.npz is as after ([\d,]+) updates\)", told[0])
    assert updates is not None
    assert main(["train", "--data", "whole.npz", "--updates", updates[1].replace(",", ""), "--save", "one.npz"]) == 0
    many, one = (model_file.load(parts / name) for name in ("model.npz", "one.npz"))
    assert np.abs(many.parameters.flat - one.parameters.flat).max() <= 1e-8


@pytest.mark.skipif(not EXHAUSTIVE, reason="takes a minute; make exhaustive runs it")
@pytest.mark.parametrize(
    ("memory", "status", "message"),
    [
        ("250MB", 0, "40 of 40 updates"),
        ("100MB", 2, "no Dask worker with memory to spare (100 MB at most) for 30 s; expected one at"),
    ],
)
def test_more_data_than_a_worker_s_memory(
    memory: str, status: int, message: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """300 MB train on a worker that may take 250, blocks of 10 MB at a time; 100 are full before it begins."""
    rng = np.random.default_rng(0)
    for part in range(30):
        X = rng.normal(size=(2500, 500))
        np.savez(tmp_path / f"part-{part}.npz", X=X, y=X[:, 0] > 0)
    with separate_cluster(tmp_path, memory=memory):
        command = ["train", "--data", str(tmp_path / "part-*.npz"), "--scheduler", address_of(tmp_path)]
        assert main([*command, "--updates", "40", "--hidden", "16"]) == status
    assert message in capfd.readouterr().err


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
