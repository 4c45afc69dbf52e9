"""The playground: the reader sets a network and its data, trains it, and sees it learn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.publishing.browser.live.page import LONG, opened

LABELS = """
[...document.querySelectorAll("training-playground [role=img]")].map((drawing) => drawing.getAttribute("aria-label"))
"""

COLOURS = """
() => {
  const { width, height } = document.querySelector("training-playground canvas");
  const context = document.querySelector("training-playground canvas").getContext("2d");
  const { data } = context.getImageData(0, 0, width, height);
  return new Set(Array.from({ length: width * height }, (_, i) => data.slice(4 * i, 4 * i + 3).join())).size;
}
"""


@pytest.fixture(scope="module")
def playground(browser: Browser, address: str, bytes_of_pyodide: Path) -> Iterator[Page]:
    with opened(browser, address, bytes_of_pyodide, "playground/") as live:
        assert "(loads " in live.page.get_by_role("button", name="Train").inner_text()
        assert live.asked == []
        yield live.page


def train(page: Page, **settings: str) -> str:
    """Press Train and wait for the end; returns what is said then."""
    put(page, **settings)
    page.get_by_role("button", name="Train").click()
    expect(stop(page)).to_be_hidden(timeout=LONG)
    return status(page).inner_text()


def put(page: Page, data: str = "spiral", **settings: str) -> None:
    page.locator("[name=data]").select_option(data)
    for name, value in settings.items():
        page.locator(f"[name={name}]").fill(value)


def stop(page: Page) -> Locator:
    return page.locator("training-playground").get_by_role("button", name="Stop")


def status(page: Page) -> Locator:
    return page.locator("training-playground").get_by_role("status")


def result(page: Page) -> str:
    return page.locator("training-playground .result").inner_text()


def test_unchanged_it_gives_what_the_page_was_built_with(playground: Page) -> None:
    assert train(playground).startswith("Done in ")
    built = playground.locator(".cell-built pre").last.inner_text()
    assert result(playground) == "U" + built[1:].replace("2000", "2,000").replace("%", " %") + "."


def test_other_settings_give_another_picture(playground: Page) -> None:
    said = train(playground, data="clusters", classes="5", points="20", noise="0.01", updates="300")
    assert said.startswith("Done in ")
    assert result(playground).startswith("Update 300: ")
    assert result(playground).endswith("100.0 % of the points right.")
    assert playground.locator("training-playground .plane path").count() == 5 * 20
    assert playground.evaluate(COLOURS) == 5
    assert all(playground.evaluate(LABELS))


def test_what_makes_no_sense_is_said_and_not_trained(playground: Page) -> None:
    train(playground, h="5", updates="1")
    before = result(playground)
    assert before
    put(playground, h="0")
    playground.get_by_role("button", name="Train").click()
    expect(playground.locator("[name=h]:invalid")).to_be_focused()
    assert result(playground) == f"With the settings before your change: {before}"
    assert train(playground, h="25", learning_rate="100", lam="10", updates="300").endswith("ended with an error")
    assert "training diverged" in playground.locator("training-playground pre.error").inner_text()


def test_stop_ends_the_training_and_the_next_begins(playground: Page) -> None:
    put(playground, learning_rate="1", lam="0.001", points="300", h="200", updates="20000")
    before = result(playground)
    playground.get_by_role("button", name="Train").click()
    expect(playground.locator("training-playground .result")).not_to_have_text(before, timeout=LONG)
    stop(playground).click()
    expect(status(playground)).to_have_text("Stopped", timeout=500)
    expect(playground.get_by_role("button", name="Train")).to_be_focused()
    assert train(playground, h="5", points="50", updates="100").startswith("Done in ")
    assert result(playground).startswith("Update 100: ")
