"""A figure that a page's own script brings to life is alive in what a cell shows, too; no other element is let in."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.publishing.browser.live.page import opened

CODE = """
from IPython.display import HTML
HTML("<made-up-element><p>inside</p></made-up-element>")
"""


def test_a_product_is_alive_after_its_cell_is_run(browser: Browser, address: str, bytes_of_pyodide: Path) -> None:
    with opened(browser, address, bytes_of_pyodide, "affine/") as live:
        bar = live.page.locator(".cell:has(matrix-product) live-cell")
        number = int(bar.get_attribute("data-cell") or 0)
        assert live.run(number).startswith("Done in ")
        expect(live.page.locator(".cell-live matrix-product [role=grid] td[tabindex='0']")).to_have_count(1)


def test_an_element_that_the_page_does_not_know_is_left_out(
    browser: Browser, address: str, bytes_of_pyodide: Path
) -> None:
    with opened(browser, address, bytes_of_pyodide, "relu/") as live:
        live.edit(1, CODE)
        assert live.run(1).startswith("Done in ")
        shown = live.output(1)
        expect(shown).to_contain_text("inside")
        expect(shown.locator("made-up-element")).to_have_count(0)
