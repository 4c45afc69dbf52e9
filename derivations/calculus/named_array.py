"""Arrays whose axes are named by indices, so that a formula says which axes belong together.

`W[k, v] * A[v, i]` is the product of an array with the axes (k, v) and one with (v, i): one with the axes (k, v, i).

Beside its values an array may carry their *rounding scale* S: the same sums and products with the absolute value of
every term in place of the term. Floating-point sums and products err by a small multiple of eps * S, however much the
terms cancel (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition, chapter 3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from derivations.calculus.grammar import Index, ShapeError

__all__ = ["Axes", "NamedArray", "apply", "product", "total"]

Array: TypeAlias = npt.NDArray[Any]
Axes: TypeAlias = tuple[Index, ...]


@dataclass(frozen=True)
class NamedArray:
    """`value.shape[k]` belongs to the index `axes[k]`; `scale` is of the same shape, or None if it isn't asked for."""

    value: Array
    axes: Axes = ()
    scale: Array | None = None

    def align(self, axes: Axes) -> Array:
        """The values with their axes in this order, of length 1 where they do not depend on the index."""
        return self._aligned(self.value, axes)

    def aligned_scale(self, axes: Axes) -> Array:
        return self._aligned(np.abs(self.value) if self.scale is None else self.scale, axes)

    def _aligned(self, array: Array, axes: Axes) -> Array:
        for index in self.axes:
            if index not in axes:
                raise ShapeError(
                    f"the index {index} is free, but is not among the axes ({', '.join(map(str, axes)) or 'none'})"
                )
        present = [index for index in axes if index in self.axes]
        array = array.transpose([self.axes.index(index) for index in present])
        return array.reshape([array.shape[present.index(index)] if index in present else 1 for index in axes])

    def at(self, places: Mapping[Index, NamedArray]) -> NamedArray:
        """The entries at these places: an index is replaced by the numbers given for it, which have axes themselves."""
        parts = [places.get(index, NamedArray(np.arange(n), (index,))) for index, n in self._lengths()]
        whole = all(_is_whole_range(part, n) for part, n in zip(parts, self.value.shape, strict=True))
        if whole and len({part.axes for part in parts}) == len(parts):
            return NamedArray(self.value, tuple(part.axes[0] for part in parts), self.scale)
        axes = union(parts)
        where = tuple(np.broadcast_arrays(*[part.align(axes) for part in parts]))
        return NamedArray(self.value[where], axes, None if self.scale is None else self.scale[where])

    def _lengths(self) -> list[tuple[Index, int]]:
        return list(zip(self.axes, self.value.shape, strict=True))


def _is_whole_range(part: NamedArray, length: int) -> bool:
    return len(part.axes) == 1 and bool(np.array_equal(part.value, np.arange(length)))


def union(parts: list[NamedArray]) -> Axes:
    """The axes of all the arrays, each once."""
    return tuple(dict.fromkeys(index for part in parts for index in part.axes))


def total(terms: list[NamedArray]) -> NamedArray:
    """The sum of several arrays, over the axes of all of them."""
    axes = union(terms)
    value = _sum(*[term.align(axes) for term in terms])
    measured = any(term.scale is not None for term in terms)
    return NamedArray(value, axes, _sum(*[term.aligned_scale(axes) for term in terms]) if measured else None)


def _sum(*terms: Array) -> Array:
    return np.asarray(sum(terms[1:], start=terms[0]))


def product(factors: list[NamedArray], summed: Mapping[Index, int]) -> NamedArray:
    """The product of several arrays, summed over some of their indices, which take so many values."""
    axes = union(factors)
    kept = tuple(index for index in axes if index not in summed)
    repeated = float(np.prod([length for index, length in summed.items() if index not in axes]))
    number = {index: k for k, index in enumerate(axes)}

    def contracted(arrays: list[Array]) -> Array:
        operands: list[Any] = []
        for factor, array in zip(factors, arrays, strict=True):
            operands += [array, [number[index] for index in factor.axes]]
        return np.asarray(np.einsum(*operands, [number[index] for index in kept], optimize=len(factors) > 1)) * repeated

    value = contracted([factor.value for factor in factors])
    measured = any(factor.scale is not None for factor in factors)
    scale = contracted([factor.aligned_scale(factor.axes) for factor in factors]) if measured else None
    return NamedArray(value, kept, scale)


def apply(function: Callable[..., Any], *parts: NamedArray) -> NamedArray:
    """A function of several arrays, entry by entry, over the axes of all of them; without a scale."""
    axes = union(list(parts))
    return NamedArray(np.asarray(function(*[part.align(axes) for part in parts])), axes)
