"""What is printed: tables of a few words, and nothing from a file that could steer the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from netcode.training.model_file import Model


def printable(text: str) -> str:
    r"""The text with each control character, and all else that isn't printable, as an escape: ESC becomes \x1b.

    >>> print(printable("red \x1b[31malert"))
    red \x1b[31malert
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


def print_table(lines: dict[str, str]) -> None:
    """A line for each name and what is said of it, if anything."""
    for name, text in lines.items():
        if text:
            print(f"{name:<12}{printable(text)}")


def sizes(model: Model) -> str:
    """The sizes of the model's network."""
    parameters = model.parameters
    units = (parameters.W1.shape[1], *(b.size for b in parameters.b.values()))
    return f"{units[0]} inputs, {hidden_units(units)}, {units[-1]} outputs: {parameters.flat.size:,} parameters"


def hidden_units(sizes: Sequence[int]) -> str:
    """The sizes of the layers between the features and the classes.

    >>> hidden_units((2, 64, 32, 3)), hidden_units((2, 3))
    ('64 and 32 hidden units', 'no hidden units')
    """
    return f"{' and '.join(f'{units:,}' for units in sizes[1:-1]) or 'no'} hidden units"


def accuracy(predicted: NDArray[Any], y: NDArray[Any]) -> str:
    """Which part of the predicted labels is right, and how many of how many."""
    right = int((predicted.astype(str) == y.astype(str)).sum())  # in a file, one odd label makes strings of all
    return f"{right / len(y):.4f} ({right:,} of {len(y):,})"
