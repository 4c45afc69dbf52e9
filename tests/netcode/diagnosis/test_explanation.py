"""How surely a mistake is named: measured on random problems of all sizes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from netcode import data, initialize, one_hot
from netcode.diagnosis.architecture import Architecture, Point
from netcode.diagnosis.comparison import Comparison
from netcode.diagnosis.evaluation import Environment, environments, execute
from netcode.diagnosis.explanation import Explanation, explain
from netcode.diagnosis.points import distinct_sizes, random_points
from netcode.diagnosis.program import affected, program, right_lines
from netcode.mistakes.catalogue import MISTAKES
from netcode.mistakes.mistake import GRADIENTS, corrected, touches
from netcode.shapes import Array
from tests.netcode.diagnosis.readers import by_einsum, by_loops
from tests.statistics import cases

pytestmark = pytest.mark.usefixtures("unchecked_shapes")  # wrong gradients may have wrong shapes

MISTAKE_OF = {line: mistake for mistake in MISTAKES for line in mistake.lines}
LINES = list(MISTAKE_OF)
SITE = Architecture()
Answers = dict[str, list[Array]]


def a_point(seed: int, scale: float = 1.0, least: int = 1) -> Point:
    """A point of random sizes."""
    random = np.random.default_rng(seed)
    n, m, h, C = (int(size) for size in random.integers(least, 7, 4))
    C = max(C, 2)
    shapes = {"W1": (h, n), "b1": (h, 1), "W2": (C, h), "b2": (C, 1)}
    parameters = {name: random.standard_normal(shape) for name, shape in shapes.items()}
    X = random.standard_normal((n, m)) * 10 ** random.uniform(-scale, scale)
    return Point(X, one_hot(random.integers(0, C, m), C), parameters, float(random.choice([0, 1e-3, 0.3])))


def answered(points: list[Point], *lines: str, architecture: Architecture = SITE) -> Answers | None:
    """What comes out with these lines, call by call; None where shapes don't fit."""
    wrong = {line.partition(" = ")[0]: line for line in lines}
    calls: Sequence[Environment] = environments(points, architecture)
    with np.errstate(all="ignore"):
        for line in right_lines(architecture):
            after = execute(wrong.get(line.partition(" = ")[0], line), calls)
            if after is None:
                return None
            calls = after
    return {name: [call[name] for call in calls] for name in architecture.gradients}


def last_calls(answers: Answers) -> Answers:
    return {name: calls[-1:] for name, calls in answers.items()}


def names_of(found: Explanation, gradient: str, architecture: Architecture = SITE) -> frozenset[str]:
    return frozenset(cause.mistake.name for cause in found.behind(gradient, right_lines(architecture)))


def misnamed(points: list[Point], answers: Answers | None, *lines: str, last_call: bool = False) -> list[str]:
    """The gradients for which not these lines are named, or those among them that show at this point.

    Gradients that the lines leave right must be called right.
    """
    if answers is None:
        return []
    given = last_calls(answers) if last_call else answers
    comparison = Comparison(given, points, SITE, last_call=last_call)
    found = explain(comparison)
    wrong = {line.partition(" = ")[0]: line for line in lines}
    actual = tuple(wrong.get(line.partition(" = ")[0], line) for line in right_lines(SITE))
    bad = []
    for name in GRADIENTS:
        if comparison.is_right(name):
            continue
        made = frozenset(
            MISTAKE_OF[line].name for quantity, line in wrong.items() if name in affected(quantity, actual)
        )
        alone = [frozenset({one}) for one in made]
        if not {made, *alone} & {names_of(one, name) for one in found}:
            bad.append(name)
    return bad


def test_each_mistake_is_named_on_random_problems() -> None:
    """From its gradients alone. What hides it must be called right."""
    tried = 0
    for seed in range(cases(few=10, many=1000)):
        points = [a_point(seed)]
        for line in LINES:
            if MISTAKE_OF[line].number is not None:
                continue  # a number is told from a formula in m, and from chance, where sizes differ and are larger
            tried += 1
            assert misnamed(points, answered(points, line), line, last_call=True) == [], (seed, line)
    assert tried > 8 * len(LINES)


