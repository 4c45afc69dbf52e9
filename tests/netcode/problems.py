"""Random problems for the tests: a network, examples and targets, of any sizes and any depth."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from netcode import initialize, one_hot
from netcode.deep_network import initialize as initialize_deep
from netcode.parameters import Parameters
from netcode.problem import Problem

DEPTHS = range(1, 7)


def random_problem(m: int, n: int, h: int, C: int, seed: int, dtype: type[np.floating] = np.float64) -> Problem:
    return _problem(initialize(n, h, C, seed), m, seed, dtype)


def deep_problem(depth: int, seed: int, m: int = 7, dtype: type[np.floating] = np.float64) -> Problem:
    """A network of so many layers, no two neighbours of which have the same size."""
    sizes = [3, 5, 4, 6, 3, 5, 4, 6][: depth + 1]
    return _problem(initialize_deep(sizes, seed), m, seed, dtype)


def _problem(start: Parameters, m: int, seed: int, dtype: type[np.floating]) -> Problem:
    random = np.random.default_rng(seed)
    n, C = start.W1.shape[1], len(start[-1])
    biases = {f"b{l}": random.standard_normal(b.shape) for l, b in start.b.items()}
    parameters = start._replace(**biases)
    return Problem(
        X=random.standard_normal((n, m)).astype(dtype),
        Y=one_hot(random.integers(0, C, m), C).astype(dtype),
        parameters=parameters.viewing(parameters.flat.astype(dtype)),
        lam=float(random.choice([0.0, 1e-3, 0.5])),
    )


Sizes = tuple[int, int, int, int]  # m, n, h, C


def sizes(largest: int = 9) -> st.SearchStrategy[Sizes]:
    size = st.integers(1, largest)
    return st.tuples(size, size, size, size)


seeds = st.integers(0, 2**32 - 1)
