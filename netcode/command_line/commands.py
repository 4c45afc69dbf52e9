"""What the command line's commands do. Each takes the parsed arguments and returns the exit status."""

from __future__ import annotations

import csv
import math
import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcode import plot
from netcode.command_line.interrupt import Interrupt
from netcode.command_line.own_function import Request, diagnose_file
from netcode.command_line.progress import progress, waiting
from netcode.command_line.terminal import printable
from netcode.data import NAMES, Options, Schema, Table, load, load_for, load_table, standardization
from netcode.diagnosis.layout import Place
from netcode.errors import InputError
from netcode.files import check_writable
from netcode.gradients.gradient_check import check_gradient as compared_with
from netcode.gradients.numeric import central_differences, complex_step
from netcode.network import backward, forward, initialize, loss, one_hot
from netcode.parameters import Parameters
from netcode.shapes import Array, Float
from netcode.training import model_file
from netcode.training.gradient_descent import GradientDescent
from netcode.training.model_file import Model

POINTS = 500  # of a loss curve, at most
MAX_PARAMETERS = 10**9  # 8 GB; beyond it, rather a slip of the finger


class Problem(NamedTuple):
    """Data as the network takes them, examples as columns, and the model before its training."""

    X: Float[Array, "n m"]
    Y: Float[Array, "C m"]
    model: Model

    @np.errstate(over="ignore", invalid="ignore")  # if training diverges, the loss tells
    def loss(self, parameters: Parameters, lam: float) -> float:
        """The loss over all examples."""
        return loss(forward(self.X, parameters).Z2, self.Y, parameters, lam)


class Run(NamedTuple):
    """What happened in a training."""

    model: Model
    updates: int
    losses: dict[int, float]  # by the number of updates before; with mini-batches, of the next one, but for the last
    seconds: float


def train(arguments: Namespace) -> int:
    """Train, and write what is asked for. Returns 0, or 130 if Ctrl-C ended it, the last complete state being kept."""
    _check_outputs(arguments)
    table = load_table(arguments.data, _options(arguments))
    rows, y = table.X, _labels(table)
    problem = _problem(rows, y, table.schema, arguments)
    with Interrupt() as interrupt:
        run = _descend(problem, arguments, interrupt)
        last = run.losses[run.updates]
        if not math.isfinite(last):
            raise InputError(f"training diverged: the loss is {last} at its end; expected a smaller --learning-rate")
        if arguments.save:
            model_file.save(arguments.save, run.model)
        if arguments.plot:
            figure = plot.training_figure(list(run.losses.values()), list(run.losses), run.model.predict, rows, y)
            plot.save_svg(arguments.plot, figure, f"Training on {arguments.data}")
    first = problem.loss(problem.model.parameters, arguments.lam)
    (m, n), C = rows.shape, len(run.model.classes)
    rose = " (it rose: try a smaller --learning-rate)" if last > first else ""
    _print_table(
        {
            "data": f"{arguments.data}: {m:,} examples, {n:,} features, {C} classes",
            "label": table.choice,
            "file": "; ".join(table.notes),
            "network": _sizes(run.model),
            "first loss": f"{first:.4f} (equal scores would give ln {C} = {math.log(C):.4f}, without regularization)",
            "final loss": f"{last:.4f}{rose}",
            "accuracy": f"{_accuracy(run.model.predict(rows), y)}, of the data it was trained on",
            "time": f"{run.seconds:.2f} s for {run.updates:,} updates",
            "model": str(arguments.save or "not saved (--save MODEL.npz keeps it)"),
            "plot": str(arguments.plot or ""),
        }
    )
    if not interrupt.asked:
        return 0
    kept = f"the network as it was then is saved in {arguments.save}" if arguments.save else "nothing was to be saved"
    print(printable(f"netcode: stopped by Ctrl-C after {run.updates:,} updates; {kept}"), file=sys.stderr)
    return 130


