"""Pages that a module makes: shown with their claims, and nothing is built where the module says no."""

from __future__ import annotations

import json

import pytest

from tests.publishing.conftest import Project

CLAIM: dict[str, object] = {
    "id": "shapes.square.1",
    "statement": "a = a",
    "expected": "holds",
    "verdict": "proven",
    "sizes": {"m": 4},
    "max_error": 0.0,
    "counterexample": None,
    "source": "derivations/softmax.py:2",
}
ORIGIN: dict[str, object] = {
    "id": "shapes.square",
    "title": "A square",
    "claims": [CLAIM],
    "equations": [
        {"latex": "b = a", "shape": "", "claim": ""},
        {"latex": "c = b^2", "shape": "", "claim": "shapes.square.1"},
    ],
}
MODULE = """
import json, pathlib, sys
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for name, page in json.loads(pathlib.Path(__file__).with_name("pages.json").read_text()).items():
    (folder / f"{name}.json").write_text(json.dumps(page))
sys.exit(pathlib.Path(__file__).with_name("fails").exists() and "a claim does not hold")
"""


def shown(origin: dict[str, object], fold: str) -> dict[str, object]:
    data = {"application/vnd.checked-backprop.provenance+json": origin, "text/latex": ""}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    metadata = {"tags": ["remove-input"], "fold": fold}
    return {"cell_type": "code", "execution_count": None, "metadata": metadata, "source": "...", "outputs": [output]}


def page(title: str, *cells: dict[str, object], claims: list[dict[str, object]]) -> dict[str, object]:
    about = {"title": title, "description": f"About: {title}"}
    head = {"cell_type": "markdown", "metadata": {}, "source": f"# {title}\n\n[Home](../index.md)"}
    return {"page": {"cells": [head, *cells], "metadata": about, "nbformat": 4, "nbformat_minor": 5}, "claims": claims}


@pytest.fixture
def book(project: Project) -> Project:
    """A site whose folder `shapes` is made by a module."""
    project.claim()
    project.write("derivations/shapes.py", MODULE)
    pages = {
        "square-1": page("The square", shown(ORIGIN, "in 2 lines"), claims=[CLAIM]),
        "index": page("All shapes", claims=[]),
    }
    project.write("derivations/pages.json", json.dumps(pages))
    project.write("docs/index.md", "# Home\n\n[Shapes](shapes/index.md)")
    settings = (project.root / "mkdocs.yml").read_text(encoding="utf-8")
    assert "generated: []" in settings
    settings = settings.replace("generated: []", "generated: [{folder: shapes, module: derivations.shapes}]")
    project.write("mkdocs.yml", settings)
    return project


def test_a_page_is_shown_with_what_was_checked(book: Project) -> None:
    html = book.page("shapes/square")
    assert "<h1" in html
    assert '<meta name="description" content="About: The square">' in html
    assert html.count('class="tick proven"') == 1  # a definition claims nothing
    assert "<summary>in 2 lines</summary>" in html
    assert "All shapes" in (book.root / "site" / "shapes" / "index.html").read_text(encoding="utf-8")
    claims = json.loads((book.root / "site" / "shapes" / "checks.json").read_text(encoding="utf-8"))["claims"]
    assert claims == [CLAIM]


def test_where_the_module_fails_nothing_is_built(book: Project) -> None:
    book.write("derivations/fails", "")
    assert "The site is not built, because of the pages of derivations.shapes:\na claim does not hold" in book.failure()


def test_a_formula_whose_claim_is_not_the_pages_is_an_error(book: Project) -> None:
    other = {**CLAIM, "verdict": "cross-checked"}
    pages = {"square-1": page("The square", shown(ORIGIN, "in 2 lines"), claims=[other])}
    book.write("derivations/pages.json", json.dumps(pages))
    assert "shapes/square.md: cell 2: shapes.square.1: verdict 'proven', but 'cross-checked'" in book.failure()
