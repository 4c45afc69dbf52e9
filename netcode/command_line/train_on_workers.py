"""`train --scheduler ADDRESS`: the same training on the workers of a Dask scheduler, which read the files."""

from __future__ import annotations

import logging
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from netcode.arguments import require_parameters
from netcode.command_line.checkpoints import Checkpoints
from netcode.command_line.interrupt import Interrupt
from netcode.command_line.progress import progress
from netcode.command_line.task import is_standardized
from netcode.command_line.terminal import hidden_units, print_table, printable, sizes
from netcode.command_line.unheard import heard_or_not
from netcode.data import Schema
from netcode.data.blocks import LabelledBlocks, labelled_blocks, npz_blocks
from netcode.deep_network import initialize
from netcode.errors import InputError, WorkersLostError, optional_dependency
from netcode.files import check_writable
from netcode.training import model_file
from netcode.training.dask_descent import DaskDescent, compute
from netcode.training.model_file import Model

ANSWER_WITHIN = 10  # seconds that a scheduler is given to answer
NOT_ON_WORKERS = {
    "batch_size": None,
    "resume": False,
    "plot": None,
    "test_size": None,
    "report": False,
    "label": None,
    "ignore": (),
    "missing": "error",
    "encode": False,
}
"""What `train` can't do on workers: the options, with their values when they aren't given."""


def train_on_workers(arguments: Namespace) -> int:
    """Train, and write what is asked for. Returns 0, or 128 and its number if a signal ended it."""
    for name, absent in NOT_ON_WORKERS.items():
        if getattr(arguments, name) != absent:
            raise InputError(f"--{name.replace('_', '-')} can't be used with --scheduler; expected no such option")
    if arguments.save:
        check_writable(arguments.save)
    with _connected(arguments.scheduler):
        X, y = npz_blocks(arguments.data)
        blocks = labelled_blocks(X, y)
        model = _untrained(blocks, arguments)
        scaled = blocks._replace(X=(blocks.X - model.mean) / model.scale)
        with Interrupt() as interrupt:
            model, losses = _descend(scaled, model, arguments, interrupt)
            if arguments.save:
                model_file.save(arguments.save, model)
    summary = {
        "data": f"{arguments.data}: {len(X):,} examples in {X.numblocks[0]} files, {X.shape[1]:,} features",
        "network": sizes(model),
        "loss": f"{losses[0]:.4f} at first, {losses[-1]:.4f} before the last update" if losses else "",
        "model": str(arguments.save or "not saved (--save MODEL.npz keeps it)"),
    }
    with heard_or_not():
        print_table(summary)
    if interrupt.asked:
        print(printable(f"netcode: stopped by {interrupt.cause} after {len(losses):,} updates"), file=sys.stderr)
    return interrupt.status


@contextmanager
def _connected(address: str) -> Iterator[None]:
    with optional_dependency("dask", "workers"):
        from distributed import Client
    try:
        client = Client(address, timeout=ANSWER_WITHIN)
    except (OSError, TimeoutError, ValueError):
        raise InputError(
            f"--scheduler {address}: no answer within {ANSWER_WITHIN} s; expected the address of a Dask scheduler"
        ) from None
    log = logging.getLogger("distributed.client")
    level = log.level
    log.setLevel(logging.CRITICAL)  # a scheduler that goes away is an error of one line, not a traceback
    try:
        yield
    finally:
        client.close(timeout=ANSWER_WITHIN)
        log.setLevel(level)


def _untrained(blocks: LabelledBlocks, arguments: Namespace) -> Model:
    n = blocks.X.shape[1]
    mean, scale = np.zeros(n), np.ones(n)
    if is_standardized(arguments):
        mean, scale = compute(blocks.X.mean(axis=0)), compute(blocks.X.std(axis=0))
        scale[scale == 0] = 1
    layers = (n, *arguments.hidden, len(blocks.classes))
    require_parameters(hidden_units(layers), layers)
    parameters = initialize(layers, arguments.seed)
    return Model(parameters, blocks.classes, mean, scale, mean, Schema.plain(n))


def _descend(
    blocks: LabelledBlocks, model: Model, arguments: Namespace, interrupt: Interrupt
) -> tuple[Model, list[float]]:
    descent = DaskDescent(
        blocks.X,
        blocks.indices,
        model.parameters,
        learning_rate=arguments.learning_rate or 0.5,
        lam=arguments.lam,
        updates=2_000 if arguments.updates is None else arguments.updates,
    )
    checkpoint = Checkpoints(arguments, lambda updates: model._replace(parameters=descent.parameters))
    losses: list[float] = []
    try:
        with progress(len(descent)) as show:
            for loss in descent:
                losses.append(loss)
                show(len(losses), loss)
                checkpoint(len(losses))
                if interrupt.asked:
                    break
    except WorkersLostError as lost:
        if not (losses and arguments.save):
            raise
        model_file.save(arguments.save, model._replace(parameters=descent.parameters))
        raise WorkersLostError(f"{lost} ({arguments.save} is as after {len(losses):,} updates)") from None
    return model._replace(parameters=descent.parameters), losses
