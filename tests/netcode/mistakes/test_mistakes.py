from __future__ import annotations

import ast
import re
import typing
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from netcode import backward, forward
from netcode.gradients.numeric import central_differences, complex_step
from netcode.mistakes.catalogue import MISTAKES
from netcode.mistakes.mistake import GRADIENTS, Hiding, Mistake, backward_with, corrected, touches
from tests.netcode.mistakes.wrong_gradients import Trial, caught, random_trial, spiral_trial

pytestmark = pytest.mark.usefixtures("unchecked_shapes")  # wrong gradients may have wrong shapes

DOCS = Path(__file__).parents[3] / "docs"
HIDING: tuple[Hiding, ...] = typing.get_args(Hiding)
DISTINCT = [(3, 7, 5, 4), (5, 8, 2, 3), (7, 4, 6, 2), (2, 9, 3, 5)]  # n, m, h, C
ALL_EQUAL = (5, 5, 5, 5)
EACH = pytest.mark.parametrize("mistake", MISTAKES, ids=[mistake.name for mistake in MISTAKES])

a_trial = cache(random_trial)
a_spiral = cache(spiral_trial)


# Every wrong one is caught


@EACH
@pytest.mark.parametrize("sizes", DISTINCT, ids=str)
def test_every_mistake_is_caught_in_what_it_touches(mistake: Mistake, sizes: tuple[int, int, int, int]) -> None:
    for line in mistake.lines:
        found = caught(a_trial(seed=sum(sizes), sizes=sizes), line)
        if set(found.values()) == {"shapes"}:
            assert set(found) >= set(touches(line)), line
        else:
            assert found == dict.fromkeys(touches(line), "numbers"), line


@EACH
def test_central_differences_catch_it_too(mistake: Mistake) -> None:
    """In all that it touches, except for rounding to float32, which is near to the errors of differences."""
    for line in mistake.lines:
        found, by_complex_step = (
            caught(a_trial(), line, method=method) for method in (central_differences, complex_step)
        )
        assert found
        assert found == by_complex_step or mistake.name == "single-precision", line


@EACH
def test_where_all_sizes_are_equal_numbers_catch_what_shapes_would(mistake: Mistake) -> None:
    """No transpose can hide behind shapes that happen to fit. (A bias is never as wide as anything else.)"""
    for line in mistake.lines:
        found = caught(a_trial(sizes=ALL_EQUAL), line)
        assert found or "as many classes as examples" in mistake.hidden, line
        assert "numbers" in found.values() or mistake.name.startswith("bias-") or not found, line


@EACH
@pytest.mark.parametrize("hiding", HIDING)
def test_what_hides_a_mistake_is_listed_and_nothing_else_does(mistake: Mistake, hiding: Hiding) -> None:
    for line in mistake.lines:
        found = caught(a_trial(hiding=hiding), line)
        assert bool(found) == (hiding not in mistake.hidden), line


@EACH
def test_it_is_caught_on_the_spiral(mistake: Mistake) -> None:
    """At the start of a training or later.

    The mask at zero is the one that the spiral never shows: only the three points at the origin meet kinks, at the
    start. There X is 0; and what reaches db1 cancels, since the three belong to three classes that are equally likely.
    """
    for line in mistake.lines:
        found = caught(a_spiral(0, 100), line)
        assert bool(found) == (mistake.name != "mask-at-zero"), line


def test_no_two_lines_compute_the_same() -> None:
    """Else it could not be told which of two mistakes was made."""
    lines = [line for mistake in MISTAKES for line in mistake.lines]
    alike: dict[object, list[str]] = {}
    for line in lines:
        alike.setdefault(tuple(_computed(sizes, line) for sizes in (DISTINCT[0], ALL_EQUAL)), []).append(line)
    assert [group for group in alike.values() if len(group) > 1] == []


def _computed(sizes: tuple[int, int, int, int], line: str) -> tuple[object, ...] | None:
    """All that comes out when the gradient is asked for the last time, to ten digits; None if shapes don't fit."""
    trial, backward = a_trial(sizes=sizes), backward_with(line)
    try:
        for parameters in trial.places:
            passed = forward(trial.X, parameters)
            for _ in range(trial.calls):
                computed = backward(trial.X, trial.Y, parameters, passed, trial.lam)
    except ValueError:
        return None
    arrays = [np.round(getattr(computed, name), 10) + 0.0 for name in GRADIENTS]
    types = [getattr(computed, name).dtype.name for name in GRADIENTS]
    return (*types, *((array.shape, array.tobytes()) for array in arrays))


# No right one is


def _trials() -> list[Trial]:
    return [
        *(a_trial(seed=sum(sizes), sizes=sizes) for sizes in DISTINCT),
        a_trial(sizes=ALL_EQUAL),
        *(a_trial(hiding=hiding) for hiding in HIDING),
        a_spiral(0, 100),
    ]