def predict(arguments: Namespace) -> int:
    """Print a label for each example, and on stderr the accuracy, if the data have labels."""
    model = model_file.load(arguments.model)
    table = load_for(arguments.data, model.schema, arguments.missing)
    X, y = table.X, table.y
    for note in table.notes:
        print(printable(f"netcode: {arguments.data} {note}"), file=sys.stderr)
    if y is not None:
        _check_labels(arguments.data, y, model)
    P = model.predict_proba(X)
    most_probable = P.argmax(axis=1)
    predicted = model.classes[most_probable]
    labels = [printable(str(label)) for label in model.classes]
    shown = [labels[k] for k in most_probable]
    if arguments.proba:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["label", *(f"P({label})" for label in labels)])
        writer.writerows([label, *(f"{p:.6g}" for p in row)] for label, row in zip(shown, P, strict=True))
    else:
        print(*shown, sep="\n")
    sys.stdout.flush()
    if y is not None:
        print(f"accuracy {_accuracy(predicted, y)}", file=sys.stderr)
    return 0


def check_gradient(arguments: Namespace) -> int:
    """Print how the gradient at random weights compares with numeric ones. Returns 0 if it is right, else 1."""
    table = load_table(arguments.data, _options(arguments))
    rows, y = table.X, _labels(table)
    chosen = np.sort(np.random.default_rng(arguments.seed).permutation(len(y))[: arguments.examples])
    X, Y, model = _problem(rows, y, table.schema, arguments)
    X, Y = X[:, chosen], Y[:, chosen]
    parameters = model.parameters
    gradients = backward(X, Y, parameters, forward(X, parameters), arguments.lam)
    with waiting("Differentiating numerically ..."):
        checks = [
            compared_with(X, Y, parameters, gradients, arguments.lam, method)
            for method in (central_differences, complex_step)
        ]
    _print_table(
        {
            "data": f"{arguments.data}: {len(chosen):,} of {len(y):,} examples",
            "network": f"{_sizes(model)}; random weights, L2 strength {arguments.lam:g}",
        }
    )
    print("\n            entries   largest error   tolerance   normwise error   at kinks")
    for check in checks:
        print(check.method)
        for part in check.checks:
            entries = getattr(parameters, part.name.removeprefix("d")).size
            verdict = f"wrong: {part.problem}" if part.problem else "right"
            print(
                f"  {part.name:<6}{entries:>11,}{part.error:>16.1e}{part.tolerance:>12.1e}{part.normwise:>17.1e}"
                f"{part.kinks:>11,}   {verdict}"
            )
    if any(check.kinks for check in checks):
        print(
            "\nAt a kink of ReLU (a preactivation is 0, or changes its sign within the step) the slope of the side on\n"
            "which the point lies was taken; a preactivation of exactly 0 counts as not active."
        )
    right = all(check.ok for check in checks)
    print(f"\nThe gradient is {'right' if right else 'wrong'}.")
    return 0 if right else 1


def diagnose(arguments: Namespace) -> int:
    """Print what is wrong with a function's gradients. Returns 0 if they are right, else 1."""
    place = None
    if arguments.data:
        rows, y = load(arguments.data)
        settings = Namespace(data=arguments.data, hidden=25, lam=1e-3, seed=0, standardize=None)
        X, Y, model = _problem(rows, y, Schema.plain(rows.shape[1]), settings)
        place = Place(X, Y, model.parameters, settings.lam)
    with waiting(f"Asking {arguments.file} ..."):
        diagnosis = diagnose_file(Request(arguments.file, arguments.function, arguments.rows, place), arguments.timeout)
    print(diagnosis)
    return 0 if diagnosis.ok else 1


