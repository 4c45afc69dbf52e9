from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

from derivations import network, notation
from derivations.calculus import Index, Partial, ShapeError, evaluate, relu, sum_over
from derivations.proofs import Equation, decide
from derivations.proofs.counterexample import ShapeMismatch
from netcode import forward
from netcode.mistakes.catalogue import MISTAKES
from netcode.mistakes.mistake import Mistake, backward_with, corrected
from tests.derivations.checking.line_as_formula import read_line
from tests.netcode.mistakes.wrong_gradients import caught, random_trial

EACH = pytest.mark.parametrize("mistake", MISTAKES, ids=[mistake.name for mistake in MISTAKES])


class Caught(NamedTuple):
    """What gives a mistake away on each side: "numbers", where they differ, or "shapes"; None if nothing does."""

    symbolic: str | None
    numeric: str | None


BY_NUMBERS = Caught(symbolic="numbers", numeric="numbers")
BY_SHAPES = Caught(symbolic="shapes", numeric="shapes")
NO_FORMULA = Caught(symbolic=None, numeric="numbers")  # something that Python or NumPy does, and no formula says

CAUGHT = {
    "mean-forgotten": BY_NUMBERS,
    "mean-twice": BY_NUMBERS,
    "divided-by-classes": BY_NUMBERS,
    "divided-by-entries": BY_NUMBERS,
    "difference-reversed": BY_NUMBERS,
    "minus-of-the-update": BY_NUMBERS,
    "stray-factor": BY_NUMBERS,
    "labels-forgotten": BY_NUMBERS,
    "true-class-only": BY_NUMBERS,
    "labels-off-by-one": NO_FORMULA,
    "class-numbers-for-one-hot": NO_FORMULA,
    "softmax-forgotten": BY_NUMBERS,
    "softmax-over-examples": BY_NUMBERS,
    "softmax-over-the-batch": NO_FORMULA,
    "log-forgotten": BY_NUMBERS,
    "softmax-slope-again": BY_NUMBERS,
    "squared-error": BY_NUMBERS,
    "slope-of-the-error": BY_NUMBERS,
    "relu-on-scores": BY_NUMBERS,
    "relu-before-softmax": NO_FORMULA,
    "transpose-forgotten": BY_SHAPES,
    "factors-swapped": BY_SHAPES,
    "result-transposed": BY_SHAPES,
    "elementwise-product": BY_SHAPES,
    "elementwise-product-back": BY_SHAPES,
    "scores-for-activations": BY_NUMBERS,
    "input-of-another-layer": BY_SHAPES,
    "weights-of-another-layer": BY_SHAPES,
    "gradient-for-weights": BY_NUMBERS,
    "inverse-for-transpose": NO_FORMULA,
    "last-example-only": NO_FORMULA,
    "bias-not-summed": BY_SHAPES,
    "bias-of-one-example": NO_FORMULA,
    "bias-averaged": BY_NUMBERS,
    "bias-summed-over-units": BY_SHAPES,
    "bias-summed-over-everything": Caught(symbolic=None, numeric="shapes"),
    "bias-from-weights": BY_NUMBERS,
    "bias-of-one-axis": BY_SHAPES,
    "bias-left-out": BY_NUMBERS,
    "mask-missing": BY_NUMBERS,
    "mask-from-the-gradient": BY_NUMBERS,
    "mask-inverted": BY_NUMBERS,
    "mask-at-zero": BY_NUMBERS,
    "mask-of-another-layer": BY_SHAPES,
    "mask-of-the-batch": BY_NUMBERS,
    "mask-without-bias": BY_NUMBERS,
    "activation-for-slope": BY_NUMBERS,
    "score-for-slope": BY_NUMBERS,
    "mask-by-matrix-product": BY_NUMBERS,
    "slope-of-the-sigmoid": BY_NUMBERS,
    "slope-of-another-activation": BY_NUMBERS,
    "penalty-missing": BY_NUMBERS,
    "penalty-doubled": BY_NUMBERS,
    "penalty-halved": BY_NUMBERS,
    "penalty-averaged": BY_NUMBERS,
    "penalty-subtracted": BY_NUMBERS,
    "penalty-on-biases": BY_NUMBERS,
    "penalty-of-another-layer": BY_SHAPES,
    "penalty-of-squares": BY_NUMBERS,
    "penalty-of-a-sum": NO_FORMULA,
    "penalty-of-signs": NO_FORMULA,
    "penalty-constant-on-biases": BY_NUMBERS,
    "probabilities-overwritten": NO_FORMULA,
    "stale-forward-pass": NO_FORMULA,
    "gradients-accumulated": NO_FORMULA,
    "weights-updated-too-early": BY_NUMBERS,
    "learning-rate-folded-in": BY_NUMBERS,
    "rounded-down": NO_FORMULA,
    "whole-numbers": NO_FORMULA,
    "single-precision": NO_FORMULA,
}

