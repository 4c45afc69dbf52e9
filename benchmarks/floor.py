"""The floor under every training step: its matrix products, 3L - 1 of them for L layers, and nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from netcode.parameters import Parameters
from netcode.problem import Problem

Arrays = dict[int, NDArray[np.float64]]


class Floor:
    """The products of a full training step, of the shapes and the layouts they have there, into arrays made before.

    `block` columns are taken at a time, as the fast step does; by default all.
    """

    def __init__(self, problem: Problem, block: int | None = None) -> None:
        self._X, _, self._parameters, _ = problem
        self._gradient = Parameters(*self._parameters)
        m = self._X.shape[1]
        self._block = block or m
        self._arrays = {k: self._made(k) for k in {min(self._block, m - start) for start in range(0, m, self._block)}}

    def _made(self, k: int) -> tuple[Arrays, Arrays, Arrays]:
        """A, dZ and dA of each layer, for k columns."""
        normal = np.random.default_rng(1).standard_normal
        A, dZ, dA = ({l: normal((b.size, k)) for l, b in self._parameters.b.items()} for _ in range(3))
        return A, dZ, dA

    def multiply(self) -> None:
        """W[l] A[l-1] forward; then, backward, dZ[l] A[l-1]^T and W[l]^T dZ[l], all but the last."""
        W, dW, L = self._parameters.W, self._gradient.W, self._parameters.depth
        for start in range(0, self._X.shape[1], self._block):
            X = self._X[:, start : start + self._block]
            A, dZ, dA = self._arrays[X.shape[1]]
            A[0] = X
            for l in range(1, L + 1):
                np.matmul(W[l], A[l - 1], out=A[l])
            for l in range(L, 0, -1):
                np.matmul(dZ[l], A[l - 1].T, out=dW[l])
                if l > 1:
                    np.matmul(W[l].T, dZ[l], out=dA[l - 1])
