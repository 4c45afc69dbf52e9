from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from netcode import Backward, Parameters, backward, check_gradient, deep_network, forward, initialize, loss, one_hot
from netcode.data import digits, spiral
from netcode.gradients.numeric import Method, central_differences, complex_step
from netcode.problem import Problem
from tests.netcode.problems import DEPTHS, Sizes, deep_problem, random_problem, seeds, sizes
from tests.statistics import cases

METHODS = [central_differences, complex_step]
METHOD_NAMES = ["central differences", "complex step"]


def the_spiral() -> Problem:
    rows, labels = spiral()
    return Problem(rows.T, one_hot(labels, 3), initialize(2, 25, 3, seed=0), 1e-3)


def gradient(problem: Problem) -> Backward:
    X, Y, parameters, lam = problem
    return backward(X, Y, parameters, forward(X, parameters), lam)


@pytest.mark.parametrize("method", METHODS, ids=METHOD_NAMES)
def test_the_kinks_of_the_spiral_are_known_and_checked(method: Method) -> None:
    problem = the_spiral()
    assert np.sum(forward(problem.X, problem.parameters).Z1 == 0) == 75
    X, Y, parameters, lam = problem
    check = check_gradient(X, Y, parameters, gradient(problem), lam, method)
    assert check.ok
    assert {one.name: one.kinks for one in check.checks}["db1"] == 25
    assert f"{check.kinks} entries meet a kink of ReLU" in str(check)
    wrong = gradient(problem)
    db1 = wrong.db1.copy()
    db1[3] *= 1.0001  # an entry at a kink is checked as strictly as any other
    check = check_gradient(X, Y, parameters, wrong._replace(db1=db1), lam, method)
    assert [one.name for one in check.checks if one.problem] == ["db1"]
    assert {one.name: one.worst for one in check.checks}["db1"] == (3, 0)


def test_a_naive_check_fails_on_the_spiral() -> None:
    """Its difference quotients straddle the kinks: they are off by a thousand times what a step of 1e-5 explains."""
    X, Y, parameters, lam = the_spiral()

    def naive(unit: int, by: float) -> float:
        b1 = parameters.b1.copy()
        b1[unit] += by
        moved = parameters._replace(b1=b1)
        return loss(forward(X, moved).Z2, Y, moved, lam)

    slopes = [(naive(unit, 1e-5) - naive(unit, -1e-5)) / 2e-5 for unit in range(25)]
    off = np.abs(slopes - gradient(the_spiral()).db1[:, 0])
    assert off.max() > 1e3 * central_differences(X, Y, parameters, lam).tolerances.b1.max()


@pytest.mark.parametrize("method", METHODS, ids=METHOD_NAMES)
def test_the_errors_on_the_spiral(method: Method) -> None:
    X, Y, parameters, lam = the_spiral()
    expected = 1e-9 if method is central_differences else 2e-15
    check = check_gradient(X, Y, parameters, gradient(the_spiral()), lam, method)
    assert all(one.normwise <= expected for one in check.checks)


@pytest.mark.usefixtures("unchecked_shapes")
@pytest.mark.parametrize("method", METHODS, ids=METHOD_NAMES)
def test_no_right_gradient_is_rejected(method: Method) -> None:
    """In 1,000 networks of all sizes and scales, with kinks, dead units and saturated probabilities among them."""
    for seed in range(1000):
        random = np.random.default_rng(seed)
        m, n, h, C = (int(size) for size in random.integers(1, 9, 4))
        problem = random_problem(m, n, h, C, seed)
        X = problem.X * 10 ** random.uniform(-3, 3)
        X[:, random.random(m) < 0.2] = 0
        X[:, random.random(m) < 0.1] *= 1e-7
        b1 = problem.parameters.b1 * random.integers(0, 2)
        problem = problem._replace(X=X, parameters=problem.parameters._replace(b1=b1))
        check = check_gradient(X, problem.Y, problem.parameters, gradient(problem), problem.lam, method)
        assert check.ok, (seed, str(check))


@pytest.mark.usefixtures("unchecked_shapes")
@pytest.mark.parametrize("method", METHODS, ids=METHOD_NAMES)
@given(size=sizes(5), seed=seeds)
def test_a_slightly_wrong_entry_is_found(method: Method, size: Sizes, seed: int) -> None:
    problem = random_problem(*size, seed)
    X, Y, parameters, lam = problem
    random = np.random.default_rng(seed)
    right = gradient(problem)
    name = str(random.choice(["dW1", "db1", "dW2", "db2"]))
    entries = getattr(right, name).copy()
    place = tuple(int(random.integers(length)) for length in entries.shape)
    entries[place] += 1e-6 * max(1.0, float(np.abs(entries).max()))
    check = check_gradient(X, Y, parameters, right._replace(**{name: entries}), lam, method)
    assert [one.name for one in check.checks if one.problem] == [name]


