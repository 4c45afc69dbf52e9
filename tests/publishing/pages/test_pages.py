"""Executed scripts become pages like all others: what is shown, what is linked, what is found, what is loaded."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from publishing.errors import SiteError
from publishing.pages.notebooks import NotebookPage
from tests.publishing.conftest import Project

MATH = "from derivations import Formula\nFormula(r'\\frac{1}{m}')"


def test_tags_say_what_the_reader_sees(project: Project) -> None:
    project.write(
        "docs/training.py",
        """
        # %%
        seen = print("output 1")
        # %% tags=["remove-input"]
        unseen = print("output 2")
        # %% tags=["remove-cell"]
        unseen = print("output 3")
        # %% tags=["hide-input"]
        folded = print("output 4")
        """,
    )
    page = project.page("training")
    assert [f"output {n}</pre>" in page for n in (1, 2, 3, 4)] == [True, True, False, True]
    assert "unseen" not in page
    assert page.index("<summary>Show the code</summary>") < page.index("folded")


def test_outputs_are_shown_as_they_are(project: Project) -> None:
    project.write("docs/training.py", "# %%\nprint('<b>', '```', '$x$', '**a**', sep='\\n\\n')")
    assert "&lt;b&gt;\n\n```\n\n$x$\n\n**a**</pre>" in project.page("training")


def test_an_output_that_markdown_swallows_is_an_error() -> None:
    page = NotebookPage("training.py")
    page.add_output("<pre>1</pre>")
    assert page.fill(page.markdown) == '<div class="cell-output"><pre>1</pre></div>\n'
    with pytest.raises(SiteError, match=r"training\.py: output 1 is lost"):
        page.fill("<p>Something else.</p>")


def test_computed_markdown_is_part_of_the_page(project: Project) -> None:
    project.write("docs/training.py", "# %%\nfrom IPython.display import Markdown\nMarkdown(f'It is **{6 * 7}**.')")
    assert "<p>It is <strong>42</strong>.</p>" in project.page("training")


def test_links_to_and_from_a_script_are_rewritten(project: Project) -> None:
    project.write("docs/index.md", "# Home\n\n[The loss](training.py#the-loss)\n")
    project.write("docs/training.py", "# %% [markdown]\n# # Training\n# ## The loss\n# Go [home](index.md).")
    assert 'href=".."' in project.page("training")
    assert 'href="training/#the-loss"' in (project.root / "site" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "link", ["[there](missing.md)", "[there](index.md#missing)", "[here](#missing)", '<a href="missing/">there</a>']
)
def test_a_broken_link_in_a_script_stops_the_build(project: Project, link: str) -> None:
    project.write("docs/training.py", f"# %% [markdown]\n# Go {link}.")
    message = project.failure()
    assert "training" in message
    assert "missing" in message


def test_a_broken_link_in_an_output_stops_the_build(project: Project) -> None:
    project.write("docs/training.py", "# %%\nfrom IPython.display import HTML\nHTML('<a href=\"#nowhere\">x</a>')")
    assert "training/index.html: a link to an anchor that is not there: #nowhere" in project.failure()


@pytest.mark.parametrize(
    "html", ['<script src="https://example.org/x.js"></script>', '<img src="//example.org/x.png" alt="x">']
)
def test_loading_from_another_host_stops_the_build(project: Project, html: str) -> None:
    project.write("docs/index.md", f"# Home\n\n{html}\n\n[A link](https://example.org/) is free.\n")
    assert "index.html: loads from another host" in project.failure()


def test_the_search_finds_text_and_no_debris(project: Project) -> None:
    text = "# %% [markdown]\n# # Training\n# Softmax and $x^2$.\n# %%\nprint('shown')\n"
    project.write("docs/training.py", f'{text}# %% tags=["remove-input"]\n{MATH}')
    project.page("training")
    index = json.loads((project.root / "site" / "search" / "search_index.json").read_text(encoding="utf-8"))
    text = " ".join(entry["text"] for entry in index["docs"] if entry["location"].startswith("training"))
    assert "Softmax" in text
    for debris in ("In [", "Copied", "katex", "annotation", "data-output", "frac"):
        assert debris not in text


def test_the_search_dialog_has_a_name(project: Project) -> None:
    page = project.page("")
    assert 'role="dialog" aria-label="Search"' in page
    assert 'role="dialog" aria-label="Search"' in (project.root / "site" / "404.html").read_text(encoding="utf-8")


def test_no_section_has_an_empty_place_in_the_order_of_the_keyboard(project: Project) -> None:
    config = project.root / "mkdocs.yml"
    nav = "nav:\n  - Home: index.md\n  - Learn:\n      - softmax.md\n"
    config.write_text(config.read_text(encoding="utf-8").replace("nav: []\n", nav), encoding="utf-8")
    project.write("docs/softmax.md", "# Softmax")
    page = project.page("softmax")
    assert "md-nav__item--section" in page
    assert 'tabindex=""' not in page


def test_the_site_works_under_any_path(project: Project) -> None:
    project.write("docs/training.py", "# %% [markdown]\n# # Training\n# Go [home](index.md).")
    built = project.build(SITE_URL="https://example.org/any/path/")
    assert built.returncode == 0, built.stderr
    for page in ("index.html", "training/index.html"):
        text = (project.root / "site" / page).read_text(encoding="utf-8")
        assert 'href="/' not in text
        assert 'src="/' not in text
    assert 'href="/any/path/assets/' in (project.root / "site" / "404.html").read_text(encoding="utf-8")


def test_two_builds_give_the_same_bytes_but_for_the_measured_times(project: Project) -> None:
    figure = '# %% tags=["hide-input"] alt="A line."\nimport matplotlib.pyplot as plt\n_ = plt.plot([1, 2])\nplt.show()'
    text = f"# %% [markdown]\n# # Training\n# The loss $L$.\n{figure}"
    project.write("docs/training.py", f"{text}\n# %%\n{MATH}")
    sites = []
    for order_of_sets, seconds in (("2", "0.5"), ("3", "0.25")):
        built = project.build(PYTHONHASHSEED=order_of_sets, MEASURED=seconds)
        assert built.returncode == 0, built.stderr
        sites.append(_bytes(project.root / "site"))
        (project.root / ".cache").rename(project.root / f"forgotten-{order_of_sets}")
    first, second = sites
    assert {file for file in first | second if first.get(file) != second.get(file)} == {"checks.json"}


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


SOLUTION = """
    # %% [markdown]
    # # Exercises
    # What is 1 + 1?

    # %% [markdown] tags=["solution"]
    # *Count.*

    # %% tags=["solution"]
    print("the result is", 1 + 1)

    # %% [markdown]
    # The end.
