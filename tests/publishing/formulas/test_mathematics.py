"""Mathematics is typeset at build, alike in Markdown pages and in what cells show; what can't be stops the build."""

from __future__ import annotations

import re

import pytest

from tests.publishing.conftest import Project


def _page(latex: str) -> str:
    return f"# %%\nfrom derivations import Formula\nFormula({latex!r})"


def test_a_markdown_page_is_typeset(project: Project) -> None:
    project.write("docs/index.md", "# Home\n\nInline $a < b$ and $\\frac{1}{m} \\sum_i x_i$.\n")
    page = project.page("")
    assert page.count('class="katex"') == page.count("<math ") == 2
    assert "arithmatex" not in page


def test_a_notebook_page_is_typeset(project: Project) -> None:
    project.write("docs/softmax.py", f"# %% [markdown]\n# # Softmax\n# The loss $L$.\n\n{_page('x^2')}")
    page = project.page("softmax")
    assert page.count('class="katex"') == page.count("<math ") == 2
    assert page.count('<div class="formula"') == 1
    assert "arithmatex" not in page


def test_a_shown_object_keeps_its_lines_and_signs(project: Project) -> None:
    project.write("docs/softmax.py", _page(r"\begin{aligned} f &= a < b & c \\ &= \text{its reason} \end{aligned}"))
    page = project.page("softmax")
    assert re.search(r"<mtext>its[ \N{NO-BREAK SPACE}]reason</mtext>", page)
    assert "&lt;" in page


def test_a_displayed_formula_can_be_reached_with_the_keyboard(project: Project) -> None:
    project.write("docs/softmax.py", _page("x"))
    assert '<div class="formula" role="group" aria-label="Formula" tabindex="0">' in project.page("softmax")


def test_a_term_can_carry_a_class(project: Project) -> None:
    project.write("docs/index.md", "# Home\n\n$\\htmlClass{upstream}{x}$\n")
    assert "upstream" in project.page("")


@pytest.mark.parametrize("latex", [r"\frac{1}{", r"\undefined", r"x^1^2"])
def test_bad_latex_in_markdown_stops_the_build(project: Project, latex: str) -> None:
    project.write("docs/index.md", f"# Home\n\n${latex}$\n")
    message = project.failure()
    assert "index.md: bad formula" in message
    assert repr(latex) in message


def test_bad_latex_in_an_output_stops_the_build(project: Project) -> None:
    project.write("docs/softmax.py", _page(r"\fraction{1}{m}"))
    message = project.failure()
    assert "softmax.py: bad formula" in message
    assert "fraction" in message


@pytest.mark.parametrize("formula", ["$$\nx^2\n$$", r"\[x^2\]", "\\begin{equation}\nx^2\n\\end{equation}"])
def test_a_displayed_formula_that_is_typed_stops_the_build(project: Project, formula: str) -> None:
    project.write("docs/index.md", f"# Home\n\n{formula}\n")
    message = project.failure()
    assert "index.md: a displayed formula comes from no derivation: " in message
    assert "x^2" in message


def test_a_displayed_formula_that_a_cell_types_stops_the_build(project: Project) -> None:
    project.write("docs/softmax.py", "# %%\nfrom IPython.display import Markdown\nMarkdown('$$x^2$$')")
    assert "softmax.py: a displayed formula comes from no derivation: x^2" in project.failure()


def test_a_displayed_formula_that_only_sympy_made_stops_the_build(project: Project) -> None:
    project.write("docs/softmax.py", "# %%\nimport sympy\nsympy.Symbol('x') ** 2")
    message = project.failure()
    assert "softmax.py: cell 1: a displayed formula comes from no derivation: " in message
    assert "x^{2}" in message


@pytest.mark.parametrize("level", ["#", "##"])
def test_a_formula_in_a_heading_stops_the_build(project: Project, level: str) -> None:
    project.write("docs/softmax.py", f"# %% [markdown]\n# {level} Why $P - Y$?\n#\n# Because.")
    assert r"softmax.py: a heading holds a formula: Why \(P - Y\)?" in project.failure()


def test_style_and_fonts_are_the_site_s_own(project: Project) -> None:
    assert 'href="assets/katex/katex.min.css"' in project.page("")
    folder = project.root / "site" / "assets" / "katex"
    style = (folder / "katex.min.css").read_text(encoding="utf-8")
    named = set(re.findall(r"url\(([^)]*)\)", style))
    assert named == {f"fonts/{font.name}" for font in (folder / "fonts").iterdir()}
    assert all(name.endswith(".woff2") for name in named)
