"""What a function's text says of how it uses its names: as a list, as a dictionary, unpacked, returned."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass
class Usage:
    """How one name is used."""

    keys: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    by_name: bool = False
    """Whether it has an index that is a variable or an expression."""
    unpacked: list[str] = field(default_factory=list)
    """The names that it is unpacked into, where it is."""
    attributes: set[str] = field(default_factory=set)
    formatted: bool = False
    """Whether it has a key made of text and a number, as in parameters["W" + str(l)]."""
    sliced: bool = False
    """Whether a part of it is taken, as in theta[:10]."""
    counted: bool = False
    """Whether its length is taken."""
    whole: bool = False
    """Whether it takes part in arithmetic, or has a shape, as an array does."""

    @property
    def like_dict(self) -> bool:
        return bool(self.keys) or self.formatted

    @property
    def like_list(self) -> bool:
        return not self.like_dict and not self.whole and (bool(self.numbers) or self.by_name)


class Code:
    """The text of a function or class."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        """`first_line`: its number in the file that it is from."""
        self.text, self.first_line = text, first_line
        self._usages: dict[str, Usage] = {}
        try:
            self.tree: ast.AST = ast.parse(textwrap.dedent(text))
        except SyntaxError:  # a lambda within a line, say
            self.tree = ast.Module([], [])

    @classmethod
    def of(cls, thing: Any) -> Code:
        """The code of a function or class; empty if its text is not to be had."""
        if hasattr(thing, "__diagnosis_source__"):
            return cls(*thing.__diagnosis_source__)
        try:
            lines, first = inspect.getsourcelines(thing)
        except (OSError, TypeError):
            return cls("")
        return cls("".join(lines), first)

    @cached_property
    def names(self) -> set[str]:
        """All names that are read or written, attributes of `self` included as self.W1."""
        found = {node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name)}
        return found | {f"self.{name}" for name in self.usage("self").attributes}

    @cached_property
    def texts(self) -> set[str]:
        """All strings, with which dictionaries are read."""
        constants = (node.value for node in ast.walk(self.tree) if isinstance(node, ast.Constant))
        return {value for value in constants if isinstance(value, str) and value.isidentifier()}

    @cached_property
    def assigned(self) -> dict[str, int]:
        """What is assigned to, keys of dictionaries and attributes included, and the line of the last assignment."""
        found: dict[str, int] = {}
        for node in ast.walk(self.tree):
            for target in _targets(node):
                if name := _called(target):
                    found[name] = max(found.get(name, 0), self.line(node))
        return found

    def line(self, node: ast.AST) -> int:
        """Its line in the file."""
        return getattr(node, "lineno", 1) + self.first_line - 1

    @cached_property
    def returned(self) -> list[str]:
        """The names in the last return statement, in their order; "" for what has none."""
        returns = [node.value for node in ast.walk(self.tree) if isinstance(node, ast.Return) and node.value]
        many = [value for value in returns if isinstance(value, ast.Tuple | ast.List)]
        last = (many or returns)[-1:]
        return [_returned(one) for value in last for one in (value.elts if value in many else [value])]

    def usage(self, name: str) -> Usage:
        """How the name is used."""
        if name not in self._usages:
            usage = self._usages[name] = Usage()
            for node in self._nodes:
                _note(node, name, usage)
        return self._usages[name]

    @cached_property
    def _nodes(self) -> list[ast.AST]:
        kinds = ast.Subscript | ast.Attribute | ast.Assign | ast.BinOp | ast.For | ast.comprehension | ast.Call
        return [node for node in ast.walk(self.tree) if isinstance(node, kinds)]


def _note(node: ast.AST, name: str, usage: Usage) -> None:
    if isinstance(node, ast.Subscript) and _called(node.value) == name:
        _note_index(node.slice, usage)
    elif isinstance(node, ast.Attribute) and _called(node.value) == name:
        usage.attributes.add(node.attr)
        usage.whole |= node.attr in ("T", "shape", "dot", "ndim", "reshape")
    elif isinstance(node, ast.Assign) and _called(node.value) == name:
        for target in node.targets:
            if isinstance(target, ast.Tuple | ast.List) and not usage.unpacked:
                usage.unpacked = [_called(one) for one in target.elts]
    elif isinstance(node, ast.BinOp):
        usage.whole |= name in (_called(node.left), _called(node.right))
    elif isinstance(node, ast.For | ast.comprehension):
        usage.by_name |= any(_called(one) == name for one in _looped_over(node.iter))
    elif isinstance(node, ast.Call):
        given = any(_called(one) == name for one in node.args)
        usage.counted |= given and _called(node.func) == "len"
        usage.whole |= (
            given and isinstance(node.func, ast.Attribute) and node.func.attr in ("dot", "matmul", "multiply")
        )


def _looped_over(node: ast.AST) -> Iterator[ast.AST]:
    """All that a loop goes through; what another function is given to make it from is none of it."""
    if isinstance(node, ast.Call) and _called(node.func) not in ("", "enumerate", "zip", "reversed", "range", "len"):
        return
    yield node
    for inner in ast.iter_child_nodes(node):
        yield from _looped_over(inner)


def _note_index(index: ast.expr, usage: Usage) -> None:
    if isinstance(index, ast.Constant):
        if isinstance(index.value, str):
            usage.keys.add(index.value)
        elif isinstance(index.value, int):
            usage.numbers.add(index.value)
    elif isinstance(index, ast.UnaryOp) and isinstance(index.operand, ast.Constant):
        usage.numbers.add(-1)
    elif any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in ast.walk(index)):
        usage.formatted = True
    elif isinstance(index, ast.Slice):
        usage.sliced = True
    elif isinstance(index, ast.Tuple):
        usage.whole = True
    else:
        usage.by_name = True


def _targets(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        yield node.target


def _returned(node: ast.expr) -> str:
    """The name of a returned expression; of an update W1 - lr * dW1 it is that of what is updated."""
    return _called(node.left if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) else node)


def _called(node: ast.AST) -> str:
    """A name for the expression: W1 for W1, self.W1 and grads["W1"]."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr if node.value.id == "self" else ""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return node.slice.value
    return ""
