"""Gradient descent on data that lie in blocks on several machines, by Dask: one reduced gradient for each update.

The gradient of the mean over m examples is the sum of the blocks' gradients, divided by m, plus the penalty's, once. A
block's gradient is the ordinary one, computed where the block lies; Dask adds them up, two and two, always in the same
order, so that the weights do not depend on which worker did what. Where to compute, what to move, and what to compute
again when a worker dies is Dask's business alone.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcode.arguments import integer, nonnegative, positive
from netcode.deep_network import update
from netcode.errors import InputError, WorkersLostError, optional_dependency
from netcode.network import one_hot
from netcode.parameters import Parameters
from netcode.training.cross_entropy_gradient import CrossEntropyGradient

PATIENCE = 30.0  # seconds without any worker, or without the scheduler, after which a run gives up
POLL = 1.0
ANSWER_WITHIN = 5.0  # seconds that the scheduler is given to say who is there

Blocks = Any
"""A Dask array of blocks of rows; Dask has no types."""


class DaskDescent:
    """So many updates of the parameters, each yielding the loss before it, as `GradientDescent`.

    X is a Dask array (m, n), `indices` one of (m,) with the number of each example's class, in the same blocks of rows.
    They are kept by the workers as they are; Dask spills to their disks what doesn't fit into their memory. Each
    update takes all examples.
    """

    def __init__(
        self,
        X: Blocks,
        indices: Blocks,
        parameters: Parameters,
        *,
        learning_rate: float,
        lam: float,
        updates: int,
    ) -> None:
        """Raises InputError if a rate makes no sense, MissingExtraError without Dask."""
        self.updates = integer("updates", updates, least=0)
        self.parameters = parameters
        self._learning_rate, self._lam = positive("learning_rate", learning_rate), nonnegative("lam", lam)
        with optional_dependency("dask", "Dask arrays"):
            import dask
        self._X, self._indices = dask.persist(X, indices)  # for as long as we hold them, the workers do
        self._m = len(X)

    def __len__(self) -> int:
        return self.updates

    def __iter__(self) -> Iterator[float]:
        """Make the updates.

        Raises InputError when the loss is no longer finite, and WorkersLostError, within some 30 seconds, if there is
        nobody left to compute it. `parameters` are then those of the last complete update.
        """
        for number in range(self.updates):
            now = self.parameters
            *entries, cross_entropy = compute(_total(self._X, self._indices, now))
            loss = cross_entropy / self._m + self._lam / 2 * float(np.vdot(now.weights, now.weights))
            if not math.isfinite(loss):
                raise InputError(
                    f"training diverged: the loss is {loss} after {number} updates; expected a learning_rate "
                    f"below {self._learning_rate:g}, or features of a smaller scale"
                )
            gradient = now.viewing(np.array(entries) / self._m)
            gradient.weights[:] += self._lam * now.weights
            self.parameters = update(now, gradient, self._learning_rate)
            yield loss


def compute(collection: Any) -> Any:
    """The value of a Dask collection, by whatever scheduler the user has.

    With dask.distributed, raises WorkersLostError if for some 30 seconds there are no workers or no scheduler, or if a
    block has killed one worker after the other.
    """
    import dask
    from dask.base import get_scheduler

    client = getattr(get_scheduler(), "__self__", None)
    return dask.compute(collection)[0] if client is None else _awaited(client, client.compute(collection))


def _awaited(client: Any, future: Any) -> Any:
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker

    last_seen = time.monotonic()
    while True:
        try:
            return future.result(timeout=POLL)
        except KilledWorker as killed:
            workers, limit = killed.allowed_failures + 1, killed.last_worker.memory_limit
            raise WorkersLostError(
                f"a block has ended {workers} workers one after the other"
                + (f", the last with {limit / 1e6:,.0f} MB of memory" if limit else "")
                + "; expected blocks that fit, as in smaller files, or workers with more memory"
            ) from None
        except FutureCancelledError:
            raise WorkersLostError("the Dask scheduler is gone; expected it to run until the end") from None
        except TimeoutError:
            missing = _missing(client)
        if not missing:
            last_seen = time.monotonic()
        elif time.monotonic() - last_seen > PATIENCE:
            raise WorkersLostError(f"no {missing} for {PATIENCE:g} s; expected one at {client.scheduler.address}")


def _missing(client: Any) -> str:
    """What isn't there to compute, if anything: an answer from the scheduler, a worker, or memory on any of them."""
    try:  # scheduler_info would wait for ever
        known = client.sync(client.scheduler.identity, n_workers=-1, callback_timeout=ANSWER_WITHIN)
    except (OSError, TimeoutError):
        return "answer from the Dask scheduler"
    workers = known["workers"].values()
    if not workers:
        return "Dask worker"
    # A worker pauses when its memory is nearly full, and would stay so for ever if what fills it can't be spilled.
    if any(worker["status"] != "paused" for worker in workers):
        return ""
    return (
        f"Dask worker with memory to spare ({max(worker['memory_limit'] for worker in workers) / 1e6:,.0f} MB at most)"
    )


def block_gradient(rows: NDArray[Any], indices: NDArray[Any], parameters: Parameters) -> NDArray[np.float64]:
    """The gradient of the sum of a block's cross-entropies, and as the last entry that sum. Runs on a worker."""
    gradient = Parameters(*parameters)
    C = parameters[-1].size
    X, Y = np.asarray(rows, np.float64).T, one_hot(indices, C)
    with np.errstate(over="ignore", invalid="ignore"):  # if training diverges, the loss tells
        cross_entropy = CrossEntropyGradient(parameters)(X, Y, parameters, 1.0, gradient, True)
    return np.append(gradient.flat, cross_entropy)


def _total(X: Blocks, indices: Blocks, parameters: Parameters) -> Any:
    """The sum of the blocks' gradients, by Dask's tree of partial sums."""
    import dask.array
    from dask import delayed

    # Part of the graph, the parameters are there again when a worker that held them is lost.
    sent = delayed(parameters, traverse=False)
    pairs = zip(*(array.to_delayed(optimize_graph=False).ravel() for array in (X, indices)), strict=True)
    gradients = [delayed(block_gradient)(rows, classes, sent) for rows, classes in pairs]
    shape = (parameters.flat.size + 1,)
    arrays = [dask.array.from_delayed(gradient, shape, np.float64) for gradient in gradients]
    return dask.array.stack(arrays).sum(axis=0, split_every=2)
