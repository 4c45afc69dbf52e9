"""How surely a mistake is named: measured on random problems of all sizes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest

from netcode import Parameters, data, initialize, one_hot
from netcode.diagnosis.answers import Answer, ask, joined
from netcode.diagnosis.candidates import Candidates, reaching
from netcode.diagnosis.explanation import explain
from netcode.diagnosis.layout import Place
from netcode.diagnosis.places import DISTINCT, random_places
from netcode.mistakes.catalogue import MISTAKES
from netcode.mistakes.mistake import GRADIENTS, backward_with, corrected, touches
from netcode.network import Forward
from netcode.shapes import Array
from tests.netcode.diagnosis.readers import by_einsum, by_loops

pytestmark = pytest.mark.usefixtures("unchecked_shapes")  # wrong gradients may have wrong shapes

MISTAKE_OF = {line: mistake for mistake in MISTAKES for line in mistake.lines}
LINES = list(MISTAKE_OF)
RIGHT = {name: [frozenset[str]()] for name in GRADIENTS}


def a_place(seed: int, scale: float = 1.0, least: int = 1) -> Place:
    """A place of random sizes."""
    random = np.random.default_rng(seed)
    n, m, h, C = (int(size) for size in random.integers(least, 7, 4))
    C = max(C, 2)
    shapes = (h, n), (h, 1), (C, h), (C, 1)
    parameters = Parameters(*(random.standard_normal(shape) for shape in shapes))
    X = random.standard_normal((n, m)) * 10 ** random.uniform(-scale, scale)
    return Place(X, one_hot(random.integers(0, C, m), C), parameters, float(random.choice([0, 1e-3, 0.3])))


def answered(places: list[Place], *lines: str) -> list[dict[str, Array]]:
    """What comes out with these lines, call by call. Raises ValueError where shapes don't fit."""
    backward = backward_with(*lines)

    def asked(place: Place, passed: Forward) -> dict[str, Array]:
        gradients = backward(place.X, place.Y, place.parameters, passed, place.lam)
        return {name: getattr(gradients, name) for name in GRADIENTS}

    return [dict(answer) for answer in ask(asked, places)]


def names_of(lines: frozenset[str]) -> frozenset[str]:
    return frozenset(MISTAKE_OF[line].name for line in lines)


def misnamed(candidates: Candidates, places: list[Place], *lines: str, calls: slice = slice(None)) -> Iterator[str]:
    """The gradients for which not these lines are named, or those among them that show in this place.

    Gradients that the lines leave right must be called right.
    """
    try:
        answers = joined(answered(places, *lines)[calls])
    except ValueError:
        return
    found = explain(answers, candidates).lines
    for name in GRADIENTS:
        if candidates.is_right(name, answers[name]):
            if found[name] != [frozenset()]:
                yield name
            continue
        made = reaching(frozenset(lines), name)
        shown = [made, *(frozenset({line}) for line in made if _shows_alone(answers[name], name, line, places, calls))]
        if not {*map(names_of, shown)} & {*map(names_of, found[name])}:
            yield name


def _shows_alone(answer: Answer, name: str, line: str, places: list[Place], calls: slice) -> bool:
    """Whether the other line is hidden here: the gradient is as if it weren't there."""
    try:
        by_line = joined(answered(places, line)[calls])[name]
    except ValueError:
        return False
    return by_line.form == answer.form and np.allclose(by_line.values, answer.values, rtol=1e-9, atol=1e-12)


def test_each_mistake_is_named_on_1000_random_problems() -> None:
    """From its gradients alone. What hides it must be called right."""
    for seed in range(1000):
        place = a_place(seed)
        candidates = Candidates([place], last_call=True)
        for line in LINES:
            assert list(misnamed(candidates, [place], line, calls=slice(-1, None))) == [], (seed, line)


def test_each_mistake_that_needs_a_second_call_is_named_on_1000_random_problems() -> None:
    for seed in range(1000):
        place = a_place(seed)
        places = [place, place._replace(parameters=Parameters(*(1.1 * array for array in place.parameters)))]
        candidates = Candidates(places)
        for line in LINES:
            if "first call" in MISTAKE_OF[line].hidden:
                assert list(misnamed(candidates, places, line)) == [], (seed, line)


