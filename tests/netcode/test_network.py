from __future__ import annotations

import inspect
import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from netcode import Parameters, backward, forward, initialize, loss, one_hot, update
from netcode.data import spiral
from netcode.network import cross_entropy, softmax
from netcode.problem import Problem
from tests.netcode.problems import Sizes, random_problem, seeds, sizes

SPIRAL_X, SPIRAL_Y = spiral()
X = SPIRAL_X.T
Y = one_hot(SPIRAL_Y, 3)
NO_PARAMETERS = Parameters(np.zeros((1, 1)), np.zeros((1, 1)), np.zeros((1, 1)), np.zeros((1, 1)))


def test_the_lines_of_the_chapter_are_the_lines_of_the_code() -> None:
    code = [line.split("  #")[0].strip() for line in inspect.getsource(backward).splitlines()]
    assert [line for line in code if line.startswith("d") and " = " in line] == [
        "dZ2 = (P - Y) / m",
        "dW2 = dZ2 @ A1.T + lam * W2",
        "db2 = dZ2.sum(axis=1, keepdims=True)",
        "dA1 = W2.T @ dZ2",
        "dZ1 = dA1 * (Z1 > 0)",
        "dW1 = dZ1 @ X.T + lam * W1",
        "db1 = dZ1.sum(axis=1, keepdims=True)",
    ]


def test_he_initialization() -> None:
    W1, b1, W2, b2 = initialize(400, 600, 500, seed=1)
    assert W1.std() == pytest.approx(math.sqrt(2 / 400), rel=0.01)
    assert W2.std() == pytest.approx(math.sqrt(2 / 600), rel=0.01)
    assert abs(W1.mean()) < 1e-3
    assert not b1.any()
    assert not b2.any()


def test_the_seed_determines_the_initial_parameters() -> None:
    assert all(np.array_equal(*pair) for pair in zip(initialize(2, 3, 4, 5), initialize(2, 3, 4, 5), strict=True))
    assert not np.array_equal(initialize(2, 3, 4, 5).W1, initialize(2, 3, 4, 6).W1)


def test_the_first_loss_is_near_ln_3() -> None:
    losses = [loss(forward(X, start).Z2, Y, start, 0.0) for start in (initialize(2, 25, 3, seed) for seed in range(20))]
    assert np.mean(losses) == pytest.approx(math.log(3), rel=0.3)
    assert min(losses) > 0.9


def test_the_loss_of_zero_weights_is_exactly_ln_3() -> None:
    nothing = Parameters(*(0 * parameter for parameter in initialize(2, 25, 3, seed=0)))
    assert loss(forward(X, nothing).Z2, Y, nothing, 1e-3) == math.log(3)


def test_one_hot() -> None:
    assert one_hot(np.array([2, 0]), 3).tolist() == [[0, 1], [0, 0], [1, 0]]
    assert one_hot(np.array([1]), 2).dtype == np.float64


@pytest.mark.parametrize("label", [-1, 3])
def test_one_hot_refuses_a_class_there_is_not(label: int) -> None:
    with pytest.raises(ValueError, match=f"class {label} of example 1 is not one of 0 to 2"):
        one_hot(np.array([0, label]), 3)


def exact_cross_entropy(z: np.ndarray, y: int) -> float:
    with mpmath.workdps(400):
        others = mpmath.fsum(mpmath.exp(mpmath.mpf(float(v)) - mpmath.mpf(float(z[y]))) for v in np.delete(z, y))
        return float(mpmath.log1p(others))


scores = arrays(np.float64, st.integers(2, 6), elements=st.floats(-300, 300))


@given(scores, st.data())
def test_cross_entropy_is_accurate_relative_to_itself(z: np.ndarray, data: st.DataObject) -> None:
    """Within a few roundings of the subtraction: exp multiplies a relative error of its argument by it, <= 600."""
    y = data.draw(st.integers(0, len(z) - 1))
    (computed,) = cross_entropy(z[:, np.newaxis], one_hot(np.array([y]), len(z)))
    assert computed == pytest.approx(exact_cross_entropy(z, y), rel=4e-13, abs=0)


def test_cross_entropy_of_a_great_lead_is_not_zero() -> None:
    (computed,) = cross_entropy(np.array([[700.0], [0.0]]), np.array([[1.0], [0.0]]))
    assert computed == pytest.approx(math.exp(-700), rel=1e-13, abs=0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(data=st.data())
def test_any_finite_scores_give_finite_results(dtype: type[np.floating], data: st.DataObject) -> None:
    shape = st.tuples(st.integers(1, 5), st.integers(1, 4))
    finite = st.floats(allow_nan=False, allow_infinity=False, width=64 if dtype is np.float64 else 32)
    Z = data.draw(arrays(dtype, shape, elements=finite))
    targets = one_hot(np.arange(Z.shape[1]) % Z.shape[0], Z.shape[0]).astype(dtype)
    P = softmax(Z)
    assert P.dtype == dtype
    assert np.isfinite(P).all()
    assert P.sum(axis=0) == pytest.approx(1, rel=1e-6)
    entropies = cross_entropy(Z, targets)
    assert entropies.dtype == dtype
    assert np.isfinite(entropies).all()
    assert (entropies >= 0).all()


@given(sizes(5), seeds)
def test_soft_targets(size: Sizes, seed: int) -> None:
    """The cross-entropy is linear in its targets."""
    problem = random_problem(*size, seed)
    C, m = problem.Y.shape
    Z2 = forward(problem.X, problem.parameters).Z2
    soft = np.random.default_rng(seed).dirichlet(np.ones(C), m).T
    mixed = sum(soft[c] * cross_entropy(Z2, one_hot(np.full(m, c), C)) for c in range(C))
    assert cross_entropy(Z2, soft) == pytest.approx(mixed, rel=1e-12)


@given(sizes(), seeds, st.sampled_from([np.float32, np.float64]))
def test_the_dtype_is_kept_and_nothing_is_mutated(size: Sizes, seed: int, dtype: type[np.floating]) -> None:
    problem, same = random_problem(*size, seed, dtype), random_problem(*size, seed, dtype)
    passed = forward(problem.X, problem.parameters)
    gradients = backward(problem.X, problem.Y, problem.parameters, passed, problem.lam)
    loss(passed.Z2, problem.Y, problem.parameters, problem.lam)
    moved = update(problem.parameters, gradients, 0.1)
    assert {array.dtype for array in (*passed, *gradients, *moved)} == {np.dtype(dtype)}
    assert arrays_of(problem) == arrays_of(same)
    again = forward(problem.X, problem.parameters)
    assert all(np.array_equal(*pair) for pair in zip(passed, again, strict=True))


def arrays_of(problem: Problem) -> list[list[list[float]]]:
    return [array.tolist() for array in (problem.X, problem.Y, *problem.parameters)]


def test_a_step_goes_down() -> None:
    parameters = initialize(2, 25, 3, seed=0)
    passed = forward(X, parameters)
    moved = update(parameters, backward(X, Y, parameters, passed, 1e-3), 0.1)
    assert loss(forward(X, moved).Z2, Y, moved, 1e-3) < loss(passed.Z2, Y, parameters, 1e-3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_farthest_apart_scores_there_are(dtype: type[np.floating]) -> None:
    largest = np.finfo(dtype).max
    Z = np.array([[largest, largest], [-largest, -largest]], dtype)
    assert softmax(Z).tolist() == [[1, 1], [0, 0]]
    assert cross_entropy(Z, np.eye(2, dtype=dtype)).tolist() == [0, largest]
