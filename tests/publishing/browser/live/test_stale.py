"""An output never outlives the code that it is about: what a reader sees who edits, and who can't load Python."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from publishing.gates.serving import serve
from tests.publishing.browser.live.page import CDN, LivePage, opened
from tests.publishing.conftest import BASE, Project

AWAY = "The output was put away"
BEFORE = "This output was made before the code above it was changed"

PAGE = """
    # %% [markdown]
    # # Home

    # %%
    print("All four gradients are right.")

    # %%
    print("And this depends on them.")
"""


@pytest.fixture
def page(project: Project, browser: Browser) -> Iterator[LivePage]:
    """A page of two cells, for a reader whom Pyodide's host doesn't answer."""
    (project.root / "docs" / "index.md").unlink()
    project.write("docs/index.py", PAGE)
    built = project.build(SITE_URL=f"https://example.org{BASE}")
    assert built.returncode == 0, built.stderr
    with serve(project.root / "site", BASE) as address, opened(browser, address, Path()) as live:
        live.page.context.route(f"{CDN}**", refuse)
        yield live


def refuse(route: Route) -> None:
    route.abort()


def test_from_the_first_change_on_the_old_output_is_put_away(page: LivePage) -> None:
    expect(page.built(1)).to_be_visible()
    assert page.notice(1) == page.notice(2) == ""
    page.edit(1, "print(1)")
    expect(page.built(1)).to_be_hidden()
    assert page.notice(1).startswith(AWAY)


def test_what_comes_after_a_change_is_marked(page: LivePage) -> None:
    page.edit(1, "print(1)")
    expect(page.built(2)).to_be_visible()
    expect(page.built(2)).to_contain_class("stale")
    assert page.notice(2).startswith(BEFORE)
    page.edit(2, "print(2)")
    expect(page.built(2)).to_be_hidden()
    assert page.notice(2).startswith(AWAY)


def test_a_change_does_not_touch_what_comes_before_it(page: LivePage) -> None:
    page.edit(2, "print(2)")
    expect(page.built(1)).to_be_visible()
    assert page.notice(1) == ""


def test_a_change_that_is_taken_back_brings_the_output_back(page: LivePage) -> None:
    page.edit(1, "print(1)")
    page.edit(1, 'print("All four gradients are right.")')
    for cell in (1, 2):
        expect(page.built(cell)).to_be_visible()
        assert page.notice(cell) == ""
    page.edit(1, "print(1)")
    page.button(1, "Reset").click()
    for cell in (1, 2):
        expect(page.built(cell)).to_be_visible()
        assert page.notice(cell) == ""


def test_python_that_can_t_be_loaded_says_so_in_the_place_of_the_answer(page: LivePage) -> None:
    page.edit(1, "print(1)")
    page.run(1)
    expect(page.built(1)).to_be_hidden()
    said = page.notice(1)
    assert said.startswith(f"Python can't run here: {CDN}")
    assert said.endswith("No answer: your code was not run.")
    assert page.notice(2).startswith(BEFORE)


def test_of_code_that_is_not_changed_the_output_stays_but_is_not_taken_for_the_run_s(page: LivePage) -> None:
    page.run(1)
    expect(page.built(1)).to_be_visible()
    assert page.notice(1).startswith(f"Python can't run here: {CDN}")
    assert page.notice(1).endswith("The output below is not of this run.")
