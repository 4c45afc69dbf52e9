"""What a command trains on: a table as the network takes it, and the model before its training."""

from __future__ import annotations

import math
from argparse import Namespace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcode.arguments import require_parameters
from netcode.command_line.terminal import hidden_units
from netcode.data import NAMES, Options, Schema, standardization
from netcode.deep_network import forward, initialize, loss
from netcode.errors import InputError
from netcode.network import one_hot
from netcode.parameters import Parameters
from netcode.shapes import Array, Float
from netcode.training.model_file import Model

BLOCK = 10_000  # examples whose loss is computed at a time, to bound the memory


class Task(NamedTuple):
    """Examples as columns, their targets, and the model before its training."""

    X: Float[Array, "n m"]
    Y: Float[Array, "C m"]
    model: Model

    @np.errstate(over="ignore", invalid="ignore")  # if training diverges, the loss tells
    def loss(self, parameters: Parameters, lam: float) -> float:
        """The loss over all examples."""
        _, m = self.X.shape
        blocks = [slice(start, start + BLOCK) for start in range(0, m, BLOCK)]
        means = [loss(_scores(self.X[:, k], parameters), self.Y[:, k], parameters, lam) for k in blocks]
        sizes = [self.X[:, k].shape[1] for k in blocks]
        return math.fsum(mean * (size / m) for mean, size in zip(means, sizes, strict=True))


def options(arguments: Namespace) -> Options:
    """What the arguments say of the table."""
    return Options(arguments.label, arguments.ignore, arguments.missing, arguments.encode)


def is_standardized(arguments: Namespace) -> bool:
    """Whether features are brought to one scale: by default those of files."""
    if arguments.standardize is None:
        return arguments.data not in NAMES
    return bool(arguments.standardize)


def task_of(rows: Float[Array, "m n"], y: NDArray[Any], schema: Schema, arguments: Namespace) -> Task:
    """The task that the rows (m, n) with labels y (m,) set. Missing values, which are NaN, become the feature's mean.

    Raises InputError if the network would be too large, or the features are.
    """
    n = rows.shape[1]
    classes, indices = np.unique(y, return_inverse=True)
    C = len(classes)
    sizes = (n, *arguments.hidden, C)
    require_parameters(hidden_units(sizes), sizes)
    fill = np.nanmean(rows, axis=0)
    filled = np.where(np.isnan(rows), fill, rows) if np.isnan(rows).any() else rows
    mean, scale = standardization(filled) if is_standardized(arguments) else (np.zeros(n), np.ones(n))
    model = Model(initialize(sizes, arguments.seed), classes, mean, scale, fill, schema)
    task = Task(model.standardized(rows).T, one_hot(indices, C), model)
    if not math.isfinite(task.loss(model.parameters, arguments.lam)):
        raise InputError(f"{arguments.data}: the loss is not finite before training; expected smaller features")
    return task


def _scores(X: Float[Array, "n m"], parameters: Parameters) -> Float[Array, "C m"]:
    return forward(X, parameters).Z[parameters.depth]
