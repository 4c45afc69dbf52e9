"""Figures are inline SVG with alternative text."""

from __future__ import annotations

import re

import pytest

from publishing.figures import inline
from tests.publishing.conftest import Project

FIGURE = """
    # %% {options}
    import matplotlib.pyplot as plt
    figure, axes = plt.subplots()
    axes.plot([1, 2, 3])
    axes.set_xlabel("updates")
    plt.show()
"""


def test_a_figure_is_a_drawing_that_says_what_it_shows(project: Project) -> None:
    project.write("docs/training.py", FIGURE.format(options='alt="The loss <rises>."'))
    page = project.page("training")
    drawing = re.search(r'<figure class="drawing" [^>]*><svg.*?</svg></figure>', page, re.DOTALL)
    assert drawing is not None
    assert 'role="img" aria-label="The loss &lt;rises&gt;."' in drawing[0]
    assert ">updates</text>" in drawing[0]
    assert "currentColor" in drawing[0]
    assert "#000000" not in drawing[0]
    assert "<metadata" not in drawing[0]
    assert "<style" not in drawing[0]
    assert "data:image" not in page


def test_a_figure_without_alternative_text_stops_the_build(project: Project) -> None:
    project.write("docs/training.py", FIGURE.format(options=""))
    assert "training.py: cell 1: a figure needs alternative text" in project.failure()


def test_a_missing_figure_stops_the_build(project: Project) -> None:
    project.write("docs/training.py", '# %% alt="A line."\nimport matplotlib.pyplot as plt')
    assert "training.py: cell 1: there is alternative text, but no figure" in project.failure()


def test_an_image_of_pixels_stops_the_build(project: Project) -> None:
    code = "import PIL.Image\nPIL.Image.new('L', (2, 2))"
    project.write("docs/training.py", f'# %% alt="A square."\n{code}')
    assert "training.py: cell 1" in project.failure()


def test_an_image_without_alternative_text_stops_the_build(project: Project) -> None:
    project.write("docs/index.md", "# Home\n\n![](assets/favicon.svg)\n")
    assert "index.html: an image without alternative text: assets/favicon.svg" in project.failure()


def test_a_missing_image_stops_the_build(project: Project) -> None:
    project.write("docs/index.md", "# Home\n\n![A check](assets/missing.svg)\n")
    assert "missing.svg" in project.failure()


def test_ids_of_two_drawings_differ() -> None:
    svg = '<svg viewBox="0 0 9 9"><g id="a"/><use href="#a"/><path clip-path="url(#a)" d="M 0 {}"/></svg>'
    one, two = (inline.figure(svg.format(n), "A line.") for n in (1, 2))
    ids = [re.findall(r'(?<=id=")[^"]+', drawing) for drawing in (one, two)]
    assert ids[0] != ids[1]
    assert f'href="#{ids[0][0]}"' in one
    assert f"url(#{ids[0][0]})" in one


def test_black_becomes_the_text_s_colour_but_words_stay() -> None:
    svg = '<svg viewBox="0 0 9 9"><path style="fill: black; stroke: #000000"/><text fill="black">black</text></svg>'
    drawing = inline.figure(svg, "A line.")
    assert 'style="fill: currentColor; stroke: currentColor"/><text fill="currentColor">black</text>' in drawing


def test_a_drawing_has_its_size_and_can_have_the_focus() -> None:
    drawing = inline.figure('<svg viewBox="0 0 600 300"></svg>', "A line.")
    assert re.search(r'<figure [^>]*tabindex="0" aria-label="Figure"', drawing)
    assert 'width="600pt" height="300pt" role="img"' in drawing


def test_coordinates_are_rounded_and_nothing_else() -> None:
    path, text = '<path d="M 1.23456 0.999 L -7.5 10.004"/>', '<text x="0.1239" opacity="0.125">0.125</text>'
    drawing = inline.figure(f'<svg viewBox="0 0 9 9">{path}{text}</svg>', "A line.")
    assert '<path d="M 1.23 1 L -7.5 10"/><text x="0.12" opacity="0.125">0.125</text>' in drawing


def test_a_drawing_without_a_size_is_refused() -> None:
    with pytest.raises(ValueError, match="viewBox"):
        inline.figure("<svg></svg>", "A line.")
