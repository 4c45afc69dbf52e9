"""The home page's picture: it moves by itself until a reader takes it over, and lights a quantity everywhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.publishing.browser.conftest import PHONE, window

LAST = 14  # seven operations forward, seven back


@pytest.fixture
def moving(browser: Browser, address: str) -> Iterator[Page]:
    """For a reader who likes motion."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="no-preference")
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


@pytest.fixture
def still(browser: Browser, address: str) -> Iterator[Page]:
    """For one who doesn't."""
    with window(browser) as page:
        page.goto(address)
        yield page


def step(page: Page) -> str:
    return page.locator(".walk-count").inner_text()


def stands_still(page: Page) -> None:
    expect(page.locator(".walk-play")).to_have_text("Play")
    stopped = step(page)
    page.wait_for_timeout(1600)
    assert step(page) == stopped


def test_it_moves_by_itself_and_a_press_stops_it(moving: Page) -> None:
    expect(moving.locator(".walk-play")).to_have_text("Pause")
    expect(moving.locator(".walk-count")).not_to_have_text(f"Step {LAST} of {LAST}")
    moving.locator(".walk-play").click()
    stands_still(moving)


def test_the_slider_takes_it_over(moving: Page) -> None:
    moving.locator(".walk-slider").fill("9")
    expect(moving.locator(".walk-play")).to_have_text("Play")
    assert step(moving) == f"Step 9 of {LAST}"
    lit = moving.locator(".living-rows .now")
    expect(lit).to_have_count(1)
    expect(lit.locator("code")).to_have_text("dW2 = dZ2 @ A1.T + lam * W2")


def test_who_takes_a_quantity_stops_it(moving: Page) -> None:
    expect(moving.locator(".walk-play")).to_have_text("Pause")
    moving.locator(".living-rows code [data-q=dZ2]").first.click()
    stands_still(moving)
    moving.locator(".walk-play").click()
    expect(moving.locator(".walk-play")).to_have_text("Pause")
    moving.locator(".living-rows").focus()
    moving.keyboard.press("ArrowRight")
    stands_still(moving)


def test_who_wants_no_motion_sees_all_of_it_at_once(still: Page) -> None:
    assert step(still) == f"Step {LAST} of {LAST}"
    expect(still.locator(".walk-play")).to_have_text("Play")
    assert still.locator(".living .ahead").count() == 0


def test_a_quantity_is_lit_in_graph_formulas_and_code(still: Page) -> None:
    still.locator(".living-rows code [data-q=dZ2]").first.hover()
    lit = still.locator(".living .lit")
    kinds = lit.evaluate_all(
        "all => [...new Set(all.map(one => one.closest('code, .katex, .graph').localName))].sort()"
    )
    assert kinds == ["code", "figure", "span"]
    assert lit.evaluate_all("all => all.every(one => one.dataset.q === 'dZ2')")
    still.locator("h1").hover()
    expect(lit).to_have_count(0)


def test_the_seven_lines_are_there_without_scripts(browser: Browser, address: str) -> None:
    with window(browser, width=PHONE, scripts=False) as page:
        page.goto(address)
        assert page.locator(".living-rows > li").count() == 7
        expect(page.locator(".walk-buttons")).to_be_hidden()
        for door in ("Learn it", "Mend mine", "Play"):
            expect(page.get_by_role("link", name=door, exact=True)).to_be_visible()