"""


def test_a_solution_is_folded_away_with_its_code_and_output(project: Project) -> None:
    project.write("docs/training.py", SOLUTION)
    page = project.page("training")
    (solution,) = re.findall(r'<details class="solution">(.*?)</details>', page, re.DOTALL)
    assert solution.strip().startswith("<summary>Solution</summary>")
    assert "<em>Count.</em>" in solution
    assert '<div class="highlight"' in solution
    assert "the result is 2</pre>" in solution
    assert "The end." not in solution


def test_a_solution_that_fails_stops_the_build(project: Project) -> None:
    project.write("docs/training.py", SOLUTION.replace("print(", "assert 1 + 1 == 3, ("))
    assert "training.py: cell 3" in project.failure()


def test_a_table_has_a_room_to_scroll_in_and_no_empty_header(project: Project) -> None:
    project.write("docs/index.md", "# Home\n\n|   | a |\n| - | - |\n| 1 | 2 |\n")
    page = project.page("")
    assert re.search(r'<div class="table" role="group" aria-label="Table" tabindex="0"><table>', page)
    assert "<th></th>" not in page
    assert '<th scope="col">a</th>' in page


def test_a_wide_table_s_cells_name_their_columns_for_a_phone(project: Project) -> None:
    head, rule = "| a | *b* | c & d | `e` |", "| - | - | - | - |"
    project.write("docs/index.md", f"# Home\n\n{head}\n{rule}\n| 1 | 2 | 3 | 4 |\n\n| f |\n| - |\n| 5 |\n")
    page = project.page("")
    assert '<div class="table cards"' in page
    assert re.findall(r'<td data-column="(.*?)">(\d)</td>', page) == [
        ("a", "1"),
        ("b", "2"),
        ("c &amp; d", "3"),
        ("e", "4"),
    ]
    assert "<td>5</td>" in page


def test_three_columns_become_cards_where_they_are_long(project: Project) -> None:
    long = " ".join(["word"] * 30)
    project.write("docs/index.md", f"# Home\n\n| a | b | c |\n| --- | --- | --- |\n| x | {long} | y |\n")
    assert '<div class="table cards"' in project.page("")
    project.write("docs/index.md", "# Home\n\n| a | b | c |\n| --- | --- | --- |\n| x | short | y |\n")
    assert '<div class="table"' in project.page("")


def test_a_description_may_hold_quotes(project: Project) -> None:
    project.write("docs/index.md", '# Home\n\nIt is called "a net".\n')
    assert re.findall(r'description" content="(.*)">', project.page("")) == ["It is called &#34;a net&#34;."] * 2


def test_a_cell_that_only_shows_a_derivation_hides_its_code(project: Project) -> None:
    shows = "# %%\nfrom derivations import Formula\nFormula()"
    project.write("docs/softmax.py", f"# %% [markdown]\n# # Softmax\n\n{shows}\n\n# %%\nmade = Formula()\nmade")
    page = project.page("softmax")
    assert page.count('<div class="cell" id="cell-') == 2
    assert page.count('<div class="cell-code">') == 1
    assert "import Formula" not in re.sub("<[^>]*>", "", page)
    assert "made = Formula()" in re.sub("<[^>]*>", "", page)
