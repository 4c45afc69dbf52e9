"""The entries of an array at indices, each of which is an index, a number or a label.

Z[i, 0]         a slice, or with the axis kept     Z[:, 0]     Z[:, :1]
Z[y(i), k]      the rows that labels say           Z[y]
P[i, i]         the diagonal                       np.diagonal(P)
P[y(i), i]      picked, one for each i             P[y, np.arange(len(y))]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sympy import Expr

from derivations.calculus.grammar import Index, free_indices, is_label
from derivations.calculus.writers.layout import Axes, Piece, fit
from derivations.calculus.writers.operators import Binding, Code, call
from derivations.calculus.writers.python_names import python_name

__all__ = ["Entries"]


@dataclass(frozen=True)
class Entries:
    """Entries of arrays, where the code has these sizes at hand; `size` writes any other."""

    sizes: Mapping[Expr, str]
    size: Callable[[Expr], str]

    def of(self, array: Code, indices: tuple[Expr, ...], shape: tuple[Expr, ...], layout: Axes) -> Piece:
        """The shortest code for an array of this shape at the indices, in a layout."""
        plain = [index for index in indices if isinstance(index, Index)]
        labelled = [index.args[0] for index in indices if is_label(index)]
        if not plain and not any(isinstance(index, Index) for index in labelled):
            return Piece(Code(f"{array.text}[{', '.join(_subscript(index) for index in indices)}]"))
        if len(set(plain)) == len(plain) and not labelled:
            written = [_sliced(array, indices, shape, keep) for keep in (True, False)]
        elif len(set(plain)) == len(plain) and len(labelled) == 1 and labelled[0] not in plain:
            written = [_sliced(array, indices, shape, False)]
        elif len(indices) == 2 and not labelled:
            written = [Piece(call("np.diagonal", array.text), (plain[0],))]
        else:
            written = [self.picked(array, indices)]
        return min((fit(piece, layout) for piece in written), key=lambda piece: piece.cost)

    def picked(self, array: Code, indices: tuple[Expr, ...]) -> Piece:
        """`Z[y, np.arange(len(y))]`: an index array for each axis, all with the same axes."""
        axes = tuple(dict.fromkeys(i for index in indices for i in free_indices(index)))
        labels = {index.args[0]: python_name(type(index).__name__) for index in indices if is_label(index)}
        subscripts = []
        for index in indices:
            own = free_indices(index)
            length = f"len({labels[index]})" if index in labels else own and self.size(own[0].size)
            size = self.sizes.get(own[0].size) if own else ""
            short = size if size and size.isidentifier() else length
            text = _subscript(index) if not isinstance(index, Index) else f"np.arange({short})"
            subscripts.append(fit(Piece(Code(text), own), axes).code.text)
        return Piece(Code(f"{array.text}[{', '.join(subscripts)}]"), axes)


def _sliced(array: Code, indices: tuple[Expr, ...], shape: tuple[Expr, ...], keep: bool) -> Piece:
    """`Z[:, 0]`, or with the axis kept `Z[:, :1]`; `Z[y]` has the labels' index for its axis."""
    subscripts, axes = [], list[Index | None]()
    for index, length in zip(indices, shape, strict=True):
        if isinstance(index, Index) or length == 1:
            subscripts.append(":")
            axes.append(index if isinstance(index, Index) else None)
        elif is_label(index) and isinstance(index.args[0], Index):
            subscripts.append(_subscript(index))
            axes.append(index.args[0])
        elif keep:
            subscripts.append(f"{index if index else ''}:{index + 1}")
            axes.append(None)
        else:
            subscripts.append(_subscript(index))
    while subscripts and subscripts[-1] == ":":
        subscripts.pop()
    text = f"{array.text}[{', '.join(subscripts)}]" if subscripts else array.text
    return Piece(Code(text, Binding.ATOM if subscripts else array.binding), tuple(axes))


def _subscript(index: Expr) -> str:
    if is_label(index):
        name = python_name(type(index).__name__)
        return name if isinstance(index.args[0], Index) else f"{name}[{index.args[0]}]"
    return str(index)