def test_each_mistake_that_needs_a_second_call_is_named_on_random_problems() -> None:
    needing = [line for line in LINES if "first call" in MISTAKE_OF[line].hidden]
    assert len(needing) > 4
    for seed in range(cases(few=10, many=1000)):
        point = a_point(seed)
        other = point._replace(parameters={name: 1.1 * array for name, array in point.parameters.items()})
        points = [point, other]
        for line in needing:
            assert misnamed(points, answered(points, line), line) == [], (seed, line)


def test_where_no_size_is_another_each_mistake_is_the_only_one_named() -> None:
    tried = 0
    for seed in range(3):
        points = random_points(distinct_sizes(2), seed=seed)
        for line in LINES:
            asked = points if "= forward" not in corrected(line) else points[:2]
            answers = answered(asked, line)
            if answers is None:
                continue  # shapes don't fit
            found = explain(Comparison(answers, asked, SITE))
            for name in GRADIENTS:
                expected = frozenset({MISTAKE_OF[line].name} if name in touches(line) else ())
                known = {names_of(one, name) for one in found}
                assert known == {expected} or _is_zero_sum(line, known), (seed, line, name)
                tried += 1
    assert tried > 1000


def _is_zero_sum(line: str, known: set[frozenset[str]]) -> bool:
    """db2 summed over everything is 0, as its mean is."""
    return "dZ2" in line and known == {frozenset({"bias-summed-over-everything"})}


@pytest.mark.parametrize(
    "architecture",
    [
        Architecture(1, output="sigmoid output, binary cross-entropy"),
        Architecture(2, "tanh", penalty="none"),
        Architecture(2, "ReLU", "linear output, squared error", "2/m"),
        Architecture(3, "sigmoid", reduction="sum", biases=False),
        Architecture(5, "leaky ReLU (0.01)", "softmax output, cross-entropy", "mean", "lam/(2m)"),
        Architecture(6, "GELU"),
    ],
    ids=str,
)
def test_a_mistake_is_named_at_any_layer_of_any_network(architecture: Architecture) -> None:
    lam = 0.0 if architecture.penalty == "none" else 0.3
    points = random_points(distinct_sizes(architecture.layers), lam, architecture.biases)
    right = answered(points, architecture=architecture)
    named = tried = 0
    for step in program(architecture):
        for wrong in step.wrong[:: cases(few=min(architecture.layers, 4), many=1)]:
            answers = answered(points, wrong.code, architecture=architecture)
            if answers is None or right is None or _same(answers, right):
                continue
            found = explain(Comparison(answers, points, architecture))
            names = {names_of(found[0], name, architecture) for name in architecture.gradients}
            tried += 1
            named += frozenset({wrong.mistake.name}) in names
    assert tried > 15
    assert named >= 0.97 * tried


def _same(one: Answers, other: Answers) -> bool:
    return all(
        a.shape == b.shape and np.allclose(a, b, rtol=1e-10, atol=1e-13)
        for name in one
        for a, b in zip(one[name], other[name], strict=True)
    )


def test_two_mistakes_in_different_gradients_are_both_named() -> None:
    pairs = [pair for pair in itertools.combinations(LINES, 2) if not set(touches(pair[0])) & set(touches(pair[1]))]
    assert len(pairs) > 1000
    points = [a_point(0, least=2)]
    for pair in pairs[:: cases(few=40, many=1)]:
        assert misnamed(points, answered(points, *pair), *pair, last_call=True) == [], pair


def test_two_mistakes_in_the_same_gradient_are_both_named_in_90_percent() -> None:
    pairs = [
        pair
        for pair in itertools.combinations(LINES, 2)
        if set(touches(pair[0])) & set(touches(pair[1])) and corrected(pair[0]) != corrected(pair[1])
    ]
    assert len(pairs) > 1500
    points = [a_point(0, least=2)]
    chosen = pairs[:: cases(few=40, many=1)]
    wrong = [pair for pair in chosen if misnamed(points, answered(points, *pair), *pair, last_call=True)]
    assert len(wrong) <= 0.1 * len(chosen)


