"""What a reader's function raised, as its author sees it: the lines of the own file, and the shapes that don't fit."""

from __future__ import annotations

import ast
import linecache
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from netcode.shapes import Array

HERE = Path(__file__).parents[2]
LONGEST = 4000
"""Characters of a traceback that are kept."""


class AskedError(Exception):
    """What the author's function raised."""

    text: str
    """The traceback of the author's own lines."""
    line: int
    """The number of the line that the author's function had come to."""
    headline: str
    """The line and what failed there, as in "line 9: (7, 5) @ (4, 7): the shapes don't fit"."""

    def __init__(self, error: BaseException) -> None:
        self.text = cut(own_traceback(error))
        frame, self.line = _frame(error)
        last = f"{type(error).__name__}: {cut(str(error), 200)}".splitlines()[0]
        shapes = _misfit(frame, self.line) if frame else ""
        where = f"line {self.line}: " if self.line else ""
        self.headline = where + (f"{shapes}: the shapes don't fit" if shapes else last)
        super().__init__(last)


def own_traceback(error: BaseException) -> str:
    """The traceback without the lines that asked."""
    shown = traceback.TracebackException.from_exception(error)
    part: traceback.TracebackException | None = shown
    while part is not None:
        own = (frame for frame in part.stack if not _is_ours(frame.filename))
        part.stack = traceback.StackSummary.from_list(list(own))
        part = part.__cause__ or part.__context__
    return "".join(shown.format()).rstrip()


def cut(text: str, longest: int = LONGEST) -> str:
    """The text, without its middle if it is long."""
    half = longest // 2
    return text if len(text) <= longest else f"{text[:half]} ... {text[-half:]}"


def _is_ours(filename: str) -> bool:
    return HERE in Path(filename).parents or filename.startswith("<frozen") or filename == ast.__file__


def _frame(error: BaseException) -> tuple[FrameType | None, int]:
    """The author's last frame that is no library's, and the line that it had come to."""
    frame, line, trace = None, 0, error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if not _is_ours(filename) and "site-packages" not in filename and "numpy/" not in filename:
            frame, line = trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next
    return frame, line


def _misfit(frame: FrameType, line: int) -> str:
    """The product or sum in the line whose shapes don't fit, with these shapes."""
    text = linecache.getline(frame.f_code.co_filename, line).strip()
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return ""
    known = {**frame.f_globals, **frame.f_locals}
    for left, sign, right in _operations(tree):
        one, other = _value(left, known), _value(right, known)
        if isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and not _fit(one, sign, other):
            return f"{one.shape} {sign} {other.shape}"
    return ""


def _operations(tree: ast.AST) -> Iterator[tuple[ast.expr, str, ast.expr]]:
    signs = {ast.MatMult: "@", ast.Mult: "*", ast.Add: "+", ast.Sub: "-"}
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and type(node.op) in signs:
            yield node.left, signs[type(node.op)], node.right
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            arguments = node.args if len(node.args) == 2 else [node.func.value, *node.args]
            if node.func.attr in ("dot", "matmul", "multiply", "subtract", "add") and len(arguments) == 2:
                sign = {"multiply": "*", "subtract": "-", "add": "+"}.get(node.func.attr, "@")
                yield arguments[0], sign, arguments[1]


def _value(node: ast.expr, known: dict[str, Any]) -> Any:
    """What the expression was, if it is a name, its transpose, or a bracketed one: nothing of the author's is run."""
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        value = _value(node.value, known)
        return value.T if isinstance(value, np.ndarray) else None
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        return vars(known["self"]).get(node.attr) if hasattr(known.get("self"), "__dict__") else None
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        value = _value(node.value, known)
        return value.get(node.slice.value) if isinstance(value, dict) else None
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.MatMult):
        values = [_value(one, known) for one in (node.left, node.right)]
        arrays = [value for value in values if isinstance(value, np.ndarray)]
        return arrays[0] if arrays else None
    return None


def _fit(one: Array, sign: str, other: Array) -> bool:
    try:
        empty = np.empty(one.shape), np.empty(other.shape)
        np.matmul(*empty) if sign == "@" else np.broadcast_shapes(one.shape, other.shape)
    except ValueError:
        return False
    return True
