"""Arrays whose axes are named by indices, brought into the layout in which a line of NumPy needs them.

A layout has an index for each axis, or None for an axis of length 1. NumPy aligns shapes from the right, and an axis
of length 1 fits any other: so a row of biases (None, v) fits beside scores (i, v) as it is, and a column needs `.T`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from derivations.calculus.grammar import Index
from derivations.calculus.writers.operators import Binding, Code

__all__ = ["Axes", "Piece", "broadcast", "fit", "restricted"]

Axes: TypeAlias = "tuple[Index | None, ...]"


@dataclass(frozen=True)
class Piece:
    """Code for an array, and its axes."""

    code: Code
    axes: Axes = ()

    @property
    def cost(self) -> int:
        """Of two ways to write the same, the shorter one is read more easily; new axes and transposes take thought."""
        text = self.code.text
        return len(text) + 4 * (text.count("None") + text.count("einsum") + text.count(".T"))


def restricted(layout: Axes, indices: Iterable[Index]) -> Axes:
    """The layout of a part that has these indices only: its other axes have length 1."""
    kept = set(indices)
    return tuple(axis if axis in kept else None for axis in layout)


def broadcast(pieces: Iterable[Piece]) -> Axes:
    """The axes of a result, computed entry by entry from pieces that fit one layout."""
    axes: list[Index | None] = []
    for piece in pieces:
        longer = [None] * (len(piece.axes) - len(axes)) + axes
        shorter = [None] * (len(axes) - len(piece.axes)) + list(piece.axes)
        axes = [one or other for one, other in zip(longer, shorter, strict=True)]
    return tuple(axes)


def fits(axes: Axes, layout: Axes) -> bool:
    """Whether NumPy's broadcasting puts every axis where the layout has it."""
    end = layout[len(layout) - len(axes) :]
    return len(axes) <= len(layout) and all(axis in (None, wanted) for axis, wanted in zip(axes, end, strict=True))


def fit(piece: Piece, layout: Axes) -> Piece:
    """The piece transposed, and with axes of length 1 put in or left out, so that it fits the layout.

    >>> from derivations.calculus.grammar import size
    >>> i, v = Index("i", size("m")), Index("v", size("h"))
    >>> fit(Piece(Code("b"), (v, None)), (i, v)).code.text, fit(Piece(Code("x"), (i,)), (i, v)).code.text
    ('b.T', 'x[:, None]')
    """
    if fits(piece.axes, layout):
        return piece
    wanted = [axis for axis in layout if axis is not None and axis in piece.axes]
    if fits(piece.axes[::-1], layout):
        return Piece(Code(f"{piece.code.at(Binding.ATOM)}.T"), piece.axes[::-1])
    ordered = _reordered(piece, wanted)
    return ordered if fits(ordered.axes, layout) else _reshaped(ordered, layout)


def _reordered(piece: Piece, wanted: list[Index]) -> Piece:
    """The piece with its indices in this order."""
    if [axis for axis in piece.axes if axis is not None] == wanted:
        return piece
    if len(piece.axes) == 2:
        return Piece(Code(f"{piece.code.at(Binding.ATOM)}.T"), piece.axes[::-1])
    ones = [number for number, axis in enumerate(piece.axes) if axis is None]
    order = ones + [piece.axes.index(axis) for axis in wanted]
    text = f"{piece.code.at(Binding.ATOM)}.transpose({', '.join(map(str, order))})"
    return Piece(Code(text), tuple(piece.axes[number] for number in order))


def _reshaped(piece: Piece, layout: Axes) -> Piece:
    """The piece with axes of length 1 where the layout has them."""
    first = min(layout.index(axis) for axis in piece.axes if axis is not None)
    slots, subscripts = list(layout[first:]), list[str]()
    kept: list[Index | None] = []
    for axis in piece.axes:
        while axis is not None and slots[0] != axis:
            slots.pop(0)
            subscripts.append("None")
            kept.append(None)
        if axis is None and (not kept or not slots or slots[0] in piece.axes):
            subscripts.append("0")
            continue
        slots.pop(0)
        subscripts.append(":")
        kept.append(axis)
    subscripts += ["None"] * len(slots)
    kept += [None] * len(slots)
    while subscripts[-1] == ":":
        subscripts.pop()
    return Piece(Code(f"{piece.code.at(Binding.ATOM)}[{', '.join(subscripts)}]"), tuple(kept))
