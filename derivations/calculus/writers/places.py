"""Sums in which a factor picks a place: the bracket [t = p + k] of a window, or delta(t, y(i)) of a label.

sum_t(X[c, t] * [t = p + k])           reads what is at the places      X[:, pk]
sum_p_k(G[c, p, k] * [t = p + k])      adds up what belongs to each     scatter(G, pk, 1, X.shape[1])
sum_i(G[d, i] * delta(t, y(i)))        the same, for labels             scatter(G, y, 1, E.shape[1])
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sympy import Expr, Indexed, KroneckerDelta
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import name_of
from derivations.calculus.grammar import Index, entry, is_label
from derivations.calculus.window import window_of
from derivations.calculus.writers.factors import Part, Total, totals
from derivations.calculus.writers.layout import Axes, Piece
from derivations.calculus.writers.operators import Code

__all__ = ["Places", "places_in"]


@dataclass(frozen=True)
class Places:
    """A sum, taken apart into what picks places and what is picked."""

    at: Mapping[Index, tuple[tuple[Index, ...], str]]
    """For each t the indices of its places, and the name of the array that has them."""
    rest: tuple[Part, ...]
    bound: tuple[Index, ...]

    @property
    def over(self) -> set[Index]:
        """The indices that the places have."""
        return {index for indices, _ in self.at.values() for index in indices}

    @property
    def is_read(self) -> bool:
        """Whether one array is read at the places, and nothing is added up."""
        (part, *others) = self.rest
        plain = isinstance(part, (MatrixElement, Indexed)) and all(isinstance(i, Index) for i in entry(part)[1])
        return set(self.bound) == set(self.at) and not others and plain

    @property
    def is_added_up(self) -> bool:
        """Whether what belongs to one place is added up, for every place."""
        apart = len(self.over) == sum(len(indices) for indices, _ in self.at.values())
        return apart and not set(self.bound) & set(self.at) and self.over <= set(self.bound)

    def read(self, name: str) -> Piece:
        """`X[:, pk]`, one array of places after another."""
        text, axes = name, list(entry(self.rest[0])[1])
        for t, (indices, code) in self.at.items():
            axis = axes.index(t)
            text += f"[{':, ' * axis}{code}]"
            axes[axis : axis + 1] = indices
        return Piece(Code(text), tuple(axes))

    @property
    def values(self) -> Iterator[Part]:
        """The factors of what is added up."""
        return totals(self.rest, tuple(index for index in self.bound if index not in self.over))

    def inside(self, layout: Axes) -> tuple[Index, ...]:
        """The axes of the values, for a result with this layout."""
        return tuple(index for t in layout if t for index in (self.at[t][0] if t in self.at else (t,)))

    def add_up(self, values: str, layout: Axes, size: Callable[[Expr], str]) -> Piece:
        """`scatter(values, pk, 1, X.shape[1])`, one array of places after another, the last axis first."""
        axes = list(self.inside(layout))
        for t in (t for t in reversed(layout) if t and t in self.at):
            indices, code = self.at[t]
            axis = axes.index(indices[0])
            values = f"scatter({values}, {code}, {axis}, {size(t.size)})"
            axes[axis : axis + len(indices)] = [t]
        return Piece(Code(values), tuple(axes))


def places_in(total: Total, names: Mapping[str, str]) -> Places | None:
    """The places in a sum; None if it has none. `names` are those of the arrays that say where windows read."""
    picked = {factor: found for factor in total.factors if (found := _picked(factor, names)) is not None}
    rest = tuple(factor for factor in total.factors if factor not in picked)
    at = {t: (indices, code) for t, indices, code in picked.values()}
    return Places(at, rest, total.bound) if len(at) == len(picked) > 0 < len(rest) else None


def _picked(factor: Part, names: Mapping[str, str]) -> tuple[Index, tuple[Index, ...], str] | None:
    if isinstance(factor, Indexed) and window_of(factor) is not None and name_of(factor) in names:
        *indices, t = factor.indices
        return t, tuple(indices), names[name_of(factor)]
    if isinstance(factor, KroneckerDelta):
        labels = [arg for arg in factor.args[:2] if is_label(arg) and isinstance(arg.args[0], Index)]
        plain = [arg for arg in factor.args[:2] if isinstance(arg, Index)]
        if labels and plain:
            return plain[0], labels[0].args, type(labels[0]).__name__
    return None
