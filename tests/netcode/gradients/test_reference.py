"""The network against 50 digits, and the 50 digits against a difference quotient without any rounding error.

Tolerances: each entry within 8 epsilon of S, the gradient's formula with every term's absolute value, or the whole
within 2e-15 of its norm.
Where the scores are large, as in the random networks here, the rounding error of a score, epsilon times the
magnitudes of its terms, comes on top: it is a relative error of the probability, whatever is done afterwards.
"""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import given

from netcode import GradientDescent, Parameters, backward, deep_network, forward, initialize, loss, one_hot
from netcode.data import spiral
from netcode.gradients.numeric import complex_step
from netcode.gradients.reference import errors, reference_gradient, reference_loss
from netcode.gradients.rounding import EPSILON, rounding_scale, rounding_scale_of_scores
from netcode.problem import Problem
from tests.netcode.problems import DEPTHS, Sizes, deep_problem, random_problem, seeds, sizes


def assert_exact(problem: Problem, gradient: Parameters, roundings: float = 8) -> None:
    reference = reference_gradient(*problem)
    scales = rounding_scale(*problem)
    for name in problem.parameters._fields:
        entries = getattr(gradient, name)
        error = errors(entries, reference[f"d{name}"])
        componentwise = (error <= roundings * EPSILON * getattr(scales, name)).all()
        normwise = np.linalg.norm(error) <= 2e-15 * np.linalg.norm(entries)
        assert componentwise or normwise, f"d{name} is off by {error.max()}"


def analytic(problem: Problem) -> Parameters:
    X, Y, parameters, lam = problem
    return backward(X, Y, parameters, forward(X, parameters), lam).gradient


def the_spiral(updates: int) -> Problem:
    rows, labels = spiral()
    X, Y = rows.T, one_hot(labels, 3)
    run = GradientDescent(X, Y, initialize(2, 25, 3, seed=0), learning_rate=1.0, lam=1e-3, updates=updates)
    list(run)
    return Problem(X, Y, run.parameters, 1e-3)


@pytest.mark.parametrize("updates", [0, 200])
def test_the_spiral(updates: int) -> None:
    problem = the_spiral(updates)
    assert_exact(problem, analytic(problem))
    X, Y, parameters, lam = problem
    exact = float(reference_loss(*problem))
    assert loss(forward(X, parameters).Z2, Y, parameters, lam) == pytest.approx(exact, rel=8 * EPSILON)


@given(sizes(6), seeds)
def test_networks_of_all_sizes(size: Sizes, seed: int) -> None:
    problem = random_problem(*size, seed)
    assert_exact(problem, analytic(problem), 8 + rounding_scale_of_scores(problem.X, problem.parameters))


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("seed", range(3))
def test_networks_of_all_depths(depth: int, seed: int) -> None:
    problem = deep_problem(depth, seed)
    X, Y, parameters, lam = problem
    passed = deep_network.forward(X, parameters)
    roundings = 8 + rounding_scale_of_scores(X, parameters)
    assert_exact(problem, deep_network.backward(X, Y, parameters, passed, lam).gradient, roundings)
    exact = float(reference_loss(*problem))
    assert deep_network.loss(passed.Z[depth], Y, parameters, lam) == pytest.approx(exact, rel=roundings * EPSILON)


@given(sizes(4), seeds)
def test_complex_step(size: Sizes, seed: int) -> None:
    problem = random_problem(*size, seed)
    slopes = Parameters(*complex_step(*problem).values)
    assert_exact(problem, slopes, 8 + rounding_scale_of_scores(problem.X, problem.parameters))


@given(sizes(3), seeds)
def test_the_reference_gradient_is_the_slope_of_the_reference_loss(size: Sizes, seed: int) -> None:
    """Its loss as a function of one entry, differentiated by mpmath, with the step far below any distance to a kink."""
    X, Y, parameters, lam = random_problem(*size, seed)
    reference = reference_gradient(X, Y, parameters, lam)
    random = np.random.default_rng(seed)
    name = str(random.choice(parameters._fields))
    parameter = getattr(parameters, name)
    place = tuple(int(random.integers(length)) for length in parameter.shape)
    step = 2.0**-20

    def moved(by: float) -> mpmath.mpf:
        entries = parameter.copy()
        entries[place] += by
        return reference_loss(X, Y, parameters._replace(**{name: entries}), lam)

    entries = parameter.copy()
    entries[place] += step
    with mpmath.workdps(50):
        # Steps that float64 represents exactly: the quotient's error is the truncation alone.
        rounded = mpmath.mpf(float(entries[place])) - mpmath.mpf(float(parameter[place]))
        down = mpmath.mpf(float(parameter[place])) - mpmath.mpf(float(parameter[place] - step))
        slope = (moved(step) - moved(-step)) / (rounded + down)
        expected = reference[f"d{name}"][place[0]][place[1]]
        assert abs(slope - expected) <= 1e-4 * step * max(1, abs(expected))


def test_a_wrong_gradient_is_not_within_the_tolerance() -> None:
    problem = the_spiral(0)
    right = analytic(problem)
    with pytest.raises(AssertionError, match="dW2 is off by"):
        assert_exact(problem, right._replace(W2=right.W2 * (1 + 1e-13)))


def test_shapes_are_compared_first() -> None:
    with pytest.raises(ValueError, match=r"shape \(1, 2\) is compared with a reference of shape \(2, 1\)"):
        errors(np.zeros((1, 2)), [[mpmath.mpf(0)], [mpmath.mpf(0)]])
