"""The command `train`: gradient descent on a table, watched, saved as it goes, and resumed."""

from __future__ import annotations

import hashlib
import math
import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcode import plot
from netcode.command_line.checkpoints import Checkpoints
from netcode.command_line.interrupt import Interrupt
from netcode.command_line.progress import progress
from netcode.command_line.report import report
from netcode.command_line.task import Task, is_standardized, options, task_of
from netcode.command_line.terminal import accuracy, print_table, printable, sizes
from netcode.command_line.train_on_workers import train_on_workers
from netcode.command_line.unheard import heard_or_not
from netcode.data import NAMES, Table, load_table
from netcode.data.split import Split, stratified_split
from netcode.errors import InputError
from netcode.files import check_writable
from netcode.training import model_file
from netcode.training.gradient_descent import GradientDescent, automatic_batch_size
from netcode.training.model_file import Model, Progress

POINTS = 500  # of a loss curve, at most
PASSES = 3  # over large data, at least, unless the number of updates is given


class Run(NamedTuple):
    """What happened in a training."""

    model: Model
    updates: int
    losses: dict[int, float]  # by the number of updates before; with mini-batches, of the next one, but for the last
    seconds: float


def train(arguments: Namespace) -> int:
    """Train, and write what is asked for. Returns 0, or 128 and its number if a signal ended it.

    The last complete state is then kept.
    """
    if arguments.scheduler:
        return train_on_workers(arguments)
    _check_outputs(arguments)
    table = load_table(arguments.data, options(arguments))
    assert table.y is not None  # a table to learn from has labels
    split = _split(table.y, arguments)
    rows, y = (table.X[split.train], table.y[split.train]) if len(split.test) else (table.X, table.y)
    task = task_of(rows, y, table.schema, arguments)
    with Interrupt() as interrupt:
        run = _descend(task, arguments, interrupt)
        _save(task, run, arguments)
        if arguments.plot:
            figure = plot.training_figure(list(run.losses.values()), list(run.losses), run.model.predict, rows, y)
            plot.save_svg(arguments.plot, figure, f"Training on {arguments.data}")
    with heard_or_not():
        print_table(_summary(task, run, table, split, arguments))
        if arguments.report:
            shown = split.test if len(split.test) else split.train
            print(report(run.model.classes, table.y[shown], run.model.predict(table.X[shown])))
    if interrupt.asked:
        kept = f"the network as it was then is saved in {arguments.save}" if arguments.save else "nothing is saved"
        stopped = f"netcode: stopped by {interrupt.cause} after {run.updates:,} updates; {kept}"
        print(printable(stopped), file=sys.stderr)
    return interrupt.status


def _check_outputs(arguments: Namespace) -> None:
    """Refuse at once what would fail, or destroy something, after the training."""
    if arguments.resume and not arguments.save:
        raise InputError("--resume goes on from the file of --save; expected --save MODEL.npz too")
    if arguments.plot:
        if arguments.plot.suffix.lower() != ".svg":
            raise InputError(f"{arguments.plot}: expected a name that ends in .svg, the one format of --plot")
        plot.figure()  # is Matplotlib there?
    outputs = [path for path in (arguments.save, arguments.plot) if path]
    for path in outputs:
        if arguments.data not in NAMES and _same_file(path, Path(arguments.data)):
            raise InputError(f"{path}: holds the data; expected another file to write to")
        check_writable(path)
    if len(outputs) == 2 and _same_file(*outputs):
        raise InputError(f"{outputs[0]}: named by both --save and --plot; expected two files")


def _same_file(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))


def _split(y: NDArray[Any], arguments: Namespace) -> Split:
    if arguments.test_size is None:
        return Split(np.arange(len(y)), np.arange(0))
    return stratified_split(y, arguments.test_size, arguments.seed)


def _descend(task: Task, arguments: Namespace, interrupt: Interrupt) -> Run:
    settings = _settings(task, arguments)
    start, parameters = _resumed(task, settings, arguments)
    descent = GradientDescent(
        task.X,
        task.Y,
        parameters,
        learning_rate=settings["learning_rate"],
        lam=arguments.lam,
        updates=_updates(task, settings, arguments),
        batch_size=settings["batch_size"],
        seed=arguments.seed,
        start=start,
    )
    began = time.perf_counter()
    checkpoint = Checkpoints(arguments, lambda updates: _model(task, descent, updates, settings))
    updates, losses = start, {}
    every = math.ceil(len(descent) / POINTS)
    with progress(max(descent.updates, start)) as show:
        for updates, value in enumerate(descent, start=start + 1):
            if (updates - 1 - start) % every == 0:
                losses[updates - 1] = value
                show(updates - 1, value)
            if interrupt.asked:
                break
            checkpoint(updates)
        losses[updates] = task.loss(descent.parameters, arguments.lam)
        show(updates, losses[updates])
    return Run(_model(task, descent, updates, settings), updates, losses, time.perf_counter() - began)


