"""A switch chooses among neighbours, by pointer and by keyboard, and is remembered on the next page."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.publishing.browser.conftest import PHONE, WIDTH, window

CHAPTER, LAYER, OTHER = "chain-rule/", "layers/softmax/", "layers/tanh/"
COLUMNS, ROWS = "Examples as columns", "Examples as rows"


def shown(page: Page) -> set[str]:
    """The names of what can be seen."""
    parts = page.locator(".choice").all()
    assert len(parts) > 1
    return {part.get_attribute("data-choice") or "" for part in parts if part.is_visible()}


def test_a_choice_holds_for_the_whole_page_and_for_the_next(browser: Browser, address: str) -> None:
    with window(browser) as page:
        page.goto(address + CHAPTER)
        assert shown(page) == {COLUMNS}
        page.get_by_text(ROWS, exact=True).locator("visible=true").first.click()
        assert shown(page) == {ROWS}
        page.goto(address + LAYER)
        assert shown(page) == {"NumPy"}  # another choice, which was not made
        page.get_by_text("PyTorch", exact=True).locator("visible=true").first.click()
        page.goto(address + OTHER)
        assert shown(page) == {"PyTorch"}
        page.goto(address + CHAPTER)
        assert shown(page) == {ROWS}


def test_the_keyboard_chooses(browser: Browser, address: str) -> None:
    with window(browser, "dark", PHONE) as page:
        page.goto(address + LAYER)
        first = page.get_by_role("radio", name="NumPy")
        expect(first).to_be_checked()
        first.focus()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("radio", name="PyTorch")).to_be_focused()
        assert shown(page) == {"PyTorch"}
        assert page.evaluate(WIDTH) <= PHONE


def test_without_scripts_all_are_there(browser: Browser, address: str) -> None:
    with window(browser, scripts=False) as page:
        page.goto(address + CHAPTER)
        assert shown(page) == {COLUMNS, ROWS}
        expect(page.locator(".choice-name").first).to_be_visible()
        expect(page.get_by_role("radio", name=ROWS)).to_have_count(0)
