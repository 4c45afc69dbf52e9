"""The quick look in numbers."""

from __future__ import annotations

import numpy as np
import pytest

from derivations.calculus.simplifier.quick_look import SIZE, _Sample
from derivations.calculus.simplifier.subscripts import Hole, Labelled


@pytest.mark.parametrize("labels", ["y", "y2", "classes", "labels"])
def test_labels_have_numbers_where_an_int_has_32_bits(labels: str) -> None:
    hole = Hole(0)
    numbers = _Sample({}).number(Labelled(labels, hole), {hole: np.arange(SIZE, dtype=np.int32)})
    assert sorted(numbers) == list(range(SIZE))
