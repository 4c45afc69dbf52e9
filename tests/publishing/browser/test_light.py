"""One quantity is lit wherever it is: by a pointer, by a tap, by the keyboard; by a line and not by colour alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.publishing.browser.conftest import PHONE, Scheme, window

AXE = "axe-core/axe.min.js"
PAGE = "chain-rule/"
NAMES = "all => [...new Set(all.map(one => one.dataset.q))]"
AXE_ON_BLOCK = "selector => axe.run(document.querySelector(selector).closest('.linked'))"
LINES = "all => [...new Set(all.map(one => getComputedStyle(one).borderBottomStyle))]"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with window(browser) as page:
        page.goto(address + PAGE)
        yield page


def block(page: Page) -> Locator:
    """The first derivation that has a gradient among its quantities."""
    return page.locator(".deriv.linked:has([data-q^=d])").first


def lit(page: Page) -> list[str]:
    names: list[str] = page.locator(".lit").evaluate_all(NAMES)
    return names


def test_the_arrow_keys_go_from_quantity_to_quantity(page: Page) -> None:
    names = block(page).locator("[data-q]").evaluate_all(NAMES)
    assert len(names) > 2
    block(page).focus()
    for name in [*names, names[0]]:  # the last is followed by the first
        page.keyboard.press("ArrowRight")
        assert lit(page) == [name]
        expect(page.locator(".light-said")).to_have_text(f"{name} is lit")
    page.keyboard.press("ArrowLeft")
    assert lit(page) == [names[-1]]
    assert page.locator(".lit").count() == block(page).locator(f"[data-q='{names[-1]}']").count()


def test_escape_puts_the_light_out_and_so_does_going_on(page: Page) -> None:
    block(page).focus()
    page.keyboard.press("ArrowLeft")
    assert len(lit(page)) == 1
    page.keyboard.press("Escape")
    assert lit(page) == []
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")  # to the mark of a line, which is in the block
    assert len(lit(page)) == 1
    page.locator("h1 a, h1").first.click()
    assert lit(page) == []


def test_the_keys_of_the_browser_stay_its_own(page: Page) -> None:
    block(page).focus()
    page.keyboard.press("Control+ArrowRight")
    assert lit(page) == []


def test_a_gradient_has_a_broken_line_and_its_quantity_a_whole_one(page: Page) -> None:
    names = block(page).locator("[data-q]").evaluate_all(NAMES)
    styles = {}
    block(page).focus()
    for name in names:
        page.keyboard.press("ArrowRight")
        styles[name] = page.locator(".lit").evaluate_all(LINES)
    assert {name: style for name, style in styles.items() if style != ["dashed" if name[0] == "d" else "solid"]} == {}
    assert {name[0] == "d" for name in names} == {True, False}


def test_a_tap_holds_the_light_and_a_second_one_frees_it(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": PHONE, "height": 780}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(address + PAGE)
    term = block(page).locator("[data-q^=d]").first
    term.tap()
    assert lit(page) == [term.get_attribute("data-q")]
    term.tap()
    assert lit(page) == []
    context.close()


def test_at_home_the_arrow_keys_light_in_the_lines_and_walk_in_the_drawing(browser: Browser, address: str) -> None:
    with window(browser) as page:
        page.goto(address)
        step = page.locator(".walk-count").inner_text()
        page.locator(".living-rows").focus()
        page.keyboard.press("ArrowRight")
        assert len(lit(page)) == 1
        assert page.locator(".graph .lit").count() > 0
        assert page.locator(".walk-count").inner_text() == step
        page.locator(".graph-room").focus()
        page.keyboard.press("ArrowLeft")
        assert page.locator(".walk-count").inner_text() != step


@pytest.mark.parametrize("scheme", get_args(Scheme))
def test_axe_finds_nothing_while_a_quantity_is_lit(
    browser: Browser, address: str, checkers: Path, scheme: Scheme
) -> None:
    with window(browser, scheme) as page:
        page.context.add_init_script((checkers / AXE).read_text(encoding="utf-8"))
        for name, where in ((PAGE, ".deriv.linked:has([data-q^=d])"), ("", ".living-rows")):
            page.goto(address + name)
            page.locator(where).first.focus()
            page.keyboard.press("ArrowRight")
            assert len(lit(page)) == 1
            found = page.evaluate(AXE_ON_BLOCK, where)["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
