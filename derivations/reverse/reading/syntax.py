"""The lines of the text as Python's own syntax trees, and what stands in the brackets of an entry or a sum."""

from __future__ import annotations

import ast
import difflib
import textwrap
from collections.abc import Iterator

from derivations.reverse.errors import FormulaError, at
from derivations.reverse.reading.words import REDUCTIONS

__all__ = ["indices_of", "letters_of", "reduction_of", "sizes_of", "statements", "target_of"]


def statements(text: str) -> Iterator[ast.Assign]:
    """The definitions, a line for each. Raises FormulaError for anything else."""
    try:
        tree = ast.parse(textwrap.dedent(text))
    except SyntaxError as error:
        shown = (error.text or "").strip()
        raise FormulaError(f"line {error.lineno}, column {error.offset}: {shown}: {error.msg}") from None
    if not tree.body:
        raise FormulaError("there is no formula: expected lines such as  Z[v, i] = sum[u](W[v, u] * X[u, i])")
    for node in tree.body:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            raise at(node, "expected  name[indices] = formula")
        yield node


def target_of(node: ast.Assign) -> str:
    """The name that a line defines."""
    target = node.targets[0]
    return ast.unparse(target.value) if isinstance(target, ast.Subscript) else ast.unparse(target)


def indices_of(node: ast.Subscript) -> list[ast.expr]:
    """What stands between the brackets."""
    return list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]


def letters_of(node: ast.Subscript) -> list[ast.expr]:
    """The indices of `sum[i, k:3]`, without their sizes."""
    return [index.lower if isinstance(index, ast.Slice) and index.lower else index for index in indices_of(node)]


def sizes_of(node: ast.Subscript) -> Iterator[tuple[str, int]]:
    """The sizes that are said: k and 3 in `sum[i, k:3]`."""
    for index in indices_of(node):
        if isinstance(index, ast.Slice):
            match index:
                case ast.Slice(lower=ast.Name(id=letter), upper=ast.Constant(value=int(number)), step=None) if (
                    number > 0
                ):
                    yield letter, number
                case _:
                    raise at(node, "expected an index and how many values it takes, [k:3]", ast.unparse(index))


def reduction_of(node: ast.AST) -> tuple[str, list[ast.expr], ast.expr] | None:
    """The kind, the indices and the body of `sum[i, j](body)`; None for anything else."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Subscript):
        return None
    kind = node.func.value
    if not isinstance(kind, ast.Name) or kind.id not in REDUCTIONS:
        near = difflib.get_close_matches(ast.unparse(kind), REDUCTIONS, n=1)
        guess = f"did you mean {near[0]}[...]? " if near else ""
        raise at(node, f"{guess}(there are {', '.join(f'{name}[i](...)' for name in REDUCTIONS)})")
    if len(node.args) != 1 or node.keywords:
        raise at(node, f"{kind.id}[...] takes one formula in brackets")
    return kind.id, letters_of(node.func), node.args[0]
