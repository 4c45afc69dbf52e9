"""What the site offers beside its pages: programs to take along, the report, sources, and words for search engines."""

from __future__ import annotations

import json
import re

import nbformat

from publishing.pages import summaries
from publishing.pages.stylesheets import without_comments
from tests.publishing.conftest import Project

PAGE = """
    # %% [markdown]
    # # Training
    #
    # The loss $Z^{[2]} > 0$ falls.

    # %%
    from derivations import Formula
    print("the loss is", 1 + 1)
    Formula(r"x = \\frac{1}{m}")
"""


def test_a_page_can_be_taken_along_as_script_and_notebook(project: Project) -> None:
    script = project.write("docs/training.py", PAGE)
    page = project.page("training")
    assert '<a href="../downloads/training.py" download>as a Python script</a>' in page
    assert '<a href="../downloads/training.ipynb" download>as a Jupyter notebook with its outputs</a>' in page
    folder = project.root / "site" / "downloads"
    assert (folder / "training.py").read_bytes() == script.read_bytes()
    notebook = nbformat.read(folder / "training.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert notebook.cells[1].outputs[0].text == "the loss is 2\n"


def test_a_page_without_code_offers_no_program(project: Project) -> None:
    assert "This page is a program" not in project.page("")


def test_a_page_can_be_edited_where_the_repository_is_known(project: Project) -> None:
    project.write("docs/training.py", PAGE)
    assert "Edit this page" not in project.page("training")
    assert project.build(REPOSITORY_URL="https://example.org/a/b").returncode == 0
    page = (project.root / "site" / "training" / "index.html").read_text(encoding="utf-8")
    assert '<a href="https://example.org/a/b/edit/main/docs/training.py">Edit this page</a>' in page
    assert "api.github.com" not in page


def test_the_report_is_a_file_of_the_site(project: Project) -> None:
    project.page("")
    report = json.loads((project.root / "site" / "checks.json").read_text(encoding="utf-8"))
    assert [claim["id"] for claim in report["claims"]] == ["softmax.dZ2.1"]


def test_a_page_describes_itself(project: Project) -> None:
    project.write("docs/training.py", PAGE)
    page = project.page("training")
    assert '<meta name="description" content="The loss Z[2] &gt; 0 falls.">' in page
    assert '<meta property="og:title" content="Training">' in page
    assert '<meta property="og:description" content="The loss Z[2] &gt; 0 falls.">' in page


def test_a_description_can_be_written(project: Project) -> None:
    project.write("docs/index.md", '---\ndescription: The "first" page.\n---\n# Home\n\nText.')
    assert '<meta name="description" content="The &#34;first&#34; page.">' in project.page("")


def test_a_long_description_ends_with_a_sentence_or_a_word() -> None:
    sentence = "Softmax turns scores into probabilities, one for each class."
    assert summaries.description(f"<h1>x</h1><p>{' '.join([sentence] * 4)}</p>") == f"{sentence} {sentence}"
    cut = summaries.description(f"<p>{'word ' * 99}</p>")
    assert cut.endswith("word …")
    assert len(cut) <= summaries.LENGTH
    assert summaries.description("<h1>x</h1>") == ""


def test_search_engines_and_programs_find_the_pages(project: Project) -> None:
    project.write("docs/training.py", PAGE)
    assert project.build(SITE_URL="https://example.org/any/").returncode == 0
    site = project.root / "site"
    assert "<loc>https://example.org/any/training/</loc>" in (site / "sitemap.xml").read_text(encoding="utf-8")
    lines = (site / "llms.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# Checked Backprop"
    assert "- [Training](https://example.org/any/training/index.md): The loss Z[2] > 0 falls." in lines


def test_each_page_has_a_markdown_twin(project: Project) -> None:
    project.write("docs/training.py", PAGE)
    project.write(
        "docs/index.md", "# Home\n\nSee [the training](training.py#training) and [others](https://example.org/x.md)."
    )
    project.page("training")
    site = project.root / "site"
    home = (site / "index.md").read_text(encoding="utf-8")
    assert "[the training](training/index.md#training) and [others](https://example.org/x.md)" in home
    twin = (site / "training" / "index.md").read_text(encoding="utf-8")
    assert twin.startswith("# Training\n")
    assert "```python\n" in twin
    assert "<div" not in twin
    assert len(list(site.rglob("*.md"))) == 2


def test_the_search_finds_a_derivation_by_its_title_and_shows_formulas_as_text(project: Project) -> None:
    project.write("docs/training.py", PAGE)
    project.page("training")
    index = json.loads((project.root / "site" / "search" / "search_index.json").read_text(encoding="utf-8"))
    found = {entry["title"]: entry["location"] for entry in index["docs"]}
    assert found["The gradient of the scores"] == "training/#softmax-dZ2"
    text = "".join(entry["text"] for entry in index["docs"])
    assert "The loss Z[2] &gt; 0 falls." in text
    assert "\\(" not in text


def test_modules_are_pages_that_the_search_leaves_out(project: Project) -> None:
    project.page("")
    site = project.root / "site"
    source = (site / "source" / "netcode" / "__init__" / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<span id="L1">.*LOSS.*</span>', source)
    assert "LOSS" not in (site / "search" / "search_index.json").read_text(encoding="utf-8")


def test_a_missing_page_has_the_site_s_own_style(project: Project) -> None:
    project.page("")
    page = (project.root / "site" / "404.html").read_text(encoding="utf-8")
    assert "There is no such page" in page
    assert "assets/stylesheets/main." in page
    assert 'rel="license" href="https://creativecommons.org/licenses/by/4.0/"' in page


def test_the_site_s_own_style_sheets_are_one_file(project: Project) -> None:
    page = project.page("")
    assert page.count("stylesheets/site.css") == 1
    own = [f"{file.stem}.css" for file in (project.root / "docs" / "stylesheets").iterdir()]
    assert not [name for name in own if name in page]
    joined = (project.root / "site" / "stylesheets" / "site.css").read_text(encoding="utf-8")
    assert len(own) > 1
    for name in own:
        sheet = (project.root / "docs" / "stylesheets" / name).read_text(encoding="utf-8")
        assert without_comments(sheet).strip() in joined
    assert joined.index("@media print") > joined.index(".md-grid")
    assert sorted(file.name for file in (project.root / "site" / "stylesheets").iterdir()) == ["site.css"]
