"""What is trained on: data, the size of the network, and the settings of gradient descent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcode.data import digits, spiral
from netcode.network import initialize, one_hot
from netcode.parameters import Parameters


@dataclass(frozen=True)
class Problem:
    """Examples as rows, as data comes; `X` and `Y` have them as columns, as the network takes them."""

    name: str
    rows: NDArray[np.float64]
    y: NDArray[np.int64]
    h: int
    C: int
    learning_rate: float
    lam: float = 1e-3

    @property
    def m(self) -> int:
        return len(self.rows)

    @property
    def n(self) -> int:
        n: int = self.rows.shape[1]
        return n

    @property
    def X(self) -> NDArray[np.float64]:
        """(n, m), a view."""
        return self.rows.T

    @property
    def Y(self) -> NDArray[np.float64]:
        """(C, m), one-hot."""
        return one_hot(self.y, self.C)

    @property
    def sizes(self) -> str:
        return f"m={self.m:,} n={self.n} h={self.h} C={self.C}"

    def initial(self) -> Parameters:
        """The parameters at the start, the same for all contenders."""
        return initialize(self.n, self.h, self.C, seed=0)


def spiral_problem() -> Problem:
    """The post's network: 300 points, 25 hidden units."""
    rows, y = spiral()
    return Problem("spiral", rows, y, h=25, C=3, learning_rate=1.0)


def digits_problem() -> Problem:
    """scikit-learn's digits with 100 hidden units. Raises MissingExtraError without scikit-learn."""
    rows, y = digits()
    return Problem("digits", rows, y, h=100, C=10, learning_rate=0.5)


def random_problem(name: str, m: int, n: int = 784, h: int = 512, C: int = 10) -> Problem:
    """Noise of the sizes given: to time and to weigh a step it is as good as pictures."""
    generator = np.random.default_rng(0)
    return Problem(
        name, generator.standard_normal((m, n)), generator.integers(0, C, m), h=h, C=C, learning_rate=0.1, lam=1e-3
    )
