"""The floor under every training step: its five matrix products, and nothing else."""

from __future__ import annotations

import numpy as np

from benchmarks.problem import Problem


class Floor:
    """The products of a full training step, of the shapes and the layouts they have there, into arrays made before.

    `block` columns are taken at a time, as the fast step does; by default all.
    """

    def __init__(self, problem: Problem, block: int | None = None) -> None:
        self._X = problem.X
        self._m = problem.m
        self._block = min(block or self._m, self._m)
        self._W1, _, self._W2, _ = problem.initial()
        normal = np.random.default_rng(1).standard_normal
        k = self._block
        self._A1, self._dZ1 = normal((problem.h, k)), normal((problem.h, k))
        self._dZ2 = normal((problem.C, k))
        self._Z1, self._dA1, self._Z2 = np.empty((problem.h, k)), np.empty((problem.h, k)), np.empty((problem.C, k))
        self._dW1, self._dW2 = np.empty_like(self._W1), np.empty_like(self._W2)

    def multiply(self) -> None:
        """W1 X, W2 A1, dZ2 A1^T, W2^T dZ2 and dZ1 X^T."""
        for start in range(0, self._m, self._block):
            X = self._X[:, start : start + self._block]
            k = slice(X.shape[1])
            np.matmul(self._W1, X, out=self._Z1[:, k])
            np.matmul(self._W2, self._A1[:, k], out=self._Z2[:, k])
            np.matmul(self._dZ2[:, k], self._A1[:, k].T, out=self._dW2)
            np.matmul(self._W2.T, self._dZ2[:, k], out=self._dA1[:, k])
            np.matmul(self._dZ1[:, k], X.T, out=self._dW1)
