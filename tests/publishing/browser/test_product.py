"""At an entry of a product its row and its column light, by pointer, by tap and by the arrow keys."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.publishing.browser.conftest import PHONE, WIDTH, window

PAGE = "affine/"
ENTRY = "matrix-product [data-part=entry] td"
SAID = "matrix-product [role=status]"


def lit(page: Page, part: str) -> list[str]:
    return page.locator(f"matrix-product [data-part={part}] td.lit").all_inner_texts()


def test_the_row_and_the_column_of_an_entry_light(browser: Browser, address: str) -> None:
    with window(browser) as page:
        page.goto(address + PAGE)
        page.locator(ENTRY).last.hover()
        expect(page.locator(SAID)).to_have_text("dW[2, 3] is 0 · 3 + \N{MINUS SIGN}1 · 6 = \N{MINUS SIGN}6")
        assert lit(page, "row") == ["0", "\N{MINUS SIGN}1"]
        assert lit(page, "column") == ["3", "6"]
        assert lit(page, "entry") == ["\N{MINUS SIGN}6"]


def test_it_is_one_stop_of_tab_and_the_arrow_keys_move_in_it(browser: Browser, address: str) -> None:
    with window(browser, "dark", PHONE) as page:
        page.goto(address + PAGE)
        stops = page.locator(f"{ENTRY}[tabindex='0']")
        expect(stops).to_have_count(1)
        stops.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")  # there is no fourth column
        expect(page.locator(SAID)).to_contain_text("dW[1, 3] is 10 · 3 + 1 · 6 = 36")
        expect(stops).to_have_count(1)
        expect(stops).to_be_focused()
        page.locator(ENTRY).nth(3).click()
        expect(page.locator(SAID)).to_contain_text("dW[2, 1]")
        assert page.evaluate(WIDTH) <= PHONE


def test_without_scripts_one_entry_is_worked_out(browser: Browser, address: str) -> None:
    with window(browser, scripts=False) as page:
        page.goto(address + PAGE)
        expect(page.locator(SAID)).to_have_text("dW[1, 1] is 10 · 1 + 1 · 4 = 14")
        assert lit(page, "entry") == ["14"]