def test_where_no_size_is_another_each_mistake_is_the_only_one_named() -> None:
    for seed in range(10):
        places = random_places(DISTINCT, seed)
        candidates = Candidates(places)
        for line in LINES:
            try:
                found = explain(joined(answered(places, line)), candidates).lines
            except ValueError:
                continue  # shapes don't fit
            for name in GRADIENTS:
                expected = frozenset({MISTAKE_OF[line].name} if name in touches(line) else ())
                assert set(map(names_of, found[name])) == {expected}, (seed, line, name)


def test_two_mistakes_in_different_gradients_are_both_named() -> None:
    pairs = [pair for pair in itertools.combinations(LINES, 2) if not set(touches(pair[0])) & set(touches(pair[1]))]
    assert len(pairs) > 1000
    for seed in range(3):
        place = a_place(seed, least=2)
        candidates = Candidates([place], last_call=True)
        for pair in pairs:
            assert list(misnamed(candidates, [place], *pair, calls=slice(-1, None))) == [], (seed, pair)


def test_two_mistakes_in_the_same_gradient_are_both_named_in_90_percent() -> None:
    pairs = [
        pair
        for pair in itertools.combinations(LINES, 2)
        if set(touches(pair[0])) & set(touches(pair[1])) and corrected(pair[0]) != corrected(pair[1])
    ]
    assert len(pairs) > 1500
    for seed in range(3):
        place = a_place(seed, least=2)
        candidates = Candidates([place], last_call=True)
        wrong = [pair for pair in pairs if list(misnamed(candidates, [place], *pair, calls=slice(-1, None)))]
        assert len(wrong) <= 0.1 * len(pairs)


def test_no_right_gradient_is_blamed() -> None:
    """10,000, in other orders of summation, at all scales, with kinks, dead units and saturated probabilities."""
    rows, y = data.spiral()
    spiral = Place(rows.T, one_hot(y, 3), initialize(2, 25, 3, seed=0), 1e-3)
    for seed in range(5000):
        random = np.random.default_rng(seed)
        place = a_place(seed, scale=3.0)
        if seed % 100 == 0:  # some points of the spiral, the three at the origin among them
            chosen = np.append([0, 100, 200], random.integers(0, 300, 20))
            place = spiral._replace(X=spiral.X[:, chosen], Y=spiral.Y[:, chosen])
        place.X[:, random.random(place.X.shape[1]) < 0.2] = 0
        place.parameters.b1[random.random(place.parameters.b1.shape) < 0.5] = 0
        candidates = Candidates([place], last_call=True)
        for right in (by_loops, by_einsum):
            found = explain(joined([right(place)]), candidates).lines
            assert found == RIGHT, (seed, right)


def test_what_is_not_in_the_catalogue_is_not_named() -> None:
    for seed in range(30):
        random = np.random.default_rng(seed)
        place = a_place(seed, least=2)
        candidates = Candidates([place], last_call=True)
        right = by_einsum(place)
        for name in GRADIENTS:
            wrong = right[name] + random.uniform(0.5, 1.5, right[name].shape)
            found = explain(joined([right | {name: wrong}]), candidates).lines
            assert found == RIGHT | {name: []}, (seed, name)


@pytest.mark.parametrize("number", [0.01, -0.1, 3.0, 1000.0])
def test_any_learning_rate_is_found(number: float) -> None:
    (place,) = [a_place(4, least=3)]
    scaled = {name: number * gradient for name, gradient in by_einsum(place).items()}
    found = explain(joined([scaled]), Candidates([place], last_call=True))
    for name in GRADIENTS:
        (lines,) = found.lines[name]
        assert names_of(lines) == {"learning-rate-folded-in"}
        assert found.numbers[name, lines] == pytest.approx(number, rel=1e-9)


def test_what_happens_to_be_the_same_is_said_to_be() -> None:
    """For two examples, half the penalty is the penalty averaged over the examples."""
    place = a_place(8, least=2)
    place = place._replace(X=place.X[:, :2], Y=place.Y[:, :2], lam=0.3)
    answers = joined(answered([place], "dW2 = dZ2 @ A1.T + lam / 2 * W2")[-1:])
    found = explain(answers, Candidates([place], last_call=True)).lines
    assert set(map(names_of, found["dW2"])) == {frozenset({"penalty-halved"}), frozenset({"penalty-averaged"})}
