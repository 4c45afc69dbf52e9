"""The floor under every training step: its five matrix products, and nothing else."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.problem import Problem


class Floor:
    """The products of a full training step, of the shapes and the layouts they have there, into arrays made before.

    `block` columns are taken at a time, as the fast step does; by default all.
    """

    def __init__(self, problem: Problem, block: int | None = None) -> None:
        self._X = problem.X
        self._block = block or problem.m
        self._W1, _, self._W2, _ = problem.initial()
        self._dW1, self._dW2 = np.empty_like(self._W1), np.empty_like(self._W2)
        widths = {min(self._block, problem.m - start) for start in range(0, problem.m, self._block)}
        self._arrays = {k: _Arrays.of(problem.h, problem.C, k) for k in widths}

    def multiply(self) -> None:
        """W1 X, W2 A1, dZ2 A1^T, W2^T dZ2 and dZ1 X^T."""
        for start in range(0, self._X.shape[1], self._block):
            X = self._X[:, start : start + self._block]
            Z1, A1, Z2, dZ2, dA1, dZ1 = self._arrays[X.shape[1]]
            np.matmul(self._W1, X, out=Z1)
            np.matmul(self._W2, A1, out=Z2)
            np.matmul(dZ2, A1.T, out=self._dW2)
            np.matmul(self._W2.T, dZ2, out=dA1)
            np.matmul(dZ1, X.T, out=self._dW1)


class _Arrays(NamedTuple):
    """What the products of k columns take and give."""

    Z1: NDArray[np.float64]
    A1: NDArray[np.float64]
    Z2: NDArray[np.float64]
    dZ2: NDArray[np.float64]
    dA1: NDArray[np.float64]
    dZ1: NDArray[np.float64]

    @classmethod
    def of(cls, h: int, C: int, k: int) -> _Arrays:
        normal = np.random.default_rng(1).standard_normal
        return cls(*(normal((rows, k)) for rows in (h, h, C, C, h, h)))
