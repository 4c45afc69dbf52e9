"""Neighbours of which a reader wants one are all on the page, each under its name."""

from __future__ import annotations

import re

from tests.publishing.conftest import Project

PAGE = """
# %% [markdown]
# # Training

# %% choice="NumPy"
print("an array")

# %% choice="Py<Torch>"
print("a tensor")

# %% [markdown] choice="alone"
# Words with *emphasis*.
"""


def test_each_stands_under_its_name(project: Project) -> None:
    project.write("docs/training.py", PAGE)
    page = project.page("training")
    found = re.findall(r'<div class="choice" data-choice="([^"]*)">\s*<p class="choice-name">([^<]*)</p>', page)
    assert found == [(name, name) for name in ("NumPy", "Py&lt;Torch&gt;", "alone")]
    one, other, words = re.split(r'<div class="choice"', page)[1:]
    assert "an array" in one
    assert "a tensor" in other
    assert "<em>emphasis</em>" in words
    assert "hidden" not in "".join(re.findall(r'<div class="choice"[^>]*>', page))


def test_the_twin_in_markdown_has_the_names_too(project: Project) -> None:
    project.write("docs/training.py", PAGE)
    project.page("training")
    twin = (project.root / "site" / "training" / "index.md").read_text(encoding="utf-8")
    assert twin.index("NumPy:") < twin.index("an array") < twin.index("Py<Torch>:") < twin.index("a tensor")