def _model(task: Task, descent: GradientDescent, updates: int, settings: dict[str, Any]) -> Model:
    return task.model._replace(parameters=descent.parameters, progress=Progress(updates, settings))


def _save(task: Task, run: Run, arguments: Namespace) -> None:
    last = run.losses[run.updates]
    if not math.isfinite(last):
        raise InputError(f"training diverged: the loss is {last} at its end; expected a smaller --learning-rate")
    if arguments.save:
        model_file.save(arguments.save, run.model)


def _settings(task: Task, arguments: Namespace) -> dict[str, Any]:
    """What the weights depend on, beside the number of updates."""
    m = task.X.shape[1]
    return {
        "learning_rate": arguments.learning_rate or (1.0 if arguments.data == "spiral" else 0.5),
        "lam": arguments.lam,
        "batch_size": automatic_batch_size(m) if arguments.batch_size is None else min(m, arguments.batch_size),
        "hidden": ",".join(map(str, arguments.hidden)) or "none",
        "seed": arguments.seed,
        "data": _digest(task) if arguments.save else "",
    }


def _digest(task: Task) -> str:
    """Tells other data from these, in whatever file they are."""
    digest = hashlib.sha256()
    for array in (task.X.T, task.Y.T):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _updates(task: Task, settings: dict[str, Any], arguments: Namespace) -> int:
    if arguments.updates is not None:
        return int(arguments.updates)
    if arguments.data == "spiral":
        return 10_000
    return max(2_000, math.ceil(PASSES * task.X.shape[1] / settings["batch_size"]))


def _resumed(task: Task, settings: dict[str, Any], arguments: Namespace) -> tuple[int, Any]:
    """How many updates are done, and the parameters after them."""
    if not arguments.resume or not arguments.save.exists():
        return 0, task.model.parameters
    saved = model_file.load(arguments.save)
    if saved.progress is None:
        raise InputError(f"{arguments.save}: doesn't say how it was trained; expected a file of this version's --save")
    updates, before = saved.progress
    for name, value in settings.items():
        if before.get(name) != value:
            option = "other data" if name == "data" else f"--{name.replace('_', '-')} {before.get(name)}"
            raise InputError(f"{arguments.save}: was trained with {option}; expected the same, to --resume")
    return updates, saved.parameters


def _summary(task: Task, run: Run, table: Table, split: Split, arguments: Namespace) -> dict[str, str]:
    assert table.y is not None
    (m, n), C, last = table.X.shape, len(run.model.classes), run.losses[run.updates]
    first = task.loss(task.model.parameters, arguments.lam)
    rose = " (it rose: try a smaller --learning-rate)" if last > first else ""
    learned, tested = (accuracy(run.model.predict(table.X[part]), table.y[part]) if len(part) else "" for part in split)
    return {
        "data": f"{arguments.data}: {m:,} examples, {n:,} features, {C} classes",
        "label": table.choice,
        "file": "; ".join(table.notes),
        "features": "brought to mean 0 and standard deviation 1 (--no-standardize)" * is_standardized(arguments),
        "network": sizes(run.model),
        "batches": _batches(task, run, arguments),
        "first loss": f"{first:.4f} (equal scores would give ln {C} = {math.log(C):.4f}, without regularization)",
        "final loss": f"{last:.4f}{rose}",
        "accuracy": f"{learned}, of the data it was trained on",
        "held out": f"{tested}, of the data it has not seen" * bool(tested),
        "time": f"{run.seconds:.2f} s for {run.updates:,} updates",
        "model": str(arguments.save or "not saved (--save MODEL.npz keeps it)"),
        "plot": str(arguments.plot or ""),
    }


def _batches(task: Task, run: Run, arguments: Namespace) -> str:
    m = task.X.shape[1]
    assert run.model.progress is not None
    size = run.model.progress.settings["batch_size"]
    if size == m:
        return ""
    why = f"; --batch-size {m} takes all" if arguments.batch_size is None else ""
    return f"{size:,} of {m:,} examples for each update, {run.updates * size / m:.1f} passes{why}"
