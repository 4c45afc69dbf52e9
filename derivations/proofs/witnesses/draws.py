"""Values for the names in an equation, in floating point: of several kinds, and as its assumptions say."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from sympy import Expr, Symbol

from derivations.calculus.assumptions import Assumption, Positive, SumsToOne
from derivations.calculus.definitions import by_name, name_of
from derivations.calculus.evaluate import free_quantities, shape_of
from derivations.calculus.grammar import Index, is_label
from derivations.proofs.equation import Equation

__all__ = ["WIDEST_FIRST", "Kind", "dependencies", "distinct_sizes", "draw", "size_names"]

Array: TypeAlias = npt.NDArray[Any]

Kind = Literal["normal", "positive", "fractions", "large", "negative", "magnitudes", "whole", "zeros"]
"""normal: of both signs and moderate size. positive: so that roots and logarithms are defined. fractions: between 0 and
1, so that those of 1 - p are, too. large: from 4 to 12, for those of x - 3. negative: for those of -x. magnitudes: of
both signs, from 1e-3 to 30 in size, since exponentials of larger ones underflow. whole: small whole numbers. zeros: 0
wherever that is allowed."""

WIDEST_FIRST: tuple[Kind, ...] = ("normal", "positive", "fractions", "large", "negative")
"""The kinds to try in turn where formulas need not be defined everywhere."""

FEW = 6
"""So many sizes may all be different."""


def distinct_sizes(names: Iterable[Symbol], first: int = 2, descending: bool = False) -> dict[Expr, int]:
    """Pairwise distinct sizes from `first` on: equal ones hide transposes.

    Where there are many names, arrays with an axis for each would be too large. Then sizes come again, but two that are
    equal in one order differ in the other.
    """
    known = sorted(names, key=str)
    if len(known) > FEW:
        return {name: 2 + (k // 3 if descending else k % 3) for k, name in enumerate(known)}
    return {name: first + k for k, name in enumerate(known[::-1] if descending else known)}


def dependencies(equation: Equation) -> tuple[dict[str, Expr], list[Expr]]:
    """The names that need a value when all others are replaced by their definitions, and the expressions with them."""
    bodies = {name: body for name, (_, body) in by_name(equation.where).items()}
    leaves: dict[str, Expr] = {}
    reached = [equation.left, equation.right]
    seen: set[str] = set()
    for expr in reached:  # which grows on the way
        for name, quantity in free_quantities([expr]).items():
            if name in bodies and name not in seen:
                seen.add(name)
                reached.append(bodies[name])
            elif name not in bodies:
                leaves[name] = quantity
    return dict(sorted(leaves.items())), reached


def size_names(leaves: Iterable[Expr], exprs: Iterable[Expr]) -> set[Symbol]:
    """The sizes of the arrays and of the indices' ranges, and all other symbols that are whole numbers from 1 on."""
    names: set[Symbol] = set()
    for quantity in leaves:
        lengths = [*shape_of(quantity), *([type(quantity).classes] if is_label(quantity) else [])]
        names |= {name for length in lengths for name in length.free_symbols}
    for expr in exprs:
        symbols = expr.atoms(Symbol)
        names |= {name for index in symbols if isinstance(index, Index) for name in index.size.free_symbols}
        names |= {name for name in symbols if name.is_integer and name.is_positive}
    return names


def draw(
    leaf: Expr, kind: Kind, sizes: Mapping[Expr, int], assumptions: tuple[Assumption, ...], seeds: Iterable[int]
) -> Array:
    """A value for an array, a scalar or labels that meets what is assumed of it."""
    rng = np.random.default_rng([*seeds, zlib.crc32(name_of(leaf).encode())])
    shape = tuple(int(length.xreplace(dict(sizes))) for length in shape_of(leaf))
    if is_label(leaf):
        return rng.integers(int(type(leaf).classes.xreplace(dict(sizes))), size=shape, dtype=np.int64)
    facts = [fact for fact in assumptions if fact.array == name_of(leaf)]
    positive = leaf.is_positive or any(isinstance(fact, Positive) for fact in facts)
    for fact in facts:
        if isinstance(fact, SumsToOne):
            return _summing_to_one(kind, shape, fact.axis, positive, rng)
    value = _of_kind(kind, shape, rng)
    if positive and kind != "fractions":
        return np.abs(value) + (1e-3 if kind == "magnitudes" else 1)
    return np.abs(value) if leaf.is_nonnegative else -np.abs(value) - leaf.is_negative if leaf.is_nonpositive else value


def _of_kind(kind: Kind, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    match kind:
        case "normal":
            return np.asarray(rng.normal(size=shape))
        case "positive":
            return np.asarray(rng.uniform(0.2, 2, size=shape))
        case "fractions":
            return np.asarray(rng.uniform(0.1, 0.9, size=shape))
        case "large":
            return np.asarray(rng.uniform(4, 12, size=shape))
        case "negative":
            return np.asarray(rng.uniform(-2, -0.2, size=shape))
        case "magnitudes":
            return np.asarray(rng.choice([-1, 1], size=shape) * 10 ** rng.uniform(-3, 1.5, size=shape))
        case "whole":
            return np.asarray(rng.integers(-2, 3, size=shape).astype(float))
    return np.zeros(shape)


def _summing_to_one(kind: Kind, shape: tuple[int, ...], axis: int, positive: bool, rng: np.random.Generator) -> Array:
    """One-hot in whole numbers, unless all must be positive; else shares, or of both signs if that is allowed."""
    if kind in ("zeros", "whole") and not positive:
        others = shape[:axis] + shape[axis + 1 :]
        return np.moveaxis(np.eye(shape[axis])[rng.integers(shape[axis], size=others)], -1, axis)
    shares = positive or kind in ("positive", "fractions")
    value = rng.uniform(0.2, 2, size=shape) if shares else rng.normal(size=shape)
    if shares:
        return np.asarray(value / value.sum(axis=axis, keepdims=True))
    return np.asarray(value + (1 - value.sum(axis=axis, keepdims=True)) / shape[axis])
