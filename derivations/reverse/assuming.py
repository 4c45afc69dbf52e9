"""What a forward pass assumes, from text: `eps > 0`, or `sum[c](Y[c, i]) == 1` for targets that add up to 1."""

from __future__ import annotations

import ast

from derivations.calculus.assumptions import Assumption, Positive, SumsToOne
from derivations.reverse.errors import FormulaError, at

__all__ = ["read_assumptions"]

EXPECTED = "expected  eps > 0  or  sum[c](Y[c, i]) == 1"


def read_assumptions(text: str) -> tuple[Assumption, ...]:
    """The assumptions in a text, separated by commas. Raises FormulaError for anything else.

    >>> [str(fact) for fact in read_assumptions("eps > 0, sum[c](Y[c, i]) == 1")]
    ['eps > 0', 'each column of Y sums to 1']
    """
    if not text.strip():
        return ()
    try:
        tree = ast.parse(f"({text},)", mode="eval").body
    except SyntaxError:
        raise FormulaError(f"assume: {text.strip()}: {EXPECTED}") from None
    assert isinstance(tree, ast.Tuple)
    return tuple(_assumption(node) for node in tree.elts)


def _assumption(node: ast.expr) -> Assumption:
    match node:
        case ast.Compare(left=left, ops=[ast.Gt()], comparators=[ast.Constant(value=0)]):
            return Positive(_name(left))
        case ast.Compare(left=ast.Call() as total, ops=[ast.Eq()], comparators=[ast.Constant(value=1)]):
            return _sums_to_one(total)
    raise at(node, EXPECTED)


def _sums_to_one(total: ast.Call) -> SumsToOne:
    match total:
        case ast.Call(
            func=ast.Subscript(value=ast.Name(id="sum"), slice=ast.Name(id=letter)),
            args=[ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=indices))],
        ) if letter in [ast.unparse(index) for index in indices]:
            return SumsToOne(name, [ast.unparse(index) for index in indices].index(letter))
    raise at(total, EXPECTED)


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            return name
    raise at(node, EXPECTED)
