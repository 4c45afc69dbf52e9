"""The command `predict`: a label for each example of a file."""

from __future__ import annotations

import csv
import sys
from argparse import Namespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netcode.command_line.report import report
from netcode.command_line.terminal import accuracy, printable
from netcode.data import load_for
from netcode.errors import InputError
from netcode.training import model_file
from netcode.training.model_file import Model


def predict(arguments: Namespace) -> int:
    """Print a label for each example, and on stderr the accuracy, if the data have labels."""
    model = model_file.load(arguments.model)
    table = load_for(arguments.data, model.schema, arguments.missing)
    for note in table.notes:
        print(printable(f"netcode: {arguments.data} {note}"), file=sys.stderr)
    if table.y is not None:
        _check_labels(arguments.data, table.y, model)
    P = model.predict_proba(table.X)
    most_probable = P.argmax(axis=1)
    labels = [printable(str(label)) for label in model.classes]
    shown = [labels[k] for k in most_probable]
    if arguments.proba:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["label", *(f"P({label})" for label in labels)])
        writer.writerows([label, *(f"{p:.6g}" for p in row)] for label, row in zip(shown, P, strict=True))
    else:
        print(*shown, sep="\n")
    sys.stdout.flush()
    _judge(model, model.classes[most_probable], table.y, arguments)
    return 0


def _judge(model: Model, predicted: NDArray[Any], y: NDArray[Any] | None, arguments: Namespace) -> None:
    if y is not None:
        print(f"accuracy {accuracy(predicted, y)}", file=sys.stderr)
        if arguments.report:
            print(report(model.classes.astype(str), y.astype(str), predicted.astype(str)), file=sys.stderr)
    elif arguments.report:
        raise InputError(f"{arguments.data}: has no labels; expected them for a --report")


def _check_labels(source: str, y: NDArray[Any], model: Model) -> None:
    known = model.classes.astype(str)
    for row in np.flatnonzero(~np.isin(y.astype(str), known))[:1]:
        expected = ", ".join(known[:10]) + (", ..." if len(known) > 10 else "")
        raise InputError(f"{source}: example {row + 1} has the label {y[row]}; the model knows {expected}")
