"""Holding examples out, to know how a network does on what it hasn't seen."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from netcode.errors import InputError


class Split(NamedTuple):
    """The rows to learn from, and those held out, each in their order."""

    train: NDArray[np.intp]
    test: NDArray[np.intp]


def stratified_split(y: NDArray[Any], test_size: float, seed: int) -> Split:
    """Hold out the part `test_size` of each class, chosen at random by the seed; at least one of each is learned from.

    >>> stratified_split(np.array(["a", "a", "a", "a", "b", "b"]), test_size=0.5, seed=0).test.size
    3

    Raises InputError if that leaves nothing to hold out.
    """
    random = np.random.default_rng(seed)
    held_out = np.zeros(len(y), dtype=np.bool_)
    _, indices, counts = np.unique(y, return_inverse=True, return_counts=True)
    by_class = np.split(np.argsort(indices, kind="stable"), np.cumsum(counts)[:-1])
    for rows in by_class:
        count = min(round(test_size * len(rows)), len(rows) - 1)
        held_out[random.permutation(rows)[:count]] = True
    if not held_out.any():
        raise InputError(f"a test size of {test_size:g} holds out none of {len(y)} examples; expected more")
    return Split(np.flatnonzero(~held_out), np.flatnonzero(held_out))