def test_three_mistakes_are_all_named() -> None:
    lines = ("dZ2 = (Y - P) / m", "dZ1 = dA1", "db1 = dZ1.mean(axis=1, keepdims=True)")
    points = random_points(distinct_sizes(2))
    answers = answered(points, *lines)
    assert answers is not None
    (found,) = explain(Comparison(answers, points, SITE))
    assert [cause.code for cause in found.causes] == list(lines)


def test_no_right_gradient_is_blamed() -> None:
    """In other orders of summation, at all scales, with kinks, dead units and saturated probabilities."""
    rows, y = data.spiral()
    start = initialize(2, 25, 3, seed=0)._asdict()
    spiral = Point(rows.T, one_hot(y, 3), start, 1e-3)
    tried = 0
    for seed in range(cases(few=500, many=5000)):
        random = np.random.default_rng(seed)
        point = a_point(seed, scale=3.0)
        if seed % 100 == 0:  # some points of the spiral, the three at the origin among them
            chosen = np.append([0, 100, 200], random.integers(0, 300, 20))
            point = spiral._replace(X=spiral.X[:, chosen], Y=spiral.Y[:, chosen])
        point.X[:, random.random(point.X.shape[1]) < 0.2] = 0
        point.parameters["b1"][random.random(point.parameters["b1"].shape) < 0.5] = 0
        for right in (by_loops, by_einsum):
            comparison = Comparison({name: [one] for name, one in right(point).items()}, [point], SITE, last_call=True)
            assert all(map(comparison.is_right, GRADIENTS)), (seed, right)
            tried += 1
    assert tried >= 1000


def test_what_is_not_in_the_catalogue_is_not_named() -> None:
    for seed in range(3):
        random = np.random.default_rng(seed)
        point = a_point(seed, least=3)
        right = by_einsum(point)
        for name in GRADIENTS:
            wrong = right[name] + random.uniform(0.5, 1.5, right[name].shape)
            answers = {key: [value] for key, value in (right | {name: wrong}).items()}
            found = explain(Comparison(answers, [point], SITE, last_call=True))
            assert found[0].unknown == {name}, (seed, name)
            assert not found[0].causes


@pytest.mark.parametrize("number", [0.01, -0.1, 3.0, 1000.0])
def test_any_learning_rate_is_found(number: float) -> None:
    point = a_point(4, least=3)._replace(lam=0.3)
    answers = {name: [number * gradient] for name, gradient in by_einsum(point).items()}
    found = explain(Comparison(answers, [point], SITE, last_call=True))
    for name in GRADIENTS:
        assert names_of(found[0], name) == {"learning-rate-folded-in"}
    for cause in found[0].causes:
        assert cause.number is not None
        assert cause.number.number == pytest.approx(number, rel=1e-8)


@pytest.mark.parametrize(("formula", "said"), [("-m", "-m"), ("m/60000", "m/60000"), ("3", "3"), ("1/m**2", "1/m**2")])
def test_a_factor_is_read_back_as_a_formula(formula: str, said: str) -> None:
    points = random_points(distinct_sizes(2))
    answers = answered(points, f"dZ2 = {formula} * ((P - Y) / m)")
    assert answers is not None
    (found,) = explain(Comparison(answers, points, SITE))
    assert [str(cause.number) for cause in found.causes] == [said]


def test_what_happens_to_be_the_same_is_said_to_be() -> None:
    """For two examples, half the penalty is the penalty averaged over the examples."""
    point = a_point(8, least=2)
    point = point._replace(X=point.X[:, :2], Y=point.Y[:, :2], lam=0.3)
    answers = answered([point], "dW2 = dZ2 @ A1.T + lam / 2 * W2")
    assert answers is not None
    found = explain(Comparison(last_calls(answers), [point], SITE, last_call=True))
    assert {names_of(one, "dW2") for one in found} == {frozenset({"penalty-halved"}), frozenset({"penalty-averaged"})}
