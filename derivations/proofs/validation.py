"""Is it an equation at all? Whatever is ill-formed is an error in one line, and never proven or refuted.

A sum that leaves its range, a misspelt name, a definition that contains itself: such things are mistakes in writing.
Were they decided like other equations, a misconception would be "refuted" for a typo.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, reduce
from graphlib import CycleError, TopologicalSorter

from sympy import Basic, Expr, Indexed, NumberSymbol, Symbol, expand
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions import MatrixExpr
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.assumptions import Assumption, SumsToOne
from derivations.calculus.definitions import Definitions, by_name, name_of, names_in
from derivations.calculus.evaluate import free_quantities
from derivations.calculus.grammar import (
    Index,
    ShapeError,
    UnevaluatedDerivative,
    check_expression,
    entry,
    free_indices,
    is_label,
)

__all__ = ["IllFormedError", "validate", "validate_definitions", "validate_names"]

Quantity = (MatrixElement, Indexed, Symbol)
Pairs = tuple[tuple[Expr, Expr], ...]


class IllFormedError(ValueError):
    """An equation, or a set of definitions, that says nothing which could be true or false."""


def validate(
    sides: tuple[Expr, Expr], axes: tuple[Index, ...], where: Definitions, assumptions: Iterable[Assumption]
) -> None:
    """Raise IllFormedError, one line, if the two sides with these definitions and assumptions are no equation.

    >>> from derivations.notation import X, i, j, u
    >>> validate((X[u, i], X[u, j]), (u, i), {}, [])
    Traceback (most recent call last):
        ...
    derivations.proofs.validation.IllFormedError: X[u, j]: the index j is free but is not among the axes (u, i)
    """
    validate_definitions(where)
    for side in sides:
        _check_expression(side)
        _check_loose_indices(side, axes)
        _check_derivatives(side, where)
    validate_names(sides, where, assumptions)


def validate_names(exprs: Iterable[Expr], where: Definitions, assumptions: Iterable[Assumption]) -> None:
    """Raise IllFormedError, one line, unless each name is one object, and all that is assumed is of such a name."""
    known = reduce(_merged, map(_objects, exprs), dict(_objects_of(tuple(where.items()))))
    for fact in assumptions:
        _check_assumption(fact, known, where)


def validate_definitions(where: Definitions) -> None:
    """Raise IllFormedError, one line, unless each name is defined once, for a whole array, and not by itself.

    >>> from derivations.notation import W1, dW1, v, u
    >>> validate_definitions({W1[v, u]: W1[v, u] - dW1[v, u]})
    Traceback (most recent call last):
        ...
    derivations.proofs.validation.IllFormedError: the definition of W1 contains W1
    """
    _check_definitions(tuple(where.items()))


@lru_cache(maxsize=256)
def _check_definitions(where: Pairs) -> None:
    for pattern, body in where:
        _check_pattern(pattern)
        _check_expression(pattern)
        _check_expression(body)
    try:
        bodies = {name: body for name, (_, body) in by_name(dict(where)).items()}
    except ValueError as error:
        raise IllFormedError(str(error)) from None
    for pattern, body in where:
        _check_loose_indices(body, free_indices(pattern), f"the definition of {pattern}")
    _check_cycles(bodies)
    for _, body in where:
        _check_derivatives(body, dict(where))
    _objects_of(where)


# Expressions


def _check_expression(expr: Expr) -> None:
    """An index expression: one entry of an array, with indices that fit."""
    if not isinstance(expr, Expr) or isinstance(expr, MatrixExpr):
        raise IllFormedError(f"{expr} is not one entry of an array: write W[v, u] and not W, and sums with sum_over")
    for part in _parts(expr):
        if isinstance(part, Index):
            _check_size(part.size, f"the index {part} takes {part.size} values")
        elif isinstance(part, (MatrixElement, Indexed)):
            for length in _shape(part):
                _check_size(length, f"an axis of {name_of(part)} has {length} entries")
    try:
        check_expression(expr)
    except (ShapeError, TypeError) as error:
        raise IllFormedError(str(error)) from None


def _check_size(size: Expr, there: str) -> None:
    """Sums over nothing are 0, and what holds for positive sums fails for them: a size is at least 1."""
    if not (size.is_integer and _is_positive(size)):
        raise IllFormedError(f"{there}, but a size is a whole number from 1 on, whatever the sizes in it are")


def _is_positive(size: Expr) -> bool:
    """Whether a polynomial in sizes is at least 1: with each size written as 1 + k, no coefficient is negative."""
    names = sorted(size.free_symbols, key=str)
    if size.is_positive or not names:
        return bool(size.is_positive)
    shifted = expand(size.xreplace({name: 1 + name for name in names}))
    if not (all(name.is_positive for name in names) and shifted.is_polynomial(*names)):
        return False
    coefficients = shifted.as_poly(*names).as_dict()
    return bool(coefficients.get((0,) * len(names), 0) >= 1 and all(value >= 0 for value in coefficients.values()))


def _check_loose_indices(expr: Expr, axes: tuple[Index, ...], what: str | None = None) -> None:
    loose = [index for index in free_indices(expr) if index not in axes]
    if loose:
        named = f"({', '.join(map(str, axes))})" if axes else f"(there are none: give axes=({loose[0]}, ...))"
        raise IllFormedError(f"{what or expr}: the index {loose[0]} is free but is not among the axes {named}")


def _check_derivatives(expr: Expr, where: Definitions) -> None:
    """The derivative with respect to W of something that never leads to W is 0, and nearly always a slip."""
    for derivative in expr.atoms(UnevaluatedDerivative):
        leaves, reached = _leaves(derivative.expr, where)
        if name_of(derivative.wrt) not in reached:
            wrt = name_of(derivative.wrt)
            made_of = f"made of {', '.join(sorted(leaves))}" if leaves else "a number"
            if derivative.expr.is_Symbol and derivative.expr not in where:
                raise IllFormedError(
                    f"{derivative.expr} has no definition and does not contain {wrt}: define it in `where`"
                )
            raise IllFormedError(
                f"{derivative.expr} does not contain {wrt}: it is {made_of}; is a definition missing in `where`?"
            )


def _leaves(expr: Expr, where: Definitions) -> tuple[set[str], set[str]]:
    """The names without a definition that an expression leads to, and all names on the way."""
    bodies = {name: body for name, (_, body) in by_name(where).items()}
    reached: set[str] = set()
    todo = set(names_in(expr))
    while todo:
        reached |= todo
        todo = {name for known in todo & bodies.keys() for name in names_in(bodies[known])} - reached
    without = set(free_quantities([expr, *bodies.values()])) - bodies.keys()
    return reached & without, reached


# Definitions


def _check_pattern(pattern: Expr) -> None:
    """A definition gives all entries of an array at once: neither a row of it nor its diagonal."""
    if not isinstance(pattern, Quantity) or isinstance(pattern, Index):
        raise IllFormedError(f"{pattern} can't be defined: expected a scalar or an entry such as Z[v, i]")
    if isinstance(pattern, Symbol):
        return
    name, indices = entry(pattern)
    lengths = _shape(pattern)
    whole = [index for index in indices if isinstance(index, Index)]
    fixed = [index for index, length in zip(indices, lengths, strict=True) if index not in whole and length != 1]
    if fixed or len(set(whole)) < len(whole):
        raise IllFormedError(
            f"{pattern} defines a part of {name} only: a definition has a different index for each axis, or 0 where "
            f"the axis has one entry"
        )


def _check_cycles(bodies: Mapping[str, Expr]) -> None:
    """A name that is defined by itself, directly or by way of others, stands for nothing."""
    try:
        TopologicalSorter({name: names_in(body) & bodies.keys() for name, body in bodies.items()}).prepare()
    except CycleError as error:
        name, *others = reversed(error.args[1])
        way = ", whose definition contains ".join(others)
        raise IllFormedError(f"the definition of {name} contains {way}") from None


# Names


def _objects(expr: Expr) -> dict[str, str]:
    """What each name in an expression is, in words."""
    return reduce(_merged, ({name: what} for name, what in _named(expr)), {})


@lru_cache(maxsize=256)
def _objects_of(where: Pairs) -> Mapping[str, str]:
    return reduce(_merged, (_objects(expr) for pair in where for expr in pair), {})


def _merged(known: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    for name, what in more.items():
        if known.get(name, what) != what:
            raise IllFormedError(f"{name} is {known[name]} and also {what}: two objects need two names")
    return {**known, **more}


def _named(expr: Expr) -> Iterator[tuple[str, str]]:
    for part in _parts(expr):
        if isinstance(part, Index):
            yield part.name, "an index"
            yield from _sizes(part.size)
        elif isinstance(part, (MatrixElement, Indexed)):
            yield name_of(part), f"an array of shape ({', '.join(map(str, _shape(part)))})"
            for length in _shape(part):
                yield from _sizes(length)
        elif is_label(part):
            yield name_of(part), f"labels below {type(part).classes}"
            yield from _sizes(type(part).classes)
        elif isinstance(part, AppliedUndef):
            yield type(part).__name__, "a function"
        elif isinstance(part, Symbol):
            yield part.name, _scalar(part)
        elif isinstance(part, NumberSymbol):
            yield str(part), "a number"


def _scalar(symbol: Symbol) -> str:
    if symbol.is_integer and symbol.is_positive:
        return "a size"
    said = [word for word, value in sorted(symbol._assumptions_orig.items()) if value and word != "commutative"]
    return f"a scalar ({', '.join(said)})" if said else "a scalar"


def _sizes(length: Expr) -> Iterator[tuple[str, str]]:
    return ((name.name, _scalar(name)) for name in length.free_symbols)


def _check_assumption(fact: Assumption, known: Mapping[str, str], where: Definitions) -> None:
    what = known.get(fact.array, "")
    if not what.startswith(("an array", "a scalar")):
        near = difflib.get_close_matches(fact.array, known, n=1, cutoff=0.3) or [
            name for name in known if name.lower() == fact.array.lower()
        ]
        hint = f"; did you mean {near[0]}?" if near else ""
        raise IllFormedError(f"it is assumed that {fact}, but there is no array {fact.array}{hint}")
    if fact.array in by_name(where):
        raise IllFormedError(
            f"it is assumed that {fact}, but {fact.array} has a definition: assume something of what it contains"
        )
    axes = what.count(",") + 1 if what.startswith("an array") else 0
    if isinstance(fact, SumsToOne) and not 0 <= fact.axis < axes:
        raise IllFormedError(f"it is assumed that {fact.array} sums to 1 along axis {fact.axis}, but it is {what}")


# Walking through expressions


def _shape(element: MatrixElement | Indexed) -> tuple[Expr, ...]:
    return tuple(element.parent.shape if isinstance(element, MatrixElement) else element.base.shape or ())


def _parts(expr: Basic) -> Iterator[Basic]:
    """The expression and all within it; of an entry its indices, but not the symbol of its array."""
    yield expr
    inner = entry(expr)[1] if isinstance(expr, (MatrixElement, Indexed)) else expr.args
    for part in inner:
        yield from _parts(part)
