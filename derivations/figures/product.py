"""A matrix product in numbers: at an entry of the result, the row and the column that make it, and their arithmetic."""

from __future__ import annotations

import html

import numpy as np
import numpy.typing as npt

from derivations.figures.numbers import number_as_text
from derivations.figures.picture import inline_formula

__all__ = ["Product"]

MOST_DIGITS = 2


class Product:
    """`left` (p, q) times `right` (q, r), with the names of all three in LaTeX.

    In a page the entries of the result can be pointed at, tapped, or come to with the arrow keys. Without scripts one
    of them is worked out.

    >>> Product(("A", [[1, 2]]), ("B", [[3], [4]]), "C")
    C[1, 1] is 1 · 3 + 2 · 4 = 11
    """

    def __init__(self, left: tuple[str, npt.ArrayLike], right: tuple[str, npt.ArrayLike], result: str) -> None:
        """Raises ValueError if the shapes don't fit."""
        (self._left_name, one), (self._right_name, other) = left, right
        self._left, self._right = np.asarray(one, float), np.asarray(other, float)
        if self._left.ndim != 2 or self._right.ndim != 2 or self._left.shape[1] != self._right.shape[0]:
            raise ValueError(
                f"{self._left.shape} times {self._right.shape}; expected (p, q) times (q, r), two matrices"
            )
        self._name, self._product = result, self._left @ self._right

    def __repr__(self) -> str:
        return self._said(0, 0)

    def _repr_html_(self) -> str:
        row, column = self._shown
        factors = (
            self._matrix(self._left_name, self._left, "row", {(row, k) for k in range(self._left.shape[1])}),
            '<span class="sign">·</span>',
            self._matrix(self._right_name, self._right, "column", {(k, column) for k in range(self._left.shape[1])}),
            '<span class="sign">=</span>',
            self._matrix(self._name, self._product, "entry", {(row, column)}),
        )
        return (
            f'<matrix-product><figure class="product"><div class="matrices">{"".join(factors)}</div>'
            f'<p role="status">{html.escape(self._said(row, column))}</p></figure></matrix-product>'
        )

    @property
    def _shown(self) -> tuple[int, int]:
        """The entry that is worked out to begin with: one with as much to add up as there is."""
        terms = (self._left[:, :, None] * self._right[None] != 0).sum(axis=1)
        row, column = np.unravel_index(int(terms.argmax()), terms.shape)
        return int(row), int(column)

    def _matrix(self, name: str, values: npt.NDArray[np.float64], kind: str, lit: set[tuple[int, int]]) -> str:
        rows = "".join(
            f"<tr>{''.join(self._cell(values, kind, (row, k), (row, k) in lit) for k in range(values.shape[1]))}</tr>"
            for row in range(len(values))
        )
        shape, spoken = "×".join(map(str, values.shape)), f"{_plain(name)}, {values.shape[0]} by {values.shape[1]}"
        return (
            f'<div class="matrix"><span>{inline_formula(name)} <span class="shape">{shape}</span></span>'
            f'<table class="numbers" data-part="{kind}" aria-label="{html.escape(spoken)}">'
            f"<tbody>{rows}</tbody></table></div>"
        )

    def _cell(self, values: npt.NDArray[np.float64], kind: str, at: tuple[int, int], lit: bool) -> str:
        marked = ' class="lit"' if lit else ""
        said = f' data-say="{html.escape(self._said(*at))}"' if kind == "entry" else ""
        return f"<td{marked}{said}>{_number(values[at])}</td>"

    def _said(self, row: int, column: int) -> str:
        pairs = zip(self._left[row], self._right[:, column], strict=True)
        terms = " + ".join(f"{_number(x)} · {_factor(y)}" for x, y in pairs)
        total = _number(self._product[row, column])
        return f"{_plain(self._name)}[{row + 1}, {column + 1}] is {terms} = {total}"


def _number(number: float) -> str:
    digits = next((d for d in range(MOST_DIGITS) if round(number, d) == round(number, MOST_DIGITS)), MOST_DIGITS)
    return number_as_text(number, digits)


def _factor(number: float) -> str:
    return f"({_number(number)})" if number < 0 else _number(number)


def _plain(latex: str) -> str:
    r"""A name as it is said: `dZ^{[2]}` is dZ2, `A^\top` is A transposed."""
    return latex.replace(r"^\top", " transposed").replace("^{[", "").replace("]}", "")
