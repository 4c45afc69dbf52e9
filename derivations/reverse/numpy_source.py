"""A program as NumPy source: a pair of functions, a line for each name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sympy import Expr, Indexed, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import name_of
from derivations.calculus.grammar import Index, entry
from derivations.calculus.writers.numpy_code import numpy_code
from derivations.reverse.places_source import places_of
from derivations.reverse.program import Program, Reduction, Statement

__all__ = ["as_tuple", "numpy_source"]

REDUCTIONS = {
    "logsumexp": """def logsumexp(S, axis):
    largest = S.max(axis=axis, keepdims=True)
    return np.log(np.exp(S - largest).sum(axis=axis)) + largest.squeeze(axis)""",
    "softmax": """def softmax(S, axis):
    E = np.exp(S - S.max(axis=axis, keepdims=True))
    return E / E.sum(axis=axis, keepdims=True)""",
}
"""The largest score is subtracted first, so that nothing overflows."""

SCATTER = """def scatter(values, places, axis, size):
    total = np.zeros((*values.shape[:axis], size, *values.shape[axis + places.ndim :]), values.dtype)
    np.add.at(total, (slice(None),) * axis + (places,), values)
    return total"""
"""Adds up the values that belong to one place: the way back from `X[:, places]`."""

Shapes = Mapping[str, tuple[Expr, ...]]


def numpy_source(program: Program, name: str = "layer") -> str:
    """Two functions: the forward pass, which returns its outputs and what it saves, and the backward pass."""
    saved = as_tuple(program.saved)
    forward = [
        f"def {name}_forward({', '.join(program.inputs)}):",
        *_lines(program.forward, program, program.inputs),
        f"    return {', '.join([*program.outputs, saved])}",
    ]
    backward = [
        f"def {name}_backward({', '.join([*program.upstream, 'saved'])}):",
        *([f"    {saved} = saved"] if program.saved else []),
        *_lines([*program.views, *program.backward], program, [*program.saved, *program.upstream]),
        f"    return {', '.join(program.gradients)}",
    ]
    used = {s.value.function for s in (*program.forward, *program.backward) if isinstance(s.value, Reduction)}
    helpers = [REDUCTIONS[function] for function in sorted(used)]
    helpers += [SCATTER] if any(re.search(r"\bscatter\(", line) for line in (*forward, *backward)) else []
    needs_math = any("math." in line for line in (*forward, *backward))
    imports = "import math\n\nimport numpy as np" if needs_math else "import numpy as np"
    return "\n\n\n".join([imports, *helpers, "\n".join(forward), "\n".join(backward)]) + "\n"


def as_tuple(names: Sequence[str]) -> str:
    """The names as Python writes a tuple: `(a,)` if there is one."""
    return f"({names[0]},)" if len(names) == 1 else f"({', '.join(names)})"


def _lines(statements: Iterable[Statement], program: Program, at_hand: Iterable[str]) -> Iterator[str]:
    known, statements = list(at_hand), list(statements)
    places: dict[str, str] = {}
    for statement in statements:
        arrays = {name: program.shapes[name] for name in known if program.shapes[name]}
        for place in places_of([statement.read], program):
            if name_of(place.bracket) not in places:
                yield f"    {place.name} = {place.code(arrays)}"
                places[name_of(place.bracket)] = place.name
        yield f"    {statement.name} = {_code(statement, arrays, places)}"
        known.append(statement.name)


def _code(statement: Statement, arrays: Shapes, places: Mapping[str, str]) -> str:
    value = statement.value
    if isinstance(value, Reduction):
        layout = _layout_with(value.over, value.argument, statement.target)
        argument = numpy_code(value.argument, layout, arrays, places=places)
        return f"{value.function}({argument}, axis={layout.index(value.over)})"
    return numpy_code(value, _layout(statement.target), arrays, places=places)


def _layout_with(over: Index, argument: Expr, target: Expr) -> tuple[Index | int, ...]:
    """The layout of what is reduced: the target's axes, and `over` where the argument's arrays have it."""
    axes = _layout(target)
    if over in axes:
        return axes
    first = next(e for e in argument.atoms(MatrixElement, Indexed) if over in entry(e)[1])
    return tuple(index for index in entry(first)[1] if index == over or index in axes)


def _layout(target: Expr) -> tuple[Index | int, ...]:
    if isinstance(target, Symbol):
        return ()
    return tuple(index if isinstance(index, Index) else 0 for index in entry(target)[1])
