"""A letter for each index, so that two indices never look alike where both can be seen.

Authors' letters are kept. An index that a machine made (`v#7`), or one that would be taken for another, gets the next
letter that is free: in `sum_v(X[v] * sum_v#7(Y[v, v#7]))` the inner one becomes w.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sympy import Basic, Indexed, Sum
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.grammar import Index, entry, free_indices

__all__ = ["Letters", "bound_indices", "indices_of_entries"]

ALPHABET = "abcdefghijklmnopqrstuvwxyz"


class Letters:
    """The letters in use at one point of an expression."""

    def __init__(self, *exprs: Basic) -> None:
        self._of: dict[Index, str] = {}
        self._names = {str(symbol) for expr in exprs for symbol in expr.free_symbols if not isinstance(symbol, Index)}
        # The indices with a letter of their own come first, so that no machine-made one takes it from them.
        indices = dict.fromkeys(index for expr in exprs for index in free_indices(expr))
        for index in sorted(indices, key=lambda index: "#" in index.name):
            self._of[index] = self._free_letter(index, self._of.values())

    def __getitem__(self, index: Index) -> str:
        """The index's letter."""
        if index not in self._of:
            self._of[index] = self._free_letter(index, self._of.values())
        return self._of[index]

    @contextmanager
    def inside(self, total: Sum) -> Iterator[None]:
        """Within a sum its indices have letters too, other than those outside, although it may hide these."""
        before = dict(self._of)
        for index in bound_indices(total):
            outside = [letter for other, letter in self._of.items() if other != index or index in before]
            self._of[index] = self._free_letter(index, outside)
        yield
        self._of = before

    def _free_letter(self, index: Index, taken: Iterable[str]) -> str:
        taken = set(taken)
        wanted = index.name.partition("#")[0]
        if wanted not in taken:
            return wanted
        start = ALPHABET.find(wanted[0].lower())
        following = [ALPHABET[(start + step) % 26] for step in range(1, 26)]
        numbered = (f"{wanted}{number}" for number in range(1, len(taken) + 2))
        unused = (letter for letter in (*following, *numbered) if letter not in taken | self._names)
        return next(unused)


def bound_indices(total: Sum) -> tuple[Index, ...]:
    """The indices of a sum in the order in which they are read, the outermost first."""
    return tuple(limit[0] for limit in reversed(total.limits))


def indices_of_entries(expr: Basic) -> set[Index]:
    """The free indices that are the index of an entry, `X[i, k]`: the axis tells how far these run."""
    if isinstance(expr, (MatrixElement, Indexed)):
        return {index for index in entry(expr)[1] if isinstance(index, Index)}
    if isinstance(expr, Sum):
        return indices_of_entries(expr.function).difference(bound_indices(expr))
    return {index for arg in expr.args for index in indices_of_entries(arg)}
