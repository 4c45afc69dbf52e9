"""Questions are answered, and what was answered is remembered, with the keyboard, on a phone, and in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.publishing.browser.conftest import PHONE, WIDTH, window

CHAPTER = "relu/"
RIGHT = ".question .answer.right"
SAID = ".kicker .progress"


def answer(page: Page, number: int) -> None:
    """With the keyboard."""
    page.locator(RIGHT).nth(number).locator("summary").focus()
    page.keyboard.press("Enter")


def test_a_right_answer_is_remembered_and_forgotten(browser: Browser, address: str) -> None:
    with window(browser) as page:
        page.goto(address + CHAPTER)
        expect(page.locator(SAID)).to_have_text("")
        answer(page, 0)
        expect(page.locator(RIGHT).first.locator("p")).to_be_visible()
        expect(page.locator(SAID)).to_contain_text("1 of 2 questions right here")
        page.reload()
        expect(page.locator(SAID)).to_contain_text("1 of 2 questions right here")
        page.get_by_role("button", name="Forget what I have read and answered").click()
        expect(page.locator(SAID)).to_have_text("")
        page.reload()
        expect(page.locator(SAID)).to_have_text("")


def test_a_chapter_counts_as_read_at_its_end(browser: Browser, address: str) -> None:
    with window(browser) as page:
        page.goto(address + CHAPTER)
        assert page.locator(".md-nav .read").count() == 0
        page.locator(".origin").scroll_into_view_if_needed()
        expect(page.locator(".md-nav .read")).to_have_count(1)
        expect(page.locator(SAID)).to_contain_text("1 of 11 chapters read.")


def test_a_wrong_answer_is_explained_and_not_counted(browser: Browser, address: str) -> None:
    with window(browser) as page:
        page.goto(address + CHAPTER)
        wrong = page.locator(".question .answer.wrong").first
        wrong.locator("summary").click()
        expect(wrong.locator("p")).to_contain_text("No.")
        expect(page.locator(SAID)).to_have_text("")


def test_a_browser_that_keeps_nothing_is_survived(browser: Browser, address: str) -> None:
    with window(browser) as page:
        page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied'); } })")
        page.goto(address + CHAPTER)
        answer(page, 1)
        expect(page.locator(SAID)).to_contain_text("1 of 2 questions right here")


@pytest.mark.parametrize("scripts", [True, False])
def test_answers_unfold_on_a_phone_and_fit(browser: Browser, address: str, scripts: bool) -> None:
    with window(browser, "dark", PHONE, scripts) as page:
        page.goto(address + CHAPTER)
        page.locator(RIGHT).first.locator("summary").click()
        expect(page.locator(RIGHT).first.locator("p")).to_be_visible()
        if scripts:
            assert page.evaluate(WIDTH) <= PHONE
        else:
            assert page.locator(SAID).count() == 0
