"""The fast step is the plain one: its gradients within a few roundings, its trajectory over a thousand steps."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcode import deep_network, initialize, one_hot
from netcode.data import spiral
from netcode.deep_network import backward, forward, loss, update
from netcode.gradients.rounding import rounding_scale
from netcode.parameters import Parameters
from netcode.problem import Problem
from netcode.training.training_step import TrainingStep
from tests.netcode.problems import DEPTHS, Sizes, deep_problem, random_problem, seeds, sizes

ROUNDINGS = 8  # as of an analytic gradient against the exact one: each entry sums up to m terms


def plain_step(problem: Problem, rate: float) -> Parameters:
    X, Y, parameters, lam = problem
    return update(parameters, backward(X, Y, parameters, forward(X, parameters), lam).gradient, rate)


def assert_same_step(problem: Problem, rate: float, block: int) -> None:
    X, Y, parameters, lam = problem
    step = TrainingStep(parameters, rate, lam, block)
    value = step(X, Y, with_loss=True)
    epsilon = float(np.finfo(parameters.W1.dtype).eps)
    assert value == pytest.approx(
        loss(forward(X, parameters).Z[parameters.depth], Y, parameters, lam), rel=ROUNDINGS * epsilon
    )
    scales = rounding_scale(X, Y, parameters, lam)
    for fast, plain, start, scale in zip(step.parameters, plain_step(problem, rate), parameters, scales, strict=True):
        assert fast.dtype == plain.dtype
        assert (np.abs(fast - plain) <= ROUNDINGS * epsilon * (np.abs(start) + rate * scale)).all()


@given(sizes(40), seeds, st.sampled_from([np.float32, np.float64]), st.integers(1, 50), st.floats(1e-3, 2))
def test_a_step_is_the_plain_step(size: Sizes, seed: int, dtype: type[np.floating], block: int, rate: float) -> None:
    assert_same_step(random_problem(*size, seed, dtype), rate, block)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("block", [3, 50])
@pytest.mark.parametrize("depth", DEPTHS)
def test_a_step_is_the_plain_step_at_every_depth(depth: int, block: int, dtype: type[np.floating]) -> None:
    for seed in range(3):
        assert_same_step(deep_problem(depth, seed, m=10, dtype=dtype), 0.5, block)


@pytest.mark.parametrize("block", [3, 50])
@pytest.mark.parametrize("depth", DEPTHS)
def test_the_gradient_of_weighted_examples_is_the_weighted_sum_of_their_gradients(depth: int, block: int) -> None:
    X, Y, parameters, _ = deep_problem(depth, seed=0, m=10, dtype=np.float64)
    weights = np.random.default_rng(depth).uniform(0, 3, 10)
    weighted = TrainingStep(parameters, 1.0, 0.0, block)
    value = weighted(X, Y, with_loss=True, weights=weights)
    losses, moves = [], []
    for i in range(10):
        step = TrainingStep(parameters, 1.0, 0.0)
        losses.append(step(X[:, i : i + 1], Y[:, i : i + 1], with_loss=True))
        moves.append(step.parameters.flat - parameters.flat)
    assert value == pytest.approx(np.dot(weights, np.array(losses, float)) / 10)
    moved = weighted.parameters.flat - parameters.flat
    assert moved == pytest.approx(weights @ np.array(moves) / 10, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("m", [463, 464, 465, 1797])
def test_a_step_is_the_plain_step_about_the_usual_block(m: int) -> None:
    problem = random_problem(m, 64, 100, 10, seed=m)
    assert_same_step(problem, 0.5, TrainingStep(problem.parameters, 0.5, 0.0).block)
    rows = np.ascontiguousarray(problem.X.T)
    assert_same_step(problem._replace(X=rows.T), 0.5, 464)


@pytest.mark.usefixtures("unchecked_shapes")
@pytest.mark.parametrize("block", [64, 512])
def test_a_thousand_steps_follow_the_plain_ones(block: int) -> None:
    rows, labels = spiral()
    X, Y = rows.T, one_hot(labels, 3)
    plain = initialize(2, 25, 3, seed=0)
    step = TrainingStep(plain, 1.0, 1e-3, block)
    for _ in range(1000):
        step(X, Y)
        plain = update(plain, backward(X, Y, plain, forward(X, plain), 1e-3).gradient, 1.0)
    for fast, expected in zip(step.parameters, plain, strict=True):
        assert np.abs(fast - expected).max() <= 1e-13 * np.abs(expected).max()


@pytest.mark.usefixtures("unchecked_shapes")
def test_steps_of_a_deep_network_follow_the_plain_ones() -> None:
    rows, labels = spiral()
    X, Y = rows.T, one_hot(labels, 3)
    plain = deep_network.initialize((2, 20, 10, 15, 3), seed=0)
    step = TrainingStep(plain, 0.1, 1e-3, 128)
    for _ in range(300):
        step(X, Y)
        plain = update(plain, backward(X, Y, plain, forward(X, plain), 1e-3).gradient, 0.1)
    assert np.abs(step.parameters.flat - plain.flat).max() <= 1e-13 * np.abs(plain.flat).max()


def test_nothing_given_is_mutated_and_nothing_given_out_changes() -> None:
    problem, same = random_problem(7, 2, 5, 3, seed=0), random_problem(7, 2, 5, 3, seed=0)
    step = TrainingStep(problem.parameters, 0.1, 0.1, block=3)
    step(problem.X, problem.Y)
    first = step.parameters
    kept = [parameter.copy() for parameter in first]
    step(problem.X, problem.Y)
    assert all(np.array_equal(*pair) for pair in zip(first, kept, strict=True))
    for before, after in zip(
        (problem.X, problem.Y, *problem.parameters), (same.X, same.Y, *same.parameters), strict=True
    ):
        assert np.array_equal(before, after)


def test_an_interrupted_step_leaves_the_parameters_of_the_last_complete_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it is interrupted, here at each of its operations in turn."""
    problem = random_problem(7, 2, 5, 3, seed=0)
    complete = TrainingStep(problem.parameters, 0.1, 0.1, block=3)
    complete(problem.X, problem.Y)
    operations = ("matmul", "subtract", "multiply", "add", "exp", "divide", "greater", "maximum")
    interrupted = 0
    for operation in operations:
        for count in range(20):
            step = TrainingStep(problem.parameters, 0.1, 0.1, block=3)
            step(problem.X, problem.Y)
            with monkeypatch.context() as patch:
                patch.setattr(
                    f"netcode.training.training_step.np.{operation}", InterruptAfter(count, getattr(np, operation))
                )
                try:
                    step(problem.X, problem.Y)
                except KeyboardInterrupt:
                    interrupted += 1
                else:
                    continue
            for kept, expected in zip(step.parameters, complete.parameters, strict=True):
                assert np.array_equal(kept, expected)
    assert interrupted > 50


class InterruptAfter:
    """A NumPy function that is interrupted, after its work, when it has been called so many times."""

    def __init__(self, count: int, function: np.ufunc) -> None:
        self.left = count
        self.function = function

    def __call__(self, *args: np.ndarray, **kwargs: np.ndarray) -> object:
        result = self.function(*args, **kwargs)
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return result

    def reduce(self, *args: np.ndarray, **kwargs: np.ndarray) -> object:
        return self.function.reduce(*args, **kwargs)


# Past a block, m costs no more memory.
@pytest.mark.parametrize(("m", "hidden"), [(60_000, (100,)), (3_000, (512,)), (3_000, (256, 128))])
def test_a_full_batch_takes_little_memory_beside_the_data(m: int, hidden: tuple[int, ...]) -> None:
    X, Y = np.zeros((m, 784)).T, np.zeros((10, m))
    Y[0] = 1
    parameters = deep_network.initialize((784, *hidden, 10), seed=0)
    tracemalloc.start()
    try:
        TrainingStep(parameters, 0.1, 1e-3)(X, Y, with_loss=True)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak <= 30e6
