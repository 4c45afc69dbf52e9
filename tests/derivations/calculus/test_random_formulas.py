"""Random formulas: what is false is never proven, what is true nearly always, and nothing runs past its budget."""

from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
import pytest
from sympy import Expr, Product, nan, oo, zoo

from derivations.calculus import prove_equal
from tests.derivations.calculus.random_formulas import broken, formula, rewritten, values_of
from tests.statistics import cases

BATCHES = 5


def pair(seed: int) -> tuple[Expr, Expr]:
    """A formula, and another way to write it or, every second time, a wrong one."""
    random = Random(seed)
    one = formula(random, random.choice([2, 3, 3, 4]))
    other = rewritten(one, random, random.choice([1, 2, 3]))
    return one, broken(other, random) if seed % 2 else other


def gap(one: Expr, other: Expr) -> float | None:
    """The largest relative difference in numbers; None if there are hardly any, as where SymPy sees a division by 0.

    Or where it makes a product over an index of the exponential of a sum, which the calculus doesn't have.
    """
    if one.has(zoo, oo, nan, Product) or other.has(zoo, oo, nan, Product):
        return None
    left, right = values_of(one), values_of(other)
    usable = np.isfinite(left) & np.isfinite(right) & (np.abs(left) < 1e9) & (np.abs(right) < 1e9)
    if usable.sum() < 4:
        return None
    left, right = left[usable], right[usable]
    return float(np.max(np.abs(left - right) / (1e-9 + np.abs(left) + np.abs(right))))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_what_is_proven_is_true_and_what_is_true_is_proven(batch: int) -> None:
    found: Counter[str] = Counter()
    for seed in range(batch, cases(2_000, 50_000), BATCHES):
        one, other = pair(seed)
        difference = gap(one, other)
        if difference is None or 1e-8 < difference < 1e-4:  # no numbers, or too much cancels in them
            found["unclear"] += 1
            continue
        proof = prove_equal(one, other)
        assert difference < 1e-8 or not proof.equal, f"seed {seed}: proven, but not equal: {one} and {other}"
        found[f"{'true' if difference < 1e-8 else 'false'}, {'proven' if proof.equal else 'not proven'}"] += 1
    assert found["true, proven"] > 0.96 * (found["true, proven"] + found["true, not proven"]) > 50, found
    assert found["false, not proven"] > 50, found
    assert found["unclear"] < 0.2 * found.total(), found
