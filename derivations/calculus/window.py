"""A place that is a sum of indices, as p + k in X[c, p + k]: what a convolution reads.

The calculus has no such index. It has an array of zeros and ones that says where t is the place a * p + b * k + c:

    X[c, p + k] = sum_t(X[c, t] * [t = p + k])

To a proof the bracket is an array like any other, of which nothing is known. So what is proven holds wherever a window
reads, for every stride and distance.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Basic, Expr, Indexed, IndexedBase, Mul, Sum
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.grammar import Element, Index

__all__ = ["Window", "window_of", "windows_read"]

NAME = re.compile(r"window((?: \d+)+) \+ (\d+) of .*")


@dataclass(frozen=True)
class Window:
    """The place `sum(coefficient * index) + offset`, counted from 0."""

    coefficients: tuple[int, ...]
    offset: int = 0

    def at(self, indices: Sequence[Index], t: Index) -> Expr:
        """The bracket [t = place]. Its name says all that there is to know: a copy of it is the same.

        >>> p, k, t = Index("p", 3), Index("k", 2), Index("t", 4)
        >>> Window((1, 1)).at((p, k), t).indices
        (p, k, t)
        """
        shape = tuple(index.size for index in (*indices, t))
        numbers, sizes = (" ".join(map(str, parts)) for parts in (self.coefficients, shape))
        return IndexedBase(f"window {numbers} + {self.offset} of {sizes}", shape=shape)[(*indices, t)]

    def written(self, letters: Sequence[str], first: int = 0, times: str = "*") -> str:
        """The place in letters, where indices and places are counted from `first`.

        >>> Window((2, 1)).written("pk"), Window((2, 1)).written("pk", first=1, times=" ")
        ('2*p + k', '2 p + k - 2')
        """
        terms = [f"{c}{times}{one}" if c != 1 else one for c, one in zip(self.coefficients, letters, strict=True)]
        number = self.offset + first * (1 - sum(self.coefficients))
        return " + ".join(terms) + (f" {'-' if number < 0 else '+'} {abs(number)}" if number else "")

    def needs(self, lengths: Sequence[int]) -> int:
        """How many places there must be, for indices that run over so many values each."""
        return 1 + self.offset + sum(c * (n - 1) for c, n in zip(self.coefficients, lengths, strict=True))


def window_of(part: Basic) -> Window | None:
    """The window that a bracket speaks of; None for any other expression."""
    found = NAME.fullmatch(str(part.base.label)) if isinstance(part, Indexed) else None
    return Window(tuple(map(int, found[1].split())), int(found[2])) if found else None


def windows_read(total: Sum) -> tuple[Element, dict[Index, Indexed]] | None:
    """The entry that windows read, sum_t(X[c, t] * [t = p + k]), and the bracket for each t; None for other sums."""
    factors = Mul.make_args(total.function)
    brackets = {factor.indices[-1]: factor for factor in factors if window_of(factor) is not None}
    others = [factor for factor in factors if window_of(factor) is None]
    if len(others) != 1 or not isinstance(others[0], (MatrixElement, Indexed)):
        return None
    return (others[0], brackets) if {limit[0] for limit in total.limits} == set(brackets) else None
