"""A program as NumPy source: a pair of functions, a line for each name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sympy import Expr, Symbol

from derivations.calculus.grammar import Index, entry
from derivations.calculus.writers.numpy_code import numpy_code
from derivations.reverse.program import Program, Statement

__all__ = ["numpy_source"]

Shapes = Mapping[str, tuple[Expr, ...]]


def numpy_source(program: Program, shapes: Shapes, name: str = "layer") -> str:
    """Two functions: the forward pass, which returns its outputs and what it saves, and the backward pass.

    `shapes` are those of all arrays of the program, by name.
    """
    saved = _tuple(program.saved)
    forward = [
        f"def {name}_forward({', '.join(program.inputs)}):",
        *_lines(program.forward, shapes, program.inputs),
        f"    return {_tuple(program.outputs, plain=True)}, {saved}",
    ]
    backward = [
        f"def {name}_backward({', '.join([*program.upstream, 'saved'])}):",
        *([f"    {saved} = saved"] if program.saved else []),
        *_lines(program.backward, shapes, [*program.saved, *program.upstream]),
        f"    return {', '.join(program.gradients)}",
    ]
    return "\n".join(["import numpy as np", "", "", *forward, "", "", *backward, ""])


def _tuple(names: tuple[str, ...], plain: bool = False) -> str:
    if len(names) == 1:
        return names[0] if plain else f"({names[0]},)"
    return f"({', '.join(names)})"


def _lines(statements: Iterable[Statement], shapes: Shapes, at_hand: Iterable[str]) -> Iterator[str]:
    known = list(at_hand)
    for statement in statements:
        arrays = {name: shapes[name] for name in known if shapes[name]}
        yield f"    {statement.name} = {numpy_code(statement.value, _layout(statement.target), arrays)}"
        known.append(statement.name)


def _layout(target: Expr) -> tuple[Index | int, ...]:
    if isinstance(target, Symbol):
        return ()
    return tuple(index if isinstance(index, Index) else 0 for index in entry(target)[1])
