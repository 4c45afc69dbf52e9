"""Each name on the API page leads to where it is explained."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pytest

import publishing.project
from publishing.pages import inventories, source_pages
from tests.publishing.conftest import ROOT, Project

OURS = publishing.project.Project(ROOT, ("derivations", "netcode"))


def _named(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module or "builtins"), attribute)


@pytest.mark.parametrize("name", inventories.addresses())
def test_a_name_is_one_of_its_library_s(name: str) -> None:
    anchor = inventories.addresses()[name].partition("#")[2]
    assert _named(name) is _named(anchor)


def test_a_name_that_is_explained_nowhere_stops_the_build(project: Project) -> None:
    project.write("netcode/__init__.py", "import decimal\n\ndef loss(x: decimal.Decimal) -> None:\n    '''The loss.'''")
    project.write("docs/index.md", "# Home\n\n::: netcode\n")
    assert "index.md: decimal.Decimal is explained nowhere: say where, in `explained`" in project.failure()


def test_a_site_says_where_names_of_other_libraries_are_explained(project: Project) -> None:
    project.write("netcode/__init__.py", "import decimal\n\ndef loss(x: decimal.Decimal) -> None:\n    '''The loss.'''")
    project.write("docs/index.md", "# Home\n\n::: netcode\n")
    settings = (project.root / "mkdocs.yml").read_text(encoding="utf-8")
    where = "generated: [], explained: {decimal.Decimal: https://example.org/decimal}"
    project.write("mkdocs.yml", settings.replace("generated: []", where))
    assert 'href="https://example.org/decimal"' in project.page("")


def test_a_name_of_ours_that_is_not_explained_leads_to_its_source() -> None:
    handed_on = source_pages.definition(OURS, "derivations.reverse.reading.Forward")
    assert handed_on is not None
    assert handed_on.startswith("derivations/reverse/reading/forward.py:")
    place = source_pages.definition(OURS, "netcode.shapes.Float")
    assert place is not None
    file, line = place.split(":")
    assert "Float" in (ROOT / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert source_pages.definition(OURS, "netcode.shapes.Nothing") is None
    assert source_pages.definition(OURS, "numpy.ndarray") is None


def test_an_example_in_a_docstring_is_shown_as_code(project: Project) -> None:
    project.write(
        "netcode/__init__.py", "def pair(x):\n    '''The same twice.\n\n    >>> [pair(1)]\n    [(1, 1)]\n    '''"
    )
    project.write("docs/index.md", "# Home\n\n::: netcode\n")
    page = project.page("")
    assert "<blockquote>" not in page
    assert re.sub("<[^>]*>", "", page).count("&gt;&gt;&gt; [pair(1)]\n[(1, 1)]") == 1
