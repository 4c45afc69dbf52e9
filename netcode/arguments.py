"""What the numbers that a user chooses must satisfy. Each error is one line that names the number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise

import numpy as np

from netcode.errors import InputError

MAX_INTEGER = 2**63 - 1  # what len() and NumPy can count to
MAX_PARAMETERS = 10**9  # 8 GB; beyond it, rather a slip of the finger


def integer(name: str, value: object, least: int) -> int:
    """The value as an int. Raises InputError unless it is a whole number from `least`."""
    if isinstance(value, int | np.integer) and not isinstance(value, bool) and least <= value <= MAX_INTEGER:
        return int(value)
    raise InputError(f"{name} is {_shown(value)}; expected a whole number from {least}{_limit(value)}")


def layer_sizes(name: str, value: object) -> tuple[int, ...]:
    """The hidden units of each hidden layer: of one if the value is a number, of none if it is an empty sequence.

    >>> layer_sizes("hidden", 25), layer_sizes("hidden", [64, 32])
    ((25,), (64, 32))

    Raises InputError unless all are whole numbers from 1.
    """
    sizes = tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else (value,)
    return tuple(integer(name, size, least=1) for size in sizes)


def require_parameters(what: str, sizes: Sequence[int]) -> None:
    """Raises InputError if a network of these layers, features first, has more parameters than anybody means."""
    if (count := sum(outputs * (inputs + 1) for inputs, outputs in pairwise(sizes))) > MAX_PARAMETERS:
        raise InputError(f"{what}: {count:,} parameters; expected at most {MAX_PARAMETERS:,}")


def positive(name: str, value: object) -> float:
    """The value as a float. Raises InputError unless it is a finite number above 0."""
    if 0 < _number(value) < math.inf:
        return _number(value)
    raise InputError(f"{name} is {_shown(value)}; expected a finite number above 0")


def nonnegative(name: str, value: object) -> float:
    """The value as a float. Raises InputError unless it is a finite number from 0."""
    if 0 <= _number(value) < math.inf:
        return _number(value)
    raise InputError(f"{name} is {_shown(value)}; expected a finite number from 0")


def part(name: str, value: object) -> float:
    """The value as a float. Raises InputError unless it is between 0 and 1."""
    if 0 < _number(value) < 1:
        return _number(value)
    raise InputError(f"{name} is {_shown(value)}; expected a part between 0 and 1")


def _number(value: object) -> float:
    if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        with suppress(OverflowError):  # an integer beyond 1e308
            return float(value)
    return math.nan


def _shown(value: object) -> str:
    """The value as it is written, cut short if it is long."""
    try:
        text = repr(value)
    except ValueError:  # Python doesn't print integers of more than 4300 digits
        return "a number of thousands of digits"
    return text if len(text) <= 40 else f"{text[:37]}..."


def _limit(value: object) -> str:
    return f" to {MAX_INTEGER:,}" if isinstance(value, int) and value > MAX_INTEGER else ""
