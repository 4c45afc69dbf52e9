"""Random problems for the tests: a network, examples and targets, of any sizes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from netcode import Parameters, initialize, one_hot
from netcode.shapes import Array, Float


class Problem(NamedTuple):
    X: Float[Array, "n m"]
    Y: Float[Array, "C m"]
    parameters: Parameters
    lam: float


def random_problem(m: int, n: int, h: int, C: int, seed: int, dtype: type[np.floating] = np.float64) -> Problem:
    random = np.random.default_rng(seed)
    W1, _, W2, _ = initialize(n, h, C, seed)
    parameters = Parameters(W1, random.standard_normal((h, 1)), W2, random.standard_normal((C, 1)))
    return Problem(
        X=random.standard_normal((n, m)).astype(dtype),
        Y=one_hot(random.integers(0, C, m), C).astype(dtype),
        parameters=Parameters(*(parameter.astype(dtype) for parameter in parameters)),
        lam=float(random.choice([0.0, 1e-3, 0.5])),
    )


Sizes = tuple[int, int, int, int]  # m, n, h, C


def sizes(largest: int = 9) -> st.SearchStrategy[Sizes]:
    size = st.integers(1, largest)
    return st.tuples(size, size, size, size)


seeds = st.integers(0, 2**32 - 1)