READABLE = [line for mistake in MISTAKES if CAUGHT.get(mistake.name) == BY_NUMBERS for line in mistake.lines]

v, i = notation.v, notation.i
sum_of_hidden_units = {
    notation.A1[v, i]: relu(notation.Z1[v, i]),
    notation.J: sum_over((v, i), notation.A1[v, i]),
    notation.dA1[v, i]: Partial(notation.J, notation.A1[v, i]),
    notation.dZ1[v, i]: Partial(notation.J, notation.Z1[v, i]),
}
"""A loss whose gradient at the hidden units is 1 everywhere, so that what ReLU's slope is at 0 can be seen at zeros."""


def test_the_table_holds_every_mistake() -> None:
    assert list(CAUGHT) == [mistake.name for mistake in MISTAKES]


@EACH
@pytest.mark.usefixtures("unchecked_shapes")
def test_it_is_caught_as_the_table_says(mistake: Mistake) -> None:
    for line in mistake.lines:
        assert Caught(by_formula(line), by_numbers(line)) == CAUGHT[mistake.name], line


@pytest.mark.parametrize("line", READABLE)
def test_what_is_refuted_is_what_the_wrong_line_computes(line: str) -> None:
    """Else something else would have been refuted."""
    trial, quantity = random_trial(), line.partition(" = ")[0]
    passed = forward(trial.X, trial.places[0])
    computed = backward_with(line)(trial.X, trial.Y, trial.places[0], passed, trial.lam)._asdict()
    values = {"X": trial.X, "Y": trial.Y, "lam": trial.lam, **trial.places[0]._asdict(), **passed._asdict(), **computed}
    sizes = {notation.n: 3, notation.m: 7, notation.h: 5, notation.C: 4}
    claim = claimed(line)
    read = evaluate(claim.right, claim.axes, values, sizes)
    np.testing.assert_allclose(read, computed[quantity], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("line", sorted({corrected(line) for line in READABLE}))
def test_the_right_line_is_proven(line: str) -> None:
    """So lines are read as they are meant, and nothing is refuted only for being read."""
    assert decide(claimed(line)).verdict == "proven"


def by_numbers(line: str) -> str | None:
    """What gives the line away in numbers; None if nothing does."""
    found = set(caught(random_trial(), line).values())
    assert len(found) < 2
    return found.pop() if found else None


def by_formula(line: str) -> str | None:
    """What refutes that the line's formula is the derivative; None if it can't be read as a formula."""
    try:
        claim = claimed(line)
    except ShapeError:
        return "shapes"
    except (TypeError, AttributeError, SyntaxError):
        return None
    decision = decide(claim)
    if decision.verdict == "undecided":  # random numbers meet no kink, and with zeros everywhere all gradients are 0
        decision = decide(replace(claim, where=sum_of_hidden_units, assumptions=()))
    assert decision.verdict == "refuted"
    return "shapes" if isinstance(decision.counterexample, ShapeMismatch) else "numbers"


def claimed(line: str) -> Equation:
    """That the line's formula is what its name stands for: the derivative of the network's loss.

    Raises what `read_line` does.
    """
    derivative, formula = getattr(notation, line.partition(" = ")[0]), read_line(line)
    axes, read_axes = (
        tuple(Index(name, length) for name, length in zip("pq", shape, strict=False))
        for shape in (derivative.shape, formula.shape)
    )
    left, right = derivative[places(axes)], formula.entry(*places(read_axes))
    return Equation(left, right, axes, read_axes, network.where, tuple(network.one_class_each))


def places(axes: tuple[Index, ...]) -> tuple[Index | int, ...]:
    return tuple(0 if axis.size == 1 else axis for axis in axes)
