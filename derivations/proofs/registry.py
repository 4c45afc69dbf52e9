"""By which name a module defines a statement, and in which lines: read in the module's source, not off the stack.

    >>> from derivations import affine
    >>> affine.forward.address.id, affine.forward.address.file
    ('affine.forward', 'derivations/affine.py')

A name that a module only imports, or that is another word for something made elsewhere, counts only if nothing else is
found. In a notebook the cells are the source, the last one first.
"""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

__all__ = ["Address", "Registered", "defined_in"]

CHAPTERS = "derivations."

NO_STATEMENTS = sys.stdlib_module_names | {"mpmath", "numpy", "sympy"}
"""Packages that are not looked through: they are large, and define none."""


class Registered:
    """What has an address. Its classes' names are those by whose calls it is made: `Derivation(...)`."""

    @property
    def address(self) -> Address:
        """Where it is defined; an address without a file, if no module's variable is it."""
        if self not in _addresses:
            _register_all()
        return _addresses.get(self, Address())


@dataclass(frozen=True)
class Address:
    """The module, the name there, the file as seen from the project's folder, and the lines of the definition."""

    module: str = ""
    name: str = "unnamed"
    file: str = ""
    line: int = 0
    arguments: tuple[int, ...] = ()
    """The line in which each positional argument begins, where they are written out."""

    @property
    def id(self) -> str:
        """The chapter and the name, `affine.forward`; for a module outside of this package its whole name."""
        return f"{self.module.removeprefix(CHAPTERS)}.{self.name}".lstrip(".")

    @property
    def source(self) -> str:
        """file:line; empty, if it is not known."""
        return f"{self.file}:{self.line}" if self.file else ""


_addresses: WeakKeyDictionary[Registered, Address] = WeakKeyDictionary()


def defined_in(module: ModuleType) -> dict[str, Registered]:
    """What a module defines, by name, in its order; what it only imports is left out.

    Statements in a list or a dictionary that have no variable of their own are called `layers[0]`.
    """
    found: dict[str, Registered] = {}
    for name, thing in _named_in(module):
        if thing not in _addresses:
            likelihood, address = _placed(module, name, thing)
            if likelihood == 0 and "[" not in name:  # no other module need be looked at
                _addresses[thing] = address
        if not thing.address.file:
            _addresses[thing] = _placed(module, name, thing)[1]
        if (thing.address.module, thing.address.name) == (module.__name__, name):
            found[name] = thing
    return found


def _named_in(module: ModuleType) -> Iterator[tuple[str, Registered]]:
    """The module's variables, and after each one what is in it, if it is a list, a tuple or a dictionary."""
    for name, value in list(getattr(module, "__dict__", {}).items()):
        kind = type(value)
        if issubclass(kind, Registered):
            yield name, value
        elif kind in (list, tuple, dict) and not name.startswith("__"):
            yield from ((f"{name}[{key!r}]", item) for key, item in _items(value) if issubclass(type(item), Registered))


def _items(value: list[Any] | tuple[Any, ...] | dict[Any, Any]) -> list[tuple[object, Any]]:
    return list(value.items() if isinstance(value, dict) else enumerate(value))


def _register_all() -> None:
    """Give each thing that has no address yet, and that a module has a name for, the likeliest one.

    Of two that are as likely, a variable of its own goes before an entry in a list.
    """
    best: dict[Registered, tuple[tuple[int, bool], Address]] = {}
    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] in NO_STATEMENTS:
            continue
        for name, thing in _named_in(module):
            if thing not in _addresses:
                likelihood, address = _placed(module, name, thing)
                rank = likelihood, "[" in name
                if thing not in best or rank < best[thing][0]:
                    best[thing] = rank, address
    _addresses.update({thing: address for thing, (_, address) in best.items()})


def _placed(module: ModuleType, name: str, thing: Registered) -> tuple[int, Address]:
    """How likely it is that the thing was made here, 0 being the likeliest, and the address."""
    variable = name.partition("[")[0]
    makers = {kind.__name__ for kind in type(thing).__mro__}
    for file, text in _sources(module):
        value = _assigned(text).get(variable)
        if value is not None:
            calls = [node for node in ast.walk(value) if isinstance(node, ast.Call)]
            made = [call for call in calls if _called(call) in makers]
            rank = 0 if made else 1 if calls else 2
            arguments = tuple(argument.lineno for argument in made[0].args) if len(made) == 1 else ()
            return rank, Address(module.__name__, name, _shown(file, module), value.lineno, arguments)
    return 3, Address(module.__name__, name, _shown(getattr(module, "__file__", None) or "", module), 1)


def _called(call: ast.Call) -> str:
    """The name that is called: `f` in f(x), in module.f(x), and in object.f(x)."""
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


# Sources


def _sources(module: ModuleType) -> Iterator[tuple[str, str]]:
    """The module's file; of one without a file, a notebook's, the cells."""
    file = getattr(module, "__file__", None)
    if file:
        yield file, "".join(linecache.getlines(file, vars(module)))
        return
    for cell, entry in reversed(list(linecache.cache.items())):
        if len(entry) == 4 and entry[1] is None:  # no date: it was never a file
            yield cell, "".join(entry[2])


@cache
def _assigned(text: str) -> dict[str, ast.expr]:
    """The expression that each of a module's variables is set to, wherever that is not inside of a function."""
    try:
        todo: list[ast.AST] = [ast.parse(text)]
    except (SyntaxError, ValueError):
        return {}
    found: dict[str, ast.expr] = {}
    while todo:
        node = todo.pop(0)
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                found |= _targets(target, node.value)
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            todo += ast.iter_child_nodes(node)
    return found


def _targets(target: ast.expr, value: ast.expr) -> dict[str, ast.expr]:
    """`a = b = value` and `a, b = first, second` as well."""
    if isinstance(target, ast.Name):
        return {target.id: value}
    if isinstance(target, ast.Tuple):
        values = value.elts if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts) else None
        pairs = zip(target.elts, values or [value] * len(target.elts), strict=True)
        return {name: part for inner, own in pairs for name, part in _targets(inner, own).items()}
    return {}


def _shown(file: str, module: ModuleType) -> str:
    """The file from the folder of its package on, or as seen from here; a notebook's cell by its number."""
    if cell := _cell(file):
        return cell
    path, names = Path(file), module.__name__.split(".")
    inside = path.parts[-len(names) - (path.stem == "__init__") :]
    if len(names) > 1 and inside[0] == names[0]:
        return "/".join(inside)
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (OSError, ValueError):
        return path.name


def _cell(file: str) -> str:
    """The cell that IPython has compiled under this name, as it counts them; empty, if it is none of its cells."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    label = shell.compile.format_code_name(file) if shell is not None else None
    return f"cell {label[1].removeprefix('In[').removesuffix(']')}" if label is not None else ""
