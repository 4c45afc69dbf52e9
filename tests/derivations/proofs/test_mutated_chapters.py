"""No step of any chapter can be changed without the proof failing: a mistake is put into each, one at a time.

A mutant that changes nothing (the sum over i of x_i, written with j) may be proven; then it must be equal in
numbers.
"""

from __future__ import annotations

from itertools import pairwise
from random import Random

import numpy as np
import pytest
from sympy import Expr

from derivations.calculus import Index
from derivations.checking import statements
from derivations.proofs import Equation, decide
from derivations.proofs.derivation import Derivation
from derivations.proofs.validation import IllFormedError
from derivations.proofs.witnesses.floating_point import compare_in_numbers
from tests.derivations.proofs.mutations import mutants
from tests.statistics import cases

DERIVATIONS = {name: found for name, found in statements().items() if isinstance(found, Derivation)}


def changed(derivation: Derivation, number: int) -> list[tuple[str, Expr]]:
    """Mutants of a step, each once: all of them, or some drawn at random."""
    step = derivation.steps[number][0]
    chain = [derivation.start, *(expr for expr, _ in derivation.steps)]
    indices = {index for expr in chain for index in expr.atoms(Index)}
    unique: dict[Expr, str] = {}
    for rule, new in mutants(step, indices):
        unique.setdefault(new, rule)
    every = [(rule, new) for new, rule in unique.items() if new != step]
    return Random(number).sample(every, min(len(every), cases(3, len(every))))


def holds(derivation: Derivation, left: Expr, right: Expr) -> bool:
    """Whether the link is proven; one that is ill-formed, with a loose index for example, is refused at once."""
    try:
        equation = derivation.link(left, right)
    except IllFormedError:
        return False
    return decide(equation).verdict == "proven"


def same_in_numbers(derivation: Derivation, left: Expr, right: Expr) -> bool:
    found = compare_in_numbers(derivation.link(left, right))
    return found.counterexample is None and found.max_error is not None and found.max_error < 1e-12


@pytest.mark.parametrize("name", DERIVATIONS)
def test_a_changed_step_is_not_proven(name: str) -> None:
    derivation = DERIVATIONS[name]
    chain = [derivation.start, *(expr for expr, _ in derivation.steps)]
    caught = 0
    for number, (before, step) in enumerate(pairwise(chain)):
        assert holds(derivation, before, step)
        for rule, mutant in changed(derivation, number):
            if not holds(derivation, before, mutant):
                caught += 1
            else:
                assert same_in_numbers(derivation, step, mutant), f"step {number + 1}, {rule}: {mutant} passes"
    assert caught >= 2 * len(derivation.steps)


@pytest.mark.parametrize("name", DERIVATIONS)
def test_a_changed_step_breaks_the_next_link_as_well(name: str) -> None:
    """A wrong expression is caught from its other side too; a sample of them."""
    derivation = DERIVATIONS[name]
    chain = [expr for expr, _ in derivation.steps]
    rng = np.random.default_rng(0)
    for number, (step, after) in enumerate(pairwise(chain)):
        made = changed(derivation, number)
        for k in rng.choice(len(made), size=min(3, len(made)), replace=False):
            rule, mutant = made[k]
            if holds(derivation, mutant, after):
                assert same_in_numbers(derivation, step, mutant), f"step {number + 1}, {rule}: {mutant} passes"


CHAPTER = {name: found for name, found in DERIVATIONS.items() if name.startswith("network.backward_")}
WHERE = dict(CHAPTER["network.backward_dW2"].where)


@pytest.mark.parametrize("pattern", WHERE, ids=str)
def test_a_changed_definition_is_caught(pattern: Expr) -> None:
    """A sign in what a name stands for is held by the gradients that follow from it."""
    where = WHERE | {pattern: -WHERE[pattern]}
    assert any(
        decide(Equation(found.start, found.result, found.axes, where=where, assumptions=found.assumptions)).verdict
        != "proven"
        for found in CHAPTER.values()
    )
