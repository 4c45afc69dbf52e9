"""What the numbers that a user chooses must satisfy. Each error is one line that names the number."""

from __future__ import annotations

import math

import numpy as np

from netcode.errors import InputError


def integer(name: str, value: object, least: int) -> int:
    """The value as an int. Raises InputError unless it is a whole number from `least`."""
    if isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= least:
        return int(value)
    raise InputError(f"{name} is {value!r}; expected a whole number from {least}")


def positive(name: str, value: object) -> float:
    """The value as a float. Raises InputError unless it is a finite number above 0."""
    if 0 < _number(value) < math.inf:
        return _number(value)
    raise InputError(f"{name} is {value!r}; expected a finite number above 0")


def nonnegative(name: str, value: object) -> float:
    """The value as a float. Raises InputError unless it is a finite number from 0."""
    if 0 <= _number(value) < math.inf:
        return _number(value)
    raise InputError(f"{name} is {value!r}; expected a finite number from 0")


def _number(value: object) -> float:
    if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        return float(value)
    return math.nan
