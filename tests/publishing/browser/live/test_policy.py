"""The whole site under its policy, sent as headers: no page asks for more, and live cells run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from publishing.gates.serving import serve
from tests.publishing.browser.conftest import listed, window
from tests.publishing.browser.live.page import opened
from tests.publishing.conftest import BASE

WATCH = """
window.refused = [];
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
  window.refused.push(`${violatedDirective}: ${blockedURI} (${sourceFile}:${lineNumber})`));
"""

PLANT = """() => {
  const script = document.createElement("script");
  script.textContent = "window.planted = 1";
  document.body.append(script);
  return window.planted ?? null;
}"""
"""What somebody who could change a page would do: it has no effect."""


@pytest.fixture(scope="module")
def strict(site: Path) -> Iterator[str]:
    """The address of the site on a host that sends its headers."""
    with serve(site, BASE, headers=True) as address:
        yield address


def test_no_page_asks_for_more_than_it_may(browser: Browser, strict: str, pages: list[str]) -> None:
    with window(browser) as page:
        page.context.add_init_script(WATCH)
        refused = {name: _visited(page, strict + name) for name in pages}
    assert len(refused) > 30
    assert not listed(refused), listed(refused)


def test_the_headers_are_sent(browser: Browser, strict: str) -> None:
    with window(browser) as page:
        answer = page.goto(strict)
        assert answer is not None
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert page.evaluate(PLANT) is None


def _visited(page: Page, address: str) -> list[str]:
    page.goto(address)
    page.locator("summary").evaluate_all("folds => folds.forEach(fold => { fold.parentElement.open = true })")
    page.wait_for_timeout(50)
    found: list[str] = page.evaluate("window.refused")
    return found


def test_live_cells_run_under_it(browser: Browser, strict: str, bytes_of_pyodide: Path) -> None:
    with opened(browser, strict, bytes_of_pyodide, "relu/") as live:
        live.page.context.add_init_script(WATCH)
        live.page.reload()
        cell = 1
        live.edit(cell, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint('a figure')")
        assert live.run(cell).startswith("Done"), live.notice(cell)
        assert "a figure" in live.output(cell).inner_text()
        assert live.output(cell).locator("svg").count() == 1
        numbers = live.page.locator(f"#cell-{cell} .cm-lineNumbers").evaluate(
            "gutter => getComputedStyle(gutter).display"
        )
        assert numbers != "block"  # CodeMirror's own styles are there
        assert live.page.evaluate("window.refused") == []


def test_tools_run_under_it(browser: Browser, strict: str, bytes_of_pyodide: Path) -> None:
    with opened(browser, strict, bytes_of_pyodide, "derive/") as live:
        live.page.context.add_init_script(WATCH)
        live.page.reload()
        live.page.get_by_role("button", name="Derive").first.click()
        expect(live.page.locator(".cell-live .derived").first).to_be_visible(timeout=120_000)
        assert live.page.evaluate("window.refused") == []
