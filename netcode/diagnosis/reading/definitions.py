"""A reader's file, without running what it does: its imports, functions, classes and constants alone."""

from __future__ import annotations

import ast
import json
import linecache
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from netcode.errors import InputError

HARMLESS_CALLS = {
    "range", "len", "list", "dict", "tuple", "set", "float", "int", "zeros", "ones", "array", "eye", "zeros_like",
    "ones_like", "sqrt", "arange", "vectorize", "namedtuple", "partial", "defaultdict", "float64", "float32",
}  # fmt: skip
"""What a constant's value may call: a training or a file's data it is none."""


def definitions(path: str | Path) -> dict[str, Any]:
    """What the file defines, by name. A notebook's code cells are taken one after another.

    Raises InputError if it can't be read, and whatever a definition raises.
    """
    path = Path(path)
    return defined(source(path), path)


def defined(text: str, path: Path) -> dict[str, Any]:
    """What a file of this text at the path would define, by name; the file itself need not exist.

    Raises SyntaxError if the text is no Python, and whatever a definition raises.
    """
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    linecache.cache[str(path)] = (len(text), None, text.splitlines(keepends=True), str(path))
    tree = ast.parse(text, str(path))
    for statement in _defining(tree):
        code = compile(ast.Module([statement], []), str(path), "exec")
        try:
            exec(code, vars(module))
        except Exception:
            if not isinstance(statement, ast.Assign | ast.AnnAssign):
                raise
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef) and statement.name in vars(module):
            first = min([statement.lineno, *(one.lineno for one in statement.decorator_list)])
            lines = text.splitlines(keepends=True)[first - 1 : statement.end_lineno]
            vars(module)[statement.name].__diagnosis_source__ = "".join(lines), first
    return {name: value for name, value in vars(module).items() if getattr(value, "__module__", "") == path.stem}


def source(path: Path) -> str:
    """The file's text; of a notebook, that of its code cells, without what is for IPython alone.

    Raises InputError if it is no text or no notebook.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix != ".ipynb":
            return text
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        return "\n\n".join("".join(map(_python, _lines(cell["source"]))) for cell in cells)
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError):
        kind = "a notebook" if path.suffix == ".ipynb" else "a Python file"
        raise InputError(f"{path}: can't be read as {kind}") from None


def _lines(source: str | list[str]) -> list[str]:
    return (source if isinstance(source, str) else "".join(source)).splitlines(keepends=True)


def _python(line: str) -> str:
    return f"# {line}" if line.lstrip().startswith(("%", "!")) or line.startswith("?") else line


def _defining(tree: ast.Module) -> Iterator[ast.stmt]:
    for statement in tree.body:
        defines = isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)
        if defines or (isinstance(statement, ast.Assign | ast.AnnAssign) and _is_constant(statement)):
            yield statement


def _is_constant(statement: ast.stmt) -> bool:
    calls = (node for node in _outside_functions(statement) if isinstance(node, ast.Call))
    return all(_called(call) in HARMLESS_CALLS for call in calls)


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _outside_functions(child)


def _called(call: ast.Call) -> str:
    function = call.func
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )
