"""Small mistakes in a module: one operator, number, condition or statement changed, all else as it was.

A mutant is text, not a tree: its lines are those of the module, so that what a survivor shows can be looked up. What
people read, annotations and messages, is left alone, for no test has to care.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.Mod: "*",
    ast.Pow: "*",
    ast.BitOr: "&",
    ast.BitAnd: "|",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
"""What stands in the mutant for which operator. `@` has no other that takes the same operands."""


class Mutation(NamedTuple):
    """Characters `start` to `stop` of a module, at a line from 1, that become `text`."""

    line: int
    start: int
    stop: int
    text: str

    def applied(self, source: str) -> str:
        """The mutant."""
        return source[: self.start] + self.text + source[self.stop :]


def mutations(source: str) -> list[Mutation]:
    """All mutations of a module's text, in the order of their places.

    >>> [mutation.applied("a = b + 1") for mutation in mutations("a = b + 1")]
    ['a = (b) - (1)', 'a = b + 2']
    """
    reader = _Reader(source)
    reader.visit(ast.parse(source))
    return sorted(set(reader.found), key=lambda mutation: (mutation.start, mutation.stop, mutation.text))


class _Reader(ast.NodeVisitor):
    def __init__(self, source: str) -> None:
        self.found: list[Mutation] = []
        self._source = source
        self._lines = [0]
        for line in source.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def visit(self, node: ast.AST) -> None:
        for child in _executed(node):
            self.visit(child)
        if isinstance(node, (ast.expr, ast.stmt)):  # what has a place in the text
            for text in self._replacements(node):
                self._add(node, text)
        for condition in _conditions(node):
            self._add(condition, f"(not ({self._text(condition)}))")

    def _add(self, node: ast.expr | ast.stmt, text: str) -> None:
        start, stop = self._span(node)
        self.found.append(Mutation(node.lineno, start, stop, text))

    def _replacements(self, node: ast.AST) -> Iterator[str]:
        match node:
            case ast.BinOp(left, operator, right) if type(operator) in OPERATORS:
                yield f"({self._text(left)}) {OPERATORS[type(operator)]} ({self._text(right)})"
            case ast.Compare(left, [operator], [right]):
                yield f"({self._text(left)}) {OPERATORS[type(operator)]} ({self._text(right)})"
            case ast.BoolOp(operator, values):
                word = " or " if isinstance(operator, ast.And) else " and "
                yield f"({word.join(f'({self._text(value)})' for value in values)})"
            case ast.UnaryOp(ast.Not() | ast.USub(), operand):
                yield f"({self._text(operand)})"
            case ast.Constant(bool() as value):
                yield str(not value)
            case ast.Constant(int() | float() as value):
                yield str(value + 1)
            case ast.IfExp(test, body, orelse):
                yield f"({self._text(orelse)} if {self._text(test)} else {self._text(body)})"
            case ast.AugAssign() | ast.Expr(ast.Call()) | ast.Continue() | ast.Break():
                yield "pass"
            case _:
                return

    def _text(self, node: ast.expr | ast.stmt) -> str:
        start, stop = self._span(node)
        return self._source[start:stop]

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None  # it comes from a text
        assert node.end_col_offset is not None
        return self._place(node.lineno, node.col_offset), self._place(node.end_lineno, node.end_col_offset)

    def _place(self, line: int, column: int) -> int:
        """Python counts columns in bytes."""
        start = self._lines[line - 1]
        return start + len(self._source[start : self._lines[line]].encode()[:column].decode())


def _conditions(node: ast.AST) -> list[ast.expr]:
    """What is asked in it, but for the comparisons and negations, which have mutations of their own."""
    match node:
        case ast.If(test=test) | ast.While(test=test):
            tests = [test]
        case ast.comprehension(ifs=tests):
            pass
        case _:
            return []
    return [test for test in tests if isinstance(test, (ast.Name, ast.Attribute, ast.Call, ast.NamedExpr))]


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node that are computed with, not the ones that are read."""
    skipped: set[str] = {"annotation", "returns", "decorator_list", "msg"}
    if isinstance(node, (ast.Raise, ast.JoinedStr, ast.Assert)):
        return
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    for name, value in ast.iter_fields(node):
        if name not in skipped:
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, ast.AST):
                    yield part
