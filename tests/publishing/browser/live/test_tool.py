"""The forms of the pages that derive and diagnose: examples, one's own text, a typo, an address to send to somebody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.publishing.browser.conftest import window
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


def test_an_answer_that_comes_after_a_change_is_not_shown(derive: Page) -> None:
    field(derive, "forward").fill(FORWARD)
    field(derive, "wrt").fill("X")
    go(derive).click()
    field(derive, "wrt").fill("w")
    expect(tool(derive).get_by_role("button", name="Stop")).to_be_hidden(timeout=LONG)
    expect(tool(derive).locator(".cell-live")).to_be_hidden()
    field(derive, "wrt").fill("X")  # what the answer is about
    expect(tool(derive).locator(".cell-live")).to_be_visible()


def test_a_browser_that_keeps_no_address_puts_the_answer_away_all_the_same(derive: Page) -> None:
    answer(derive, forward=FORWARD, wrt="X")
    derive.evaluate("() => { history.replaceState = () => { throw new Error('too often') } }")
    field(derive, "wrt").fill("w")
    expect(tool(derive).locator(".cell-live")).to_be_hidden()
    derive.evaluate("delete history.replaceState")


def test_an_address_that_changes_fills_the_form(derive: Page) -> None:
    derive.evaluate("location.hash = 'forward=Y%5Bi%5D+%3D+X%5Bi%5D&wrt=X&assume='")
    expect(field(derive, "forward")).to_have_value("Y[i] = X[i]")


def test_a_backward_pass_is_pasted_named_and_mended(browser: Browser, address: str, bytes_of_pyodide: Path) -> None:
    with opened(browser, address, bytes_of_pyodide, "diagnose/") as live:
        code, find = field(live.page, "code"), tool(live.page).get_by_role("button", name="Find the mistake")
        right, wrong = "dW1 = dZ1 @ X.T / m + lam * W1", "dW1 = dZ1 @ X.T + lam * W1"
        assert code.input_value().count(wrong) == 1
        find.click()
        shown = tool(live.page).locator(".cell-live")
        expect(shown).to_contain_text("mean-forgotten", timeout=LONG)
        expect(shown).to_contain_text(f"line 16: {wrong}")
        code.fill(code.input_value().replace(wrong, right))
        expect(shown).to_be_hidden()
        find.click()
        expect(shown).to_contain_text("all four gradients are right.", timeout=LONG)
        code.fill("import os")
        find.click()
        expect(shown).to_contain_text("expected a backward pass", timeout=LONG)


def test_a_failed_load_says_so_and_that_nothing_was_run(browser: Browser, address: str) -> None:
    with window(browser) as page:
        page.route("**/python.json", lambda route: route.abort())
        page.goto(f"{address}diagnose/")
        tool(page).get_by_role("button", name="Find the mistake").click()
        notice = tool(page).locator(".cell-notice")
        expect(notice).to_contain_text("Python can't run here")
        expect(notice).to_contain_text("No answer: what you wrote was not run.")