def test_the_right_gradient_is_not_caught() -> None:
    """On any of the data here; `test_no_right_gradient_is_rejected` takes 1,000 random networks."""
    for trial in _trials():
        for method in (central_differences, complex_step):
            assert caught(trial, method=method) == {}


def test_the_right_line_put_in_its_own_place_changes_nothing() -> None:
    trial = a_trial()
    for line in {corrected(line) for mistake in MISTAKES for line in mistake.lines}:
        for parameters in trial.places:
            given = trial.X, trial.Y, parameters, forward(trial.X, parameters), trial.lam
            for one, other in zip(backward_with(line)(*given), backward(*given), strict=True):
                np.testing.assert_array_equal(one, other)


# The catalogue


def test_the_catalogue_is_in_order() -> None:
    names = [mistake.name for mistake in MISTAKES]
    lines = [line for mistake in MISTAKES for line in mistake.lines]
    assert len(names) == len(set(names)) >= 40
    assert len(lines) == len(set(lines))
    for mistake in MISTAKES:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", mistake.name)
        assert re.fullmatch(r"[A-Z].*[^.]\.", mistake.sentence)
        assert len(mistake.sentence) <= 120
        assert set(mistake.hidden) <= set(HIDING)
        assert mistake.lines
        assert all(ast.parse(line) and line != corrected(line) and touches(line) for line in mistake.lines)


def explained() -> dict[str, list[str]]:
    """Where the site explains which mistakes, as its page of mistakes has it."""
    page = ast.parse((DOCS / "mistakes.py").read_text(encoding="utf-8"))
    (table,) = [
        node.value for node in page.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXPLAINED"
    ]
    found: dict[str, list[str]] = ast.literal_eval(table)
    return found


def test_the_site_explains_each_mistake_once() -> None:
    names = [name for names in explained().values() for name in names]
    assert sorted(names) == sorted(mistake.name for mistake in MISTAKES)


@pytest.mark.parametrize("place", explained())
def test_the_site_has_the_place_that_explains_it(place: str) -> None:
    page, _, anchor = place.partition("/#")
    text = (DOCS / f"{page}.py").read_text(encoding="utf-8")
    headings = re.findall(r"^# #+ (.*)$", text, re.MULTILINE)
    assert anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_netcode_knows_no_page_of_the_site() -> None:
    """It has names of mistakes; whoever shows them knows where they are explained."""
    pages = {page.stem for page in DOCS.glob("*.py")}
    code = "\n".join(path.read_text(encoding="utf-8") for path in (DOCS.parent / "netcode").rglob("*.py"))
    assert len(pages) > 10
    assert not [
        page
        for page in sorted(pages)
        if f"{page}/#" in code.replace("example.org/mistakes/#", "").replace(".../mistakes/#", "")
    ]


def test_a_mistake_can_be_made_in_every_line_of_the_formulas() -> None:
    touched = {corrected(line).partition(" = ")[0] for mistake in MISTAKES for line in mistake.lines}
    assert touched >= {"dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1"}


@pytest.mark.parametrize(
    ("line", "gradients"),
    [
        ("Z1, A1, _, P = forward", GRADIENTS),
        ("dZ2 = P", GRADIENTS),
        ("dW2 = W2", ("dW2",)),
        ("db2 = dZ2", ("db2",)),
        ("dA1 = dZ2", ("dW1", "db1")),
        ("dZ1 = dA1", ("dW1", "db1")),
        ("dW1 = W1", ("dW1",)),
        ("db1 = dZ1", ("db1",)),
    ],
)
def test_what_a_line_touches_is_what_depends_on_it(line: str, gradients: tuple[str, ...]) -> None:
    assert touches(line) == gradients


def test_the_corrected_line_is_the_one_in_the_code() -> None:
    assert corrected("dZ1 = dA1") == "dZ1 = dA1 * (Z1 > 0)"


def test_two_mistakes_can_be_made_at_once() -> None:
    assert caught(a_trial(), "dZ1 = dA1", "db2 = 2 * dZ2.sum(axis=1, keepdims=True)") == dict.fromkeys(
        ("dW1", "db1", "db2"), "numbers"
    )


def test_the_right_backward_pass_stays_as_it_is() -> None:
    trial = a_trial()
    given = trial.X, trial.Y, trial.places[0], forward(trial.X, trial.places[0]), trial.lam
    before = backward(*given)
    backward_with("dZ2 = P")(*given)
    for one, other in zip(before, backward(*given), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("made", [corrected, touches, backward_with])
def test_a_line_for_something_else_is_refused(made: typing.Callable[[str], object]) -> None:
    with pytest.raises(ValueError, match=r"`dX = W1`: backward computes no dX; expected one of .*dZ2, dW2, db2"):
        made("dX = W1")
