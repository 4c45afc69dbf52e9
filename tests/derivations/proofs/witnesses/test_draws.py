"""The sizes at which formulas are compared."""

from __future__ import annotations

import pytest

from derivations.calculus import size
from derivations.proofs.witnesses.draws import distinct_sizes


@pytest.mark.parametrize("count", [1, 2, 6, 7, 9, 11])
def test_no_two_sizes_are_equal_in_both_orders(count: int) -> None:
    names = [size(f"n_{k}") for k in range(count)]
    one, other = distinct_sizes(names), distinct_sizes(names, descending=True)
    assert len({(one[name], other[name]) for name in names}) == count


def test_many_sizes_are_small() -> None:
    """An array with an axis for each of nine sizes, and another for each of their derivative's, still fits."""
    for sizes in (distinct_sizes(map(size, "abcdefghi")), distinct_sizes(map(size, "abcdefghi"), descending=True)):
        assert len(sizes) == 9
        assert max(sizes.values()) == 4