def _check_outputs(arguments: Namespace) -> None:
    """Refuse at once what would fail, or destroy something, after the training."""
    if arguments.plot:
        if arguments.plot.suffix.lower() != ".svg":
            raise InputError(f"{arguments.plot}: expected a name that ends in .svg, the one format of --plot")
        plot.figure()  # is Matplotlib there?
    outputs = [path for path in (arguments.save, arguments.plot) if path]
    for path in outputs:
        if arguments.data not in NAMES and path.resolve() == Path(arguments.data).resolve():
            raise InputError(f"{path}: holds the data; expected another file to write to")
        check_writable(path)
    if len({path.resolve() for path in outputs}) < len(outputs):
        raise InputError(f"{outputs[0]}: named by both --save and --plot; expected two files")


def _check_labels(source: str, y: NDArray[Any], model: Model) -> None:
    known = model.classes.astype(str)
    for row in np.flatnonzero(~np.isin(y.astype(str), known))[:1]:
        expected = ", ".join(known[:10]) + (", ..." if len(known) > 10 else "")
        raise InputError(f"{source}: example {row + 1} has the label {y[row]}; the model knows {expected}")


def _options(arguments: Namespace) -> Options:
    return Options(arguments.label, arguments.ignore, arguments.missing, arguments.encode)


def _labels(table: Table) -> NDArray[Any]:
    assert table.y is not None  # a table to learn from has labels
    return table.y


def _problem(rows: Float[Array, "m n"], y: NDArray[Any], schema: Schema, arguments: Namespace) -> Problem:
    n = rows.shape[1]
    classes, indices = np.unique(y, return_inverse=True)
    C = len(classes)
    if (size := arguments.hidden * (n + C + 1) + C) > MAX_PARAMETERS:
        raise InputError(f"{arguments.hidden:,} hidden units: {size:,} parameters; expected at most {MAX_PARAMETERS:,}")
    standardize = arguments.data not in NAMES if arguments.standardize is None else arguments.standardize
    fill = np.nanmean(rows, axis=0)
    filled = np.where(np.isnan(rows), fill, rows) if np.isnan(rows).any() else rows
    mean, scale = standardization(filled) if standardize else (np.zeros(n), np.ones(n))
    model = Model(initialize(n, arguments.hidden, C, arguments.seed), classes, mean, scale, fill, schema)
    problem = Problem(model.standardized(rows).T, one_hot(indices, C), model)
    if not math.isfinite(problem.loss(model.parameters, arguments.lam)):
        raise InputError(f"{arguments.data}: the loss is not finite before training; expected smaller features")
    return problem


def _descend(problem: Problem, arguments: Namespace, interrupt: Interrupt) -> Run:
    spiral = arguments.data == "spiral"
    descent = GradientDescent(
        problem.X,
        problem.Y,
        problem.model.parameters,
        learning_rate=arguments.learning_rate or (1.0 if spiral else 0.5),
        lam=arguments.lam,
        updates=(10_000 if spiral else 2_000) if arguments.updates is None else arguments.updates,
        batch_size=arguments.batch_size,
        seed=arguments.seed,
    )
    began = time.perf_counter()
    updates, losses = 0, {}
    every = math.ceil(len(descent) / POINTS)
    with progress(len(descent)) as show:
        for updates, value in enumerate(descent, start=1):
            if (updates - 1) % every == 0:
                losses[updates - 1] = value
                show(updates - 1, value)
            if interrupt.asked:
                break
        losses[updates] = problem.loss(descent.parameters, arguments.lam)
        show(updates, losses[updates])
    seconds = time.perf_counter() - began
    return Run(problem.model._replace(parameters=descent.parameters), updates, losses, seconds)


def _print_table(lines: dict[str, str]) -> None:
    for name, text in lines.items():
        if text:
            print(f"{name:<12}{printable(text)}")


def _sizes(model: Model) -> str:
    (h, n), C = model.parameters.W1.shape, len(model.classes)
    return f"{n} inputs, {h} hidden units, {C} outputs: {sum(array.size for array in model.parameters):,} parameters"


def _accuracy(predicted: NDArray[Any], y: NDArray[Any]) -> str:
    right = int((predicted.astype(str) == y.astype(str)).sum())  # in a file, one odd label makes strings of all
    return f"{right / len(y):.4f} ({right:,} of {len(y):,})"
