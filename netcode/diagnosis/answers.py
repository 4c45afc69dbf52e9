"""What a backward pass answers where it is asked: a vector for each gradient, so that answers can be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from netcode.diagnosis.layout import Place
from netcode.mistakes.mistake import GRADIENTS
from netcode.network import Forward, forward
from netcode.shapes import Array, Float

CALLS = 2  # with the same forward values: what one call spoils, the next one shows

Asked = Callable[[Place, Forward], Mapping[str, Array]]
"""Gives the four gradients by name, examples being columns."""


class Form(NamedTuple):
    """What can be told of an answer without its numbers: the shape at each call, and whether they are integers."""

    shapes: tuple[tuple[int, ...], ...]
    integers: bool


class Answer(NamedTuple):
    """A gradient at each call, one after another."""

    form: Form
    values: Float[Array, " entries"]


def ask(asked: Asked, places: Sequence[Place]) -> list[Mapping[str, Array]]:
    """The gradients at each place, twice. What `asked` raises is passed on."""
    answered = []
    with np.errstate(all="ignore"):
        for place in places:
            passed = forward(place.X, place.parameters)
            answered += [asked(place, passed) for _ in range(CALLS)]
    return answered


def joined(answered: Sequence[Mapping[str, Array]], flat_biases: bool = False) -> dict[str, Answer]:
    """The answer for each gradient. Where biases are flat, so are their gradients, however many axes they have here."""
    answers = {}
    for name in GRADIENTS:
        arrays = [answer[name] for answer in answered]
        flat = flat_biases and name.startswith("db")
        shapes = tuple((array.size,) if flat and 1 in array.shape else array.shape for array in arrays)
        form = Form(shapes, all(array.dtype.kind in "iub" for array in arrays))
        answers[name] = Answer(form, np.concatenate([array.ravel() for array in arrays]).astype(np.float64))
    return answers
