"""Two sums are the same atom if and only if some renaming of their indices makes them so: against trying all."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from random import Random

import pytest
from sympy import Expr, Mul, exp

from derivations.calculus import Index, array, simplified, size, sum_over

m = size("m")
A, B, x = array("A", m, m), array("B", m, m), array("x", m, 1)
BOUND = [Index(f"p{number}", m) for number in range(16)]
FREE = [Index(letter, m) for letter in "ij"]

Factor = tuple[str, Index, Index]


def product(factors: Iterable[Factor]) -> Expr:
    """A is not symmetric, exp(x x) is."""
    return Mul(*[A[one, two] if kind == "A" else exp(x[one, 0] * x[two, 0]) for kind, one, two in factors])


def same(left: list[Factor], right: list[Factor], bound: list[Index]) -> bool:
    def written(factors: list[Factor], new: dict[Index, Index]) -> list[tuple[str, ...]]:
        named = [(kind, str(new.get(one, one)), str(new.get(two, two))) for kind, one, two in factors]
        return sorted((kind, *(sorted(pair) if kind == "x" else pair)) for kind, *pair in named)

    return any(
        written(left, dict(zip(bound, order, strict=True))) == written(right, {})
        for order in itertools.permutations(bound)
    )


@pytest.mark.parametrize("seed", range(8))
def test_against_all_renamings(seed: int) -> None:
    random, equal = Random(seed), 0
    for _ in range(60):
        bound = BOUND[: random.choice([2, 3, 4])]
        indices = bound + FREE[: random.choice([0, 1, 2])]
        left = [(random.choice("Ax"), random.choice(indices), random.choice(indices)) for _ in range(5)]
        left += [("A", index, random.choice(indices)) for index in bound]
        new = dict(zip(bound, random.sample(bound, len(bound)), strict=True))
        right = [(kind, new.get(one, one), new.get(two, two)) for kind, one, two in left]
        if random.random() < 0.6:
            kind, one, two = right[-1]
            right[-1] = (kind, two, one)
        found, wanted = (simplified(sum_over(tuple(bound), product(factors))) for factors in (left, right))
        assert (found == wanted) == same(left, right, bound), f"{found}, {wanted}"
        equal += found == wanted
    assert 0 < equal < 60


def trace(names: list[Index]) -> Expr:
    return sum_over(tuple(names), Mul(*[A[one, two] for one, two in itertools.pairwise([*names, names[0]])]))


def test_alike_indices_are_not_tried_one_by_one() -> None:
    """The trace of the 12th power has 12 orders of one kind, a star has 11! of them, (sum x)**12 none at all."""
    assert simplified(trace(BOUND[:12])) == simplified(trace(BOUND[5:12] + BOUND[:5]))
    star = sum_over(tuple(BOUND[:12]), Mul(*[A[BOUND[0], index] * x[index, 0] for index in BOUND[1:12]]))
    i, j = BOUND[0], BOUND[1]
    assert simplified(star) == simplified(sum_over(i, sum_over(j, A[i, j] * x[j, 0]) ** 11))
    assert simplified(sum_over(tuple(BOUND[:12]), Mul(*[x[index, 0] for index in BOUND[:12]]))) == simplified(
        sum_over(j, x[j, 0]) ** 12
    )