@pytest.mark.parametrize("method", METHODS, ids=METHOD_NAMES)
@pytest.mark.parametrize("shape", [(2, 25), (25,), (1, 2), (25, 1), ()])
def test_another_shape_is_wrong_and_never_broadcast(method: Method, shape: tuple[int, ...]) -> None:
    X, Y, parameters, lam = the_spiral()
    right = gradient(the_spiral())
    given_shape = Parameters(np.zeros(shape), right.db1, right.dW2, right.db2)
    check = check_gradient(X, Y, parameters, given_shape, lam, method)
    assert check.checks[0].problem == f"shape {shape}; expected (25, 2)"
    assert not check.ok


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_is_wrong(value: float) -> None:
    X, Y, parameters, lam = the_spiral()
    wrong = gradient(the_spiral())
    dW2 = wrong.dW2.copy()
    dW2[1, 2] = value
    check = check_gradient(X, Y, parameters, wrong._replace(dW2=dW2), lam)
    assert {one.name: one.worst for one in check.checks if one.problem} == {"dW2": (1, 2)}


@given(sizes(5), seeds)
def test_the_two_methods_agree(size: Sizes, seed: int) -> None:
    problem = random_problem(*size, seed)
    differences = central_differences(*problem)
    complex_ones = complex_step(*problem)
    for one, other, allowed in zip(differences.values, complex_ones.values, differences.tolerances, strict=True):
        assert (np.abs(one - other) <= allowed).all()


def test_a_gradient_in_float32_is_compared_in_float64() -> None:
    """It is not accurate enough, and told so; the same numbers rounded are."""
    problem = random_problem(5, 2, 4, 3, seed=0, dtype=np.float32)
    X, Y, parameters, lam = problem
    assert not check_gradient(X, Y, parameters, gradient(problem), lam).ok
    double = Problem(X.astype(float), Y.astype(float), Parameters(*(p.astype(float) for p in parameters)), lam)
    assert check_gradient(X, Y, parameters, gradient(double), lam).ok


def test_the_gradient_on_some_digits_is_right() -> None:
    pytest.importorskip("sklearn")
    rows, labels = digits()
    problem = Problem(rows[:50].T, one_hot(labels[:50], 10), initialize(64, 5, 10, seed=0), 1e-3)
    X, Y, parameters, lam = problem
    for method in METHODS:
        assert check_gradient(X, Y, parameters, gradient(problem), lam, method).ok


@pytest.mark.usefixtures("unchecked_shapes")
@pytest.mark.parametrize("method", METHODS, ids=METHOD_NAMES)
@pytest.mark.parametrize("depth", DEPTHS)
def test_at_every_depth_right_gradients_pass_and_wrong_entries_are_found(method: Method, depth: int) -> None:
    """In networks with dead units, with kinks and with examples that are 0, each of which has one entry changed."""
    caught = 0
    for seed in range(cases(10, 100)):
        random = np.random.default_rng(seed)
        X, Y, parameters, lam = deep_problem(depth, seed)
        X[:, random.random(7) < 0.3] = 0
        parameters.biases[random.random(parameters.biases.size) < 0.5] = 0
        right = deep_network.backward(X, Y, parameters, deep_network.forward(X, parameters), lam)
        check = check_gradient(X, Y, parameters, right, lam, method)
        assert check.ok, (seed, str(check))
        assert [one.name for one in check.checks] == [f"d{name}" for name in parameters._fields]
        wrong = Parameters(*right.gradient)
        entry = int(random.integers(wrong.flat.size))
        wrong.flat[entry] += 1e-6 * max(1.0, float(np.abs(wrong.flat).max()))
        caught += not check_gradient(X, Y, parameters, wrong, lam, method).ok
    assert caught == cases(10, 100)


@pytest.mark.parametrize("method", METHODS, ids=METHOD_NAMES)
def test_a_kink_of_a_deeper_layer_is_seen(method: Method) -> None:
    """With biases of 0 an example that is 0 leaves every unit of every layer at its kink."""
    X, Y, _, lam = deep_problem(3, seed=0)
    parameters = deep_network.initialize((3, 5, 4, 6), seed=0)
    X[:, 2] = 0
    right = deep_network.backward(X, Y, parameters, deep_network.forward(X, parameters), lam)
    check = check_gradient(X, Y, parameters, right, lam, method)
    assert check.ok
    kinks = {one.name: one.kinks for one in check.checks}
    assert (kinks["db1"], kinks["db2"], kinks["db3"], kinks["dW3"]) == (5, 4, 0, 0)


def test_a_gradient_of_another_depth_is_no_gradient() -> None:
    X, Y, parameters, lam = deep_problem(3, seed=0)
    with pytest.raises(ValueError, match=r"zip\(\) argument 2 is shorter than argument 1"):
        check_gradient(X, Y, parameters, Parameters(*parameters[:4]), lam)
