"""Pages know no site generator, and the publishing side no project: it can publish any."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.publishing.conftest import ROOT

PUBLISHING = ROOT / "publishing"
PLUGIN = PUBLISHING / "plugin"
GENERATORS = {"mkdocs", "material", "mkdocs_jupyter", "mkdocstrings"}
PROJECT = {"derivations", "netcode", "docs", "tests"}


def _modules() -> Iterator[tuple[Path, set[str]]]:
    """Each module of the publishing side, with the top names of what it imports."""
    for file in PUBLISHING.rglob("*.py"):
        if not {"node_modules", "site"} & set(file.relative_to(PUBLISHING).parts):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
            names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
            yield file, {name.partition(".")[0] for name in names}


def test_the_plugin_alone_knows_a_site_generator() -> None:
    users = {file for file, names in _modules() if names & GENERATORS}
    assert users
    assert {file.relative_to(PUBLISHING).as_posix() for file in users if PLUGIN not in file.parents} == set()


def test_no_module_imports_what_it_publishes() -> None:
    modules = list(_modules())
    assert len(modules) > 30
    assert [file.name for file, names in modules if names & PROJECT] == []
