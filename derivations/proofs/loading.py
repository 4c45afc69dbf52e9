"""Anybody's file or package of derivations, imported: what `python -m derivations check` and pytest are given."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from derivations.proofs.registry import defined_in
from derivations.proofs.statement import Statement

__all__ = ["LoadError", "load_file", "load_package", "statements_of"]


class LoadError(ImportError):
    """A file or a package that can't be imported, or defines no derivation."""


def statements_of(module: ModuleType) -> dict[str, Statement]:
    """The statements that a module defines, by id, in its order; what begins with _ is its own affair."""
    found = {name: thing for name, thing in defined_in(module).items() if not name.startswith("_")}
    return {thing.id: thing for thing in found.values() if isinstance(thing, Statement)}


def load_file(path: Path) -> ModuleType:
    """A file as a module. Its neighbours can be imported by it, and a file of a package is a module of that package.

    Raises LoadError, one line with the file's own line, whatever goes wrong.
    """
    path = path.resolve()
    if path.suffix != ".py" or not path.is_file():
        raise LoadError(f"{path}: expected a Python file")
    folder = path.parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    if folder != path.parent:
        parts = path.relative_to(folder).with_suffix("").parts
        return _imported(lambda: importlib.import_module(".".join(parts).removesuffix(".__init__")), path.name, path)
    return _imported(lambda: _executed(path), path.name, path)


def load_package(name: str) -> list[ModuleType]:
    """A module by its dotted name; a package with all its modules. Raises LoadError, one line."""
    module = _by_name(name)
    inner = pkgutil.walk_packages(getattr(module, "__path__", ()), f"{name}.")
    return [module, *(_by_name(info.name) for info in inner)]


def _by_name(name: str) -> ModuleType:
    return _imported(lambda: importlib.import_module(name), name, None)


def _executed(path: Path) -> ModuleType:
    name = _unused(path)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _unused(path: Path) -> str:
    """A module's name for a file: from here on, `models.layers`, and never that of a module that is in use."""
    try:
        parts = path.relative_to(Path.cwd()).with_suffix("").parts
    except ValueError:
        parts = (path.stem,)
    name = ".".join(parts)
    while name in sys.modules:
        name += "_"
    return name


def _imported(make: Callable[[], ModuleType], shown: str, path: Path | None) -> ModuleType:
    """What is made, or a LoadError that says where in the file it went wrong."""
    try:
        return make()
    except Exception as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if path and Path(frame.filename) == path]
        where = f"{shown}, line {frames[-1].lineno}" if frames else shown
        raise LoadError(
            f"{where}: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        ) from error
