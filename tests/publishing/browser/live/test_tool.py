"""The form of the page that derives: examples, a formula of one's own, a typo, and an address to send to somebody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.publishing.browser.live.page import LONG, opened

FORWARD = "Y[i] = w[i] * tanh(X[i])"


@pytest.fixture(scope="module")
def derive(browser: Browser, address: str, bytes_of_pyodide: Path) -> Iterator[Page]:
    with opened(browser, address, bytes_of_pyodide, "derive/") as live:
        assert "(loads " in go(live.page).inner_text()
        assert live.asked == []
        yield live.page


def tool(page: Page) -> Locator:
    return page.locator("page-tool")


def go(page: Page) -> Locator:
    return tool(page).get_by_role("button", name="Derive")


def field(page: Page, name: str) -> Locator:
    return tool(page).locator(f"[name={name}]")


def answer(page: Page, **fields: str) -> Locator:
    """Fill the form in, press Derive, and wait for the end."""
    for name in ("forward", "wrt", "assume"):
        field(page, name).fill(fields.get(name, ""))
    go(page).click()
    expect(tool(page).get_by_role("button", name="Stop")).to_be_hidden(timeout=LONG)
    return tool(page).locator(".cell-live")


def test_it_opens_with_an_example_that_is_derived(derive: Page) -> None:
    assert "mean[j]" in field(derive, "forward").input_value()
    go(derive).click()
    expect(tool(derive).locator(".cell-live")).to_contain_text("def layer_backward", timeout=LONG)
    shown = tool(derive).locator(".cell-live")
    assert "The backward pass: proven for all sizes" in shown.inner_text()
    assert shown.locator(".katex").count() > 10


def test_a_formula_of_ones_own_goes_into_the_address_and_its_answer_goes_with_it(
    derive: Page, browser: Browser, address: str, bytes_of_pyodide: Path
) -> None:
    assert "dX = dY * w * (1 - " in answer(derive, forward=FORWARD, wrt="X").inner_text()
    fragment = derive.evaluate("location.hash.slice(1)")
    assert parse_qs(fragment)["forward"] == [FORWARD]
    field(derive, "wrt").fill("w")
    expect(tool(derive).locator(".cell-live")).to_be_hidden()
    assert "The answer was put away" in tool(derive).locator(".cell-notice").inner_text()
    with opened(browser, address, bytes_of_pyodide, f"derive/#{fragment}") as sent:
        assert field(sent.page, "forward").input_value() == FORWARD
        assert field(sent.page, "wrt").input_value() == "X"


def test_a_typo_is_one_sentence(derive: Page) -> None:
    shown = answer(derive, forward="Y[i] = maen[j](X[i, j])").inner_text().strip()
    assert shown.startswith("line 1, column 8: maen[j](X[i, j]): did you mean mean[...]?")
    assert len(shown.splitlines()) == 1


def test_another_example_fills_the_form(derive: Page) -> None:
    tool(derive).locator("select").select_option("Convolution")
    assert "X[c, p + k]" in field(derive, "forward").input_value()
    assert field(derive, "assume").input_value() == ""
