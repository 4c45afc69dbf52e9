"""What is trained on: data, a network, and the settings of gradient descent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netcode.data import digits, spiral
from netcode.deep_network import initialize
from netcode.network import one_hot
from netcode.problem import Problem


@dataclass(frozen=True)
class Case:
    """A problem by its name, whose parameters are those at the start, the same for all contenders."""

    name: str
    problem: Problem
    learning_rate: float

    @property
    def rows(self) -> NDArray[np.float64]:
        """(m, n): the examples as most libraries take them. A view, contiguous where `X` isn't."""
        return self.problem.X.T

    @property
    def y(self) -> NDArray[np.int64]:
        """(m,): the classes."""
        y: NDArray[np.int64] = self.problem.Y.argmax(axis=0)
        return y

    @property
    def m(self) -> int:
        return len(self.rows)

    @property
    def hidden(self) -> tuple[int, ...]:
        """The number of units of each hidden layer."""
        return tuple(b.size for b in self.problem.parameters[1:-1:2])

    @property
    def sizes(self) -> str:
        n, C = self.rows.shape[1], len(self.problem.Y)
        return f"m={self.m:,} n={n} h={'-'.join(map(str, self.hidden))} C={C}"


def spiral_case() -> Case:
    """The post's network: 300 points, 25 hidden units."""
    return _case("spiral", *spiral(), hidden=(25,), C=3, learning_rate=1.0)


def digits_case() -> Case:
    """scikit-learn's digits with 100 hidden units. Raises MissingExtraError without scikit-learn."""
    return _case("digits", *digits(), hidden=(100,), C=10, learning_rate=0.5)


def random_case(name: str, m: int, n: int = 784, hidden: tuple[int, ...] = (512,), C: int = 10) -> Case:
    """Noise of the sizes given: to time and to weigh a step it is as good as pictures."""
    generator = np.random.default_rng(0)
    rows, y = generator.standard_normal((m, n)), generator.integers(0, C, m)
    return _case(name, rows, y, hidden, C, learning_rate=0.1)


def _case(
    name: str,
    rows: NDArray[np.float64],
    y: NDArray[np.int64],
    hidden: tuple[int, ...],
    C: int,
    learning_rate: float,
) -> Case:
    parameters = initialize((rows.shape[1], *hidden, C), seed=0)
    return Case(name, Problem(rows.T, one_hot(y, C), parameters, lam=1e-3), learning_rate)
