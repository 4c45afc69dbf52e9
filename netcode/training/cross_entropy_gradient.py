"""The backward pass of `netcode.deep_network` once more, for speed: the same formulas in place, in blocks of columns.

Read `netcode.deep_network` first; the tests hold the two equal. What makes this one fast: nothing is allocated after
the first call, a block's activations stay in the cache, and sums and maxima run over contiguous memory.
"""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

import numpy as np

from netcode.parameters import Parameters
from netcode.shapes import Array, Bool, Float

# Columns in a block, as measured: few keep its activations in a core's cache. But each block also costs a pass over the
# weights and their gradients: where these are many, more columns pay.
BLOCK = 464
BLOCK_OF_MANY_WEIGHTS = 1536
MANY_WEIGHTS = 30_000


class CrossEntropyGradient:
    """The gradient of the sum of the examples' cross-entropies, for parameters of one shape, again and again."""

    def __init__(self, parameters: Parameters, block: int | None = None) -> None:
        """Prepare for parameters like these, computing at most `block` columns at a time.

        Without a `block`, it is chosen by the number of weights.
        """
        self.block = block or (BLOCK if parameters.weights.size < MANY_WEIGHTS else BLOCK_OF_MANY_WEIGHTS)
        self._part = Parameters(*parameters)
        self._workspaces: dict[int, _Workspace] = {}

    def __call__(
        self,
        X: Float[Array, "n m"],
        Y: Float[Array, "C m"],
        parameters: Parameters,
        scale: float,
        out: Parameters,
        with_loss: bool,
        weights: Float[Array, " m"] | None = None,
    ) -> float:
        """Write `scale` times the gradient to `out`. Returns the sum of the cross-entropies if `with_loss`, else 0.

        With `weights`, it is the sum, and the gradient of the sum, of the cross-entropies times their weights.
        """
        cross_entropy = 0.0
        for start in range(0, X.shape[1], self.block):
            columns = slice(start, start + self.block)
            part = self._part if start else out
            here = self._workspace(X[:, columns], parameters)
            block = None if weights is None else weights[columns]
            cross_entropy += _forward(here, Y[:, columns], parameters, with_loss, block)
            _backward(here, Y[:, columns], parameters, scale if block is None else scale * block, part)
            if start:
                np.add(out.flat, part.flat, out=out.flat)
        return cross_entropy

    def _workspace(self, X: Float[Array, "n k"], parameters: Parameters) -> _Workspace:
        _, columns = X.shape
        if columns not in self._workspaces:
            if columns > max(self._workspaces, default=0):
                self._workspaces = {}  # they lie in the memory that is too small now
                self._memory = _Memory.of(parameters, columns)
            self._workspaces[columns] = _Workspace.within(self._memory, parameters, columns)
        workspace = self._workspaces[columns]
        workspace.A[0] = X
        return workspace


def _forward(
    here: _Workspace,
    Y: Float[Array, "C k"],
    parameters: Parameters,
    with_loss: bool,
    weights: Float[Array, " k"] | None,
) -> float:
    """Fill A with activations and P with probabilities. Returns the sum of the cross-entropies if `with_loss`."""
    A, P, row, L = here.A, here.P, here.row, parameters.depth
    for l in range(1, L + 1):
        Z = A[l] if l < L else P
        np.matmul(parameters.W[l], A[l - 1], out=Z)
        np.add(Z, parameters.b[l], out=Z)
        if l < L:
            np.maximum(Z, here.zeros, out=Z)  # with a row of zeros it is faster than with a number
    np.maximum.reduce(P, axis=0, out=row)
    np.subtract(P, row, out=P)
    cross_entropy = -float(np.vdot(Y if weights is None else Y * weights, P)) if with_loss else 0.0
    np.exp(P, out=P)
    np.add.reduce(P, axis=0, out=row)
    np.divide(P, row, out=P)
    if with_loss:
        logarithms = np.log(row, out=row)
        cross_entropy += float(logarithms.sum() if weights is None else np.vdot(weights, logarithms))
    return cross_entropy


def _backward(
    here: _Workspace,
    Y: Float[Array, "C k"],
    parameters: Parameters,
    scale: float | Float[Array, " k"],
    out: Parameters,
) -> None:
    """Write `scale` times the block's gradient to `out`; in A, each activation makes way for its layer's dZ.

    `scale` is one number, or one for each example.
    """
    A = here.A
    dZ = np.subtract(here.P, Y, out=here.P)
    np.multiply(dZ, scale, out=dZ)  # scaled here, where there is least to multiply, all that follows comes out scaled
    for l in range(parameters.depth, 0, -1):
        np.matmul(dZ, A[l - 1].T, out=out.W[l])
        np.matmul(dZ, here.ones, out=out.b[l])  # as a product, a sum over the examples is faster
        if l > 1:
            np.matmul(parameters.W[l].T, dZ, out=here.dA[l - 1])
            np.greater(A[l - 1], 0, out=here.active[l - 1])
            dZ = np.multiply(here.dA[l - 1], here.active[l - 1], out=A[l - 1])


class _Memory(NamedTuple):
    """What the workspaces of all numbers of columns share."""

    numbers: Float[Array, " numbers"]
    flags: Bool[Array, " flags"]
    zeros: Float[Array, " columns"]
    ones: Float[Array, "columns 1"]

    @classmethod
    def of(cls, parameters: Parameters, columns: int) -> _Memory:
        *hidden, C = (b.size for b in parameters.b.values())
        widest, dtype = max(hidden, default=0), parameters.flat.dtype
        return cls(
            numbers=np.empty((sum(hidden) + widest + C + 1) * columns, dtype),
            flags=np.empty(widest * columns, bool),
            zeros=np.zeros(columns, dtype),
            ones=np.ones((columns, 1), dtype),
        )


class _Workspace(NamedTuple):
    """The arrays that a block of k columns needs. Of dA and active, all layers use the same memory in turns."""

    A: dict[int, Float[Array, "_ k"]]
    dA: dict[int, Float[Array, "_ k"]]
    active: dict[int, Bool[Array, "_ k"]]
    P: Float[Array, "C k"]
    row: Float[Array, " k"]
    zeros: Float[Array, " k"]
    ones: Float[Array, "k 1"]

    @classmethod
    def within(cls, memory: _Memory, parameters: Parameters, k: int) -> _Workspace:
        """Arrays for k columns at the start of the given memory, so that blocks of all sizes share it."""
        *hidden, C = (b.size for b in parameters.b.values())
        ends = accumulate(units * k for units in (*hidden, max(hidden, default=0), C, 1))
        *A, dA, P, row, _ = np.split(memory.numbers, list(ends))
        layers = list(enumerate(hidden, start=1))
        return cls(
            A={l: A[l - 1].reshape(units, k) for l, units in layers},
            dA={l: dA[: units * k].reshape(units, k) for l, units in layers},
            active={l: memory.flags[: units * k].reshape(units, k) for l, units in layers},
            P=P.reshape(C, k),
            row=row,
            zeros=memory.zeros[:k],
            ones=memory.ones[:k],
        )
