"""An update on one worker and on two, and how near the chapter *Many machines* comes to it by adding up."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np

from benchmarks.result import Cell, Result
from netcode.deep_network import initialize
from netcode.parameters import Parameters
from netcode.training.cross_entropy_gradient import CrossEntropyGradient

LARGE, EXAMPLES = (784, 256, 10), 10_000
SMALL, FEW = (2, 2, 2), 4
"""What takes no time to compute or to send: an update of it is waiting alone."""

WORKERS = (1, 2)


def run(quick: bool) -> Result:
    """Time updates on the clock: several processes work on them."""
    rounds, examples = (3, 200) if quick else (40, EXAMPLES)
    rows: list[dict[str, Cell]] = []
    left_out = []
    if importlib.util.find_spec("distributed") and importlib.util.find_spec("dask"):
        alone = _alone(examples, rounds)
        rows = [_row(workers, alone, examples, rounds) for workers in WORKERS]
    else:
        left_out.append("Dask, which is not installed: pip install 'dask[array]' distributed")
    return Result(
        id="workers",
        title=f"An update of a {'-'.join(map(str, LARGE))} network on {examples:,} examples, dealt out by Dask",
        note=(
            "What an update takes is added up as in the chapter Many machines: the computing of one process, divided "
            "by the workers; the parameters and gradients that are copied from process to process, 2 for each "
            "worker, at the speed of one such copy; and the waiting, which is a whole update of a network that takes "
            "no time to compute. All workers, the scheduler and the client share this machine, so nothing here is "
            "the speed of a network of machines; it shows whether the three parts are the whole."
        ),
        columns={
            "name": "workers",
            "computing": "computing, ms",
            "sending": "sending, ms",
            "waiting": "waiting, ms",
            "predicted": "in all, ms",
            "measured": "measured, ms",
            "quotient": "measured / in all",
        },
        rows=rows,
        left_out=left_out,
    )


def _alone(examples: int, rounds: int) -> float:
    """Seconds for the gradient of all examples in this process."""
    parameters, rng = initialize(LARGE, seed=0), np.random.default_rng(0)
    X, Y = rng.normal(size=(LARGE[0], examples)), np.eye(LARGE[-1])[:, rng.integers(LARGE[-1], size=examples)]
    gradient, out = CrossEntropyGradient(parameters), Parameters(*parameters)
    return _median(lambda: gradient(X, Y, parameters, 1.0, out, True), rounds)


def _row(workers: int, alone: float, examples: int, rounds: int) -> dict[str, Cell]:
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, memory_limit=0
        ) as cluster,
        Client(cluster) as client,
    ):
        waiting = _update(SMALL, FEW, workers, rounds)
        sending = 2 * workers * _copy(client, initialize(LARGE, seed=0).flat.size, rounds)
        measured = _update(LARGE, examples, workers, rounds)
    predicted = alone / workers + sending + waiting
    return {
        "name": f"{workers}",
        "computing": 1e3 * alone / workers,
        "sending": 1e3 * sending,
        "waiting": 1e3 * waiting,
        "predicted": 1e3 * predicted,
        "measured": 1e3 * measured,
        "quotient": measured / predicted,
    }


def _update(layers: tuple[int, ...], examples: int, workers: int, rounds: int) -> float:
    """Seconds for an update; each worker has one block of examples, which it makes itself."""
    import dask.array as da

    from netcode.training.dask_descent import DaskDescent

    rng = da.random.default_rng(0)
    X = rng.normal(size=(examples, layers[0]), chunks=(examples // workers, layers[0]))
    indices = rng.integers(layers[-1], size=examples, chunks=examples // workers)
    descent = DaskDescent(X, indices, initialize(layers, seed=0), learning_rate=1e-3, lam=0.0, updates=rounds + 2)
    updates = iter(descent)
    list(islice(updates, 2))  # the blocks are made, and the first products are slow
    return _median(lambda: next(updates), rounds)


def _copy(client: Any, numbers: int, rounds: int) -> float:
    """Seconds for so many numbers from one process to another: half of there and back, less a call's own time."""
    array = np.random.default_rng(0).normal(size=numbers)  # zeros would be compressed on the way

    def there_and_back(sent: object) -> float:
        return _median(lambda: client.submit(_same, sent, pure=False).result(), rounds)

    return max(0.0, there_and_back(array) - there_and_back(0)) / 2


def _same(sent: object) -> object:
    return sent


def _median(call: Callable[[], object], rounds: int) -> float:
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return float(np.median(seconds))
