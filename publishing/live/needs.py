"""What must be loaded before a program can import a module, so that a reader waits for no more.

A course may have a package that needs NumPy alone and another that needs SymPy, too: `import first` then loads NumPy.
Of each module it is read from the sources what it imports. An import within a function counts if it is of the project's
own; one of others' there is for what may be missing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from publishing.live import pyodide
from publishing.project import Project

__all__ = ["Needs", "imported", "needs", "needs_of", "packages"]

Needs = Mapping[str, list[str]]
"""By module of the project, the packages of Pyodide's lock. What is not there needs what its package needs."""

SHIMS = Path(__file__).parent / "shims"

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def needs(project: Project) -> Needs:
    """Of the project's own packages, of the libraries that it names, and of what the site ships in others' place."""
    folders = {name: place for name in (*project.packages, *project.libraries) for place in project.locations(name)}
    folders |= {place.name: place for place in SHIMS.iterdir() if place.is_dir()}
    return needs_of(
        {
            _name(package, file.relative_to(folder)): file.read_text(encoding="utf-8")
            for package, folder in folders.items()
            for file in folder.rglob("*.py")
        }
    )


def needs_of(sources: Mapping[str, str]) -> Needs:
    """The same, from the sources of modules by their names.

    >>> needs_of({"a": "import numpy", "a.b": "x = 1", "a.c": "import sympy"})
    {'a': ['numpy'], 'a.c': ['mpmath', 'numpy', 'sympy']}
    """
    known = set(sources)
    trees = {name: ast.parse(source) for name, source in sources.items()}
    inits = {name: f"{name}.__init__" for name in set().union(*map(_parents, known)) & known}
    own = {
        name: {*imported(_statements(tree, functions=True), inits.get(name, name)), *_parents(name)} & known
        for name, tree in trees.items()
    }
    others = {name: set(imported(_statements(tree, functions=False))) - known for name, tree in trees.items()}
    found: dict[str, list[str]] = {}
    for name in sorted(known):  # a package comes before its modules
        modules = {other for reached in _reached(name, own) for other in others[reached]}
        needed = sorted(pyodide.needed(modules))
        if needed != found.get(_nearest(name, found)):
            found[name] = needed
    return found


def packages(modules: Iterable[str], known: Needs) -> list[str]:
    """The packages that must be there before these modules can be imported, what is needed first first."""
    wanted = [
        package
        for module in modules
        for nearest in [_nearest(module, known)]
        for package in (known[nearest] if nearest else pyodide.needed([module]))
    ]
    return pyodide.closure(wanted)


def imported(nodes: Iterable[ast.AST], importer: str = "") -> Iterator[str]:
    """The names of the modules that are imported: of `from a.b import c` both a.b and a.b.c, which may be one.

    `importer` is the module in which `from . import c` stands.
    """
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = importer.split(".")[: -node.level] if node.level else []
            module = ".".join([*above, *filter(None, [node.module])])
            yield from (module, *(f"{module}.{alias.name}" for alias in node.names))


def _name(package: str, file: Path) -> str:
    parts = file.with_suffix("").parts
    return ".".join([package, *(parts[:-1] if parts[-1] == "__init__" else parts)])


def _statements(tree: ast.AST, functions: bool) -> Iterator[ast.AST]:
    """All statements of a module; or those alone that run when it is imported, by all but a type checker."""
    for part in ("body", "orelse", "finalbody", "handlers", "cases"):
        for node in getattr(tree, part, ()):
            if functions or not (isinstance(node, FUNCTIONS) or _for_types(node)):
                yield node
                yield from _statements(node, functions)


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def _reached(name: str, own: Mapping[str, set[str]]) -> set[str]:
    """The module, and all of the project's that are imported when it is."""
    reached: set[str] = set()
    todo = [name]
    while todo:
        if (module := todo.pop()) not in reached:
            reached.add(module)
            todo += own[module]
    return reached


def _parents(name: str) -> set[str]:
    parts = name.split(".")
    return {".".join(parts[:count]) for count in range(1, len(parts))}


def _nearest(name: str, known: Mapping[str, object]) -> str:
    """The module itself, or the innermost package around it that is known; empty if none is."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name
