"""What is printed: tables of a few words, and nothing from a file that could steer the terminal."""

from __future__ import annotations

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
    (h, n), C = model.parameters.W1.shape, len(model.classes)
    return f"{n} inputs, {h} hidden units, {C} outputs: {sum(array.size for array in model.parameters):,} parameters"


def accuracy(predicted: NDArray[Any], y: NDArray[Any]) -> str:
    """Which part of the predicted labels is right, and how many of how many."""
    right = int((predicted.astype(str) == y.astype(str)).sum())  # in a file, one odd label makes strings of all
    return f"{right / len(y):.4f} ({right:,} of {len(y):,})"
