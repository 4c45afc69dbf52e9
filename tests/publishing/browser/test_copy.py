"""Code that isn't run on its page can be copied, with the keyboard too."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests.publishing.browser.conftest import window

PAGE = "layers/softmax/"


def test_code_of_the_book_is_copied(browser: Browser, address: str) -> None:
    with window(browser) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(address + PAGE)
        block = page.locator("article .highlight").first
        copy = block.get_by_role("button", name="Copy")
        copy.focus()
        page.keyboard.press("Enter")
        expect(block.locator(".copy")).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("import numpy as np\n")
        assert "Copy" not in copied
        assert copied.strip() == block.locator("code").inner_text().strip()
        expect(block.locator(".copy")).to_have_text("Copy")


def test_a_cell_that_is_run_has_no_such_button(browser: Browser, address: str) -> None:
    with window(browser) as page:
        page.goto(address + "derive/")
        assert page.locator("[id^='cell-'] .highlight").count() > 0
        assert page.locator("[id^='cell-'] .copy").count() == 0


def test_without_scripts_there_is_none(browser: Browser, address: str) -> None:
    with window(browser, scripts=False) as page:
        page.goto(address + PAGE)
        assert page.locator("article .highlight").count() > 0
        assert page.locator(".copy").count() == 0
