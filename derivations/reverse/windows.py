"""Windows in a forward pass: what X[c, p + k] reads gets a name of its own, and the rest of the formula uses that.

    Y[d, p] = sum[c, k](W[d, c, k] * X[c, p + k])

is read as

    Xw[c, p, k] = X[c, p + k]
    Y[d, p]     = sum[c, k](W[d, c, k] * Xw[c, p, k])

so that a gradient comes back to each window's entry first, and is added up where windows overlap.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sympy import Expr, Indexed, Mul, expand

from derivations.calculus.definitions import name_of
from derivations.calculus.grammar import Index, entry, free_indices, sum_over
from derivations.calculus.window import Window, window_of
from derivations.reverse.errors import at

__all__ = ["Count", "Place", "brackets", "counts", "placed", "view", "with_room", "zeros_and_ones"]


@dataclass(frozen=True)
class Place:
    """A window in the text: the letters in the order in which they are written, and what is done to them."""

    letters: tuple[str, ...]
    window: Window


def placed(node: ast.expr) -> Place | None:
    """The place that an index writes down, such as 2*p + k + 1; None if it isn't a sum of letters and numbers.

    Raises FormulaError if it counts backwards.

    >>> placed(ast.parse("2*p + k + 1", mode="eval").body)
    Place(letters=('p', 'k'), window=Window(coefficients=(2, 1), offset=1))
    """
    terms = _terms(node)
    if terms is None or not any(terms):
        return None
    if min(terms.values()) < 0:
        raise at(
            node, "a window counts forwards: p + k, 2*p + k, p + 2*k + 1; turn the array around, or shift it, first"
        )
    letters = tuple(letter for letter, number in terms.items() if letter and number)
    return Place(letters, Window(tuple(terms[letter] for letter in letters), terms.get("", 0)))


def _terms(node: ast.expr) -> dict[str, int] | None:
    """What each letter is multiplied by, and by "" the number that is added."""
    match node:
        case ast.Name(id=letter):
            return {letter: 1}
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            return {"": number}
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _times(-1, _terms(operand))
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return _plus(_terms(left), _terms(right))
        case ast.BinOp(op=ast.Sub(), left=left, right=right):
            return _plus(_terms(left), _times(-1, _terms(right)))
        case (
            ast.BinOp(op=ast.Mult(), left=ast.Constant(value=int(number)), right=other)
            | ast.BinOp(op=ast.Mult(), left=other, right=ast.Constant(value=int(number)))
        ):
            return _times(number, _terms(other))
    return None


def _times(number: int, terms: dict[str, int] | None) -> dict[str, int] | None:
    return terms and {letter: number * other for letter, other in terms.items()}


def _plus(one: dict[str, int] | None, other: dict[str, int] | None) -> dict[str, int] | None:
    if one is None or other is None:
        return None
    return {letter: one.get(letter, 0) + other.get(letter, 0) for letter in [*one, *(k for k in other if k not in one)]}


def view(read: Expr, places: Mapping[Index, Expr]) -> tuple[tuple[Index, ...], Expr]:
    """What windows read of an array, as a definition: its indices and its body.

    `read` is the array's entry, and `places` has the bracket [t = p + k] for each of its indices t that is a place.
    """
    indices = [new for t in entry(read)[1] for new in (places[t].indices[:-1] if t in places else free_indices(t))]
    return tuple(dict.fromkeys(indices)), sum_over(tuple(places), Mul(read, *places.values()))


def brackets(exprs: Iterable[Expr]) -> list[Indexed]:
    """The brackets in the expressions, each once."""
    found = {part for expr in exprs for part in expr.atoms(Indexed) if window_of(part)}
    return sorted(found, key=str)


@dataclass(frozen=True)
class Count:
    """How many windows fit: `room // step + 1`."""

    room: Expr
    step: int


def counts(exprs: Iterable[Expr], known: Iterable[Expr]) -> dict[Expr, list[Count]]:
    """By its name each number of windows that no input's shape says: as many as fit, by every window that counts it.

    >>> from derivations.calculus.grammar import size
    >>> p, k, t = Index("p", size("P")), Index("k", size("K")), Index("t", size("T"))
    >>> counts([Window((1, 1)).at((p, k), t)], [size("K"), size("T")])
    {P: [Count(room=-K + T, step=1)]}
    """
    found: dict[Expr, list[Count]] = {}
    sizes, todo = set(known), brackets(exprs)
    while ready := [bracket for bracket in todo if len(_unknown(bracket, sizes)) == 1]:
        (new,) = _unknown(ready[0], sizes)
        for bracket in (bracket for bracket in ready if _unknown(bracket, sizes) == {new}):
            _add(_count(bracket, new), found.setdefault(new, []))
        sizes.add(new)
        todo = [bracket for bracket in todo if _unknown(bracket, sizes)]
    return found


def _unknown(bracket: Indexed, sizes: set[Expr]) -> set[Expr]:
    return {index.size for index in bracket.indices if index.size not in sizes and not index.size.is_Integer}


def _count(bracket: Indexed, new: Expr) -> Count:
    window, (*lengths, places) = window_of(bracket), [index.size for index in bracket.indices]
    assert window is not None
    terms = list(zip(window.coefficients, lengths, strict=True))
    taken = sum(number * (length - 1) for number, length in terms if length != new)
    return Count(expand(places - 1 - window.offset - taken), sum(number for number, length in terms if length == new))


def _add(count: Count, counts: list[Count]) -> None:
    """Of two counts that differ by a number of places, the smaller one."""
    for k, other in enumerate(counts):
        difference = count.room - other.room
        if count.step == other.step and difference.is_Integer:
            counts[k] = count if difference < 0 else other
            return
    counts.append(count)


def with_room(sizes: Mapping[Expr, int], exprs: Iterable[Expr], known: Iterable[Expr]) -> dict[Expr, int]:
    """The sizes, changed so that every window fits; `known` are those that the inputs' shapes say."""
    exprs, new = list(exprs), dict(sizes)
    for _ in brackets(exprs):  # windows may read what comes of windows
        new |= _needed(brackets(exprs), new)
    for size, fits in counts(exprs, known).items():
        new[size] = min(int(fit.room.xreplace(new)) // fit.step + 1 for fit in fits)
    return new


def _needed(found: Iterable[Indexed], sizes: Mapping[Expr, int]) -> dict[Expr, int]:
    needed: dict[Expr, int] = {}
    for bracket in found:
        window, (*lengths, places) = window_of(bracket), [index.size for index in bracket.indices]
        assert window is not None
        there = window.needs([int(length.xreplace(dict(sizes))) for length in lengths])
        if not places.is_Integer:
            needed[places] = max(there, needed.get(places, 0))
    return needed


def zeros_and_ones(exprs: Iterable[Expr], sizes: Mapping[Expr, int]) -> dict[str, npt.NDArray[np.float64]]:
    """By their names the arrays of the brackets: 1 where t is the place, and 0 elsewhere.

    >>> p, k, t = Index("p", 2), Index("k", 2), Index("t", 3)
    >>> [array.tolist() for array in zeros_and_ones([Window((1, 1)).at((p, k), t)], {}).values()]
    [[[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]]]
    """
    arrays = {}
    for bracket in brackets(exprs):
        window, shape = window_of(bracket), [int(index.size.xreplace(dict(sizes))) for index in bracket.indices]
        assert window is not None
        runs = np.ix_(*map(np.arange, shape[:-1]))
        place = window.offset + sum(number * run for number, run in zip(window.coefficients, runs, strict=True))
        arrays[name_of(bracket)] = (np.asarray(place)[..., None] == np.arange(shape[-1])).astype(np.float64)
    return arrays
