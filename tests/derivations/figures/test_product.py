"""A product in numbers says for each entry what is multiplied and added, and it is the product."""

from __future__ import annotations

import re

import numpy as np
import pytest

from derivations.figures import Product

NUMBER = r"\(?([\d.\N{MINUS SIGN}]+)\)?"


def number(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-"))


@pytest.mark.parametrize("sizes", [(2, 3, 4), (1, 1, 1), (3, 1, 2), (1, 4, 1)])
def test_the_arithmetic_of_each_entry_is_right(sizes: tuple[int, int, int]) -> None:
    p, q, r = sizes
    rng = np.random.default_rng(p + 10 * q)
    left, right = rng.integers(-9, 9, (p, q)) / 2, rng.integers(-9, 9, (q, r)) / 2
    shown = Product(("dZ^{[2]}", left), (r"A^{[1]\\top}", right), "dW^{[2]}")._repr_html_()
    said = re.findall(r'data-say="([^"]*)"', shown)
    assert len(said) == p * r
    for (row, column), text in zip(np.ndindex(p, r), said, strict=True):
        found = re.fullmatch(r"(.*) is (.*) = (.*)", text)
        assert found is not None
        name, terms, total = found.groups()
        assert name == f"dW2[{row + 1}, {column + 1}]"
        factors = [tuple(map(number, pair)) for pair in re.findall(rf"{NUMBER} · {NUMBER}", terms)]
        assert factors == [(left[row, k], right[k, column]) for k in range(q)]
        assert number(total) == pytest.approx(left[row] @ right[:, column], abs=0.005)


def test_one_entry_is_worked_out_to_begin_with() -> None:
    product = Product(("A", [[0.0, 0.0], [1.0, 2.0]]), ("B", [[3.0, 0.0], [4.0, 5.0]]), "C")
    shown = product._repr_html_()
    assert '<p role="status">C[2, 1] is 1 · 3 + 2 · 4 = 11</p>' in shown
    lit = re.findall(r'class="lit"[^>]*>([^<]*)', shown)
    assert lit == ["1", "2", "3", "4", "11"]


def test_matrices_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(1, 2\) times \(1, 2\); expected \(p, q\) times \(q, r\), two matrices"):
        Product(("A", [[1, 2]]), ("B", [[1, 2]]), "C")
