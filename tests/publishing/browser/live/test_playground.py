"""The playground: its picture first, then Play, Pause, Step, sliders, and an address that holds the settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from netcode import data, deep_network, one_hot
from tests.publishing.browser.conftest import PHONE, WIDTH, Scheme, window
from tests.publishing.browser.live.page import CDN, LONG, opened

AXE = "axe-core/axe.min.js"
BUILT = "After 1,000 updates: loss"
LABELS = "drawings => drawings.map((drawing) => drawing.getAttribute('aria-label'))"
SEEN = "playground => playground.layer.seen"
REST = "playground => new Promise(rest => setTimeout(rest, 500)).then(() => playground.asking)"
"""Until the change of the address has been answered too, a quarter of a second later: then Python is free."""
COLOURS = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Set(Array.from({ length: data.length / 4 }, (_, i) => data.slice(4 * i, 4 * i + 3).join())).size;
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, address: str, bytes_of_pyodide: Path) -> Iterator[Page]:
    """A playground, with Python after the first test that needs it."""
    with opened(browser, address, bytes_of_pyodide, "playground/") as live:
        expect(playground(live.page).locator(".now")).to_contain_text(BUILT)
        assert live.asked == []
        yield live.page


def playground(page: Page) -> Locator:
    return page.locator("training-playground")


def press(page: Page, name: str) -> None:
    playground(page).get_by_role("button", name=name).click()


def said(page: Page) -> Locator:
    return playground(page).locator(".now")


def status(page: Page) -> Locator:
    return playground(page).locator(".status")


def notice(page: Page) -> Locator:
    return playground(page).locator(".cell-notice")


def begin(page: Page, fragment: str) -> None:
    """Follow a link to these settings, without loading the page again, and see the network before its first update."""
    page.evaluate("fragment => { location.hash = fragment }", fragment)
    expect(status(page)).to_have_text("")
    press(page, "Start again")
    expect(status(page)).to_contain_text("After 0 updates", timeout=LONG)


def numbers(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = playground(page).evaluate(SEEN)
    return found


def test_played_to_its_end_it_gives_what_the_page_was_built_with(page: Page) -> None:
    built = said(page).inner_text()
    press(page, "Play (loads")
    expect(status(page)).to_have_text(f"The end. {built}", timeout=LONG)
    assert said(page).inner_text() == built
    assert built == page.locator(".cell-built pre").last.inner_text()
    assert playground(page).locator("canvas").evaluate(COLOURS) == 3
    labels = playground(page).locator("[role=img]:visible").evaluate_all(LABELS)
    assert len(labels) == 6  # the plane, the loss, two arrays and their gradients
    assert all(labels)


def test_it_loads_no_more_than_its_program_imports_and_its_button_says_how_much(
    browser: Browser, address: str, bytes_of_pyodide: Path
) -> None:
    with opened(browser, address, bytes_of_pyodide, "playground/") as live:
        asked: list[str] = []
        live.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        button = playground(live.page).get_by_role("button", name="Play (loads").inner_text()
        press(live.page, "Step")
        expect(said(live.page)).to_contain_text("After 1 update:", timeout=LONG)
        listed = live.page.request.get(f"{address}assets/live/python.json").json()["files"]
        loaded = {name: file["sent"] for name, file in listed.items() if file["address"].rpartition("/")[2] in asked}
    assert [name.partition("-")[0] for name in loaded if name.endswith(".whl")] == ["numpy"]
    assert len(loaded) == 7  # the core's four, the project's packages, and the worker's modules
    assert button == f"Play (loads {round(sum(loaded.values()) / 1e6)} MB once)"


def test_steps_give_the_weights_and_gradients_of_netcode(page: Page) -> None:
    begin(page, "data=rings&classes=4&points=20&noise=0.1&hidden=9,5&learning_rate=0.5&lam=0.01&seed=3")
    expect(said(page)).to_contain_text("of 80 points")
    for count in ("After 1 update:", "After 2 updates:", "After 3 updates:"):
        press(page, "Step")
        expect(said(page)).to_contain_text(count)
    expect(status(page)).to_contain_text("After 3 updates")
    rows, y = data.rings(20, 4, 0.1, 3)
    X, Y = rows.T, one_hot(y, 4)
    parameters = deep_network.initialize((2, 9, 5, 4), seed=3)
    for _ in range(4):
        forward = deep_network.forward(X, parameters)
        gradient = deep_network.backward(X, Y, parameters, forward, 0.01).gradient
        before, parameters = parameters, deep_network.update(parameters, gradient, 0.5)
    for layer in (3, 2, 1):
        playground(page).get_by_label("Weights and gradients of layer").select_option(str(layer))
        expect(playground(page).locator(".array svg").first).to_have_attribute(
            "aria-label", re.compile(rf"W\[{layer}\], {before.W[layer].shape[0]} × {before.W[layer].shape[1]}: ")
        )
        seen = numbers(page)
        for name, array in (("W", before.W), ("b", before.b), ("dW", gradient.W), ("db", gradient.b)):
            np.testing.assert_allclose(seen[name], array[layer], rtol=1e-9, atol=1e-12)


def test_the_numbers_are_there_as_a_table(page: Page) -> None:
    begin(page, "hidden=3&seed=5")
    playground(page).get_by_text("The numbers").click()
    rows = playground(page).locator("tbody tr")
    expect(rows).to_have_count(3)
    (first, *_), *_ = numbers(page)["W"]
    shown = rows.first.locator("td").first.evaluate("cell => cell.firstChild.textContent").replace("−", "-")
    assert float(shown) == pytest.approx(first, rel=5e-3)
    playground(page).get_by_text("The numbers").click()


@pytest.mark.parametrize("scheme", get_args(Scheme))
def test_axe_finds_nothing_in_what_there_is_to_look_at(page: Page, checkers: Path, scheme: Scheme) -> None:
    begin(page, f"hidden=9,4&seed={len(scheme)}")
    page.emulate_media(color_scheme=scheme)
    playground(page).get_by_text("The numbers").click()
    page.evaluate((checkers / AXE).read_text(encoding="utf-8"))
    violations = page.evaluate("axe.run('training-playground')")["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in violations] == []
    playground(page).get_by_text("The numbers").click()
    page.emulate_media(color_scheme="light")


def test_the_keyboard_plays_and_pauses_and_sets(page: Page) -> None:
    begin(page, "points=200&hidden=64,64,64&updates=10000")
    expect(said(page)).to_contain_text("of 600 points")
    button = playground(page).get_by_role("button", name="Play")
    button.focus()
    page.keyboard.press("Enter")
    expect(said(page)).not_to_contain_text("After 0 updates")
    focused = playground(page).get_by_role("button", name="Pause")
    expect(focused).to_be_focused()
    page.keyboard.press("Enter")
    expect(status(page)).to_contain_text("Paused. After")
    paused = said(page).inner_text()
    page.wait_for_timeout(300)
    assert said(page).inner_text() == paused
    layers = playground(page).get_by_role("slider", name="Hidden layers")
    layers.focus()
    page.keyboard.press("Home")
    expect(said(page)).to_have_text(re.compile("^After 0 updates: "), timeout=LONG)
    expect(playground(page).get_by_role("slider", name="Units of layer 1")).to_be_hidden()
    assert "hidden=&" in page.url
    assert len(numbers(page)["W"][0]) == 2  # right from the inputs


def test_a_change_while_it_plays_begins_anew(page: Page) -> None:
    begin(page, "hidden=8&updates=10000")  # so many that the training lasts until the key is pressed
    press(page, "Play")
    expect(said(page)).not_to_contain_text("After 0 updates")
    playground(page).get_by_role("slider", name="Random seed").focus()
    page.keyboard.press("ArrowRight")
    expect(playground(page).get_by_role("button", name="Pause")).to_be_visible()
    expect(page).to_have_url(re.compile("seed=1(&|$)"))
    expect(status(page)).to_contain_text("The end. After 10,000 updates", timeout=LONG)
    press(page, "Start again")
    expect(status(page)).to_contain_text("After 0 updates")


def test_a_training_that_diverges_says_so_at_the_picture(page: Page) -> None:
    begin(page, "learning_rate=100&lam=1&hidden=16,16&updates=1000")
    press(page, "Play")
    expect(notice(page)).to_contain_text("training diverged", timeout=LONG)
    expect(playground(page).get_by_role("button", name="Play")).to_be_visible()
    begin(page, "hidden=4")
    expect(notice(page)).to_have_text("")


def test_a_cell_of_the_page_may_run_in_between(page: Page) -> None:
    begin(page, "hidden=5&seed=9")
    press(page, "Step")
    expect(said(page)).to_contain_text("After 1 update:")
    playground(page).evaluate(REST)
    cell = page.locator("live-cell").last
    cell.get_by_role("button", name="Run").click()
    expect(cell.get_by_role("status")).to_have_text(re.compile("^Done in "), timeout=LONG)
    press(page, "Step")
    expect(said(page)).to_contain_text("After 2 updates:")


def test_a_link_restores_the_settings_and_a_bad_value_is_said(
    browser: Browser, address: str, bytes_of_pyodide: Path
) -> None:
    with opened(browser, address, bytes_of_pyodide, "playground/#classes=5&hidden=16,8&noise=7") as live:
        layers = live.page.get_by_role("slider", name=re.compile("^Units of layer [12]$"))
        expect(layers).to_have_count(2)
        assert layers.evaluate_all("all => all.map((one) => one.ariaValueText)") == ["16", "8"]
        expect(status(live.page)).to_contain_text("noise=7 is not possible")
        expect(notice(live.page)).to_contain_text("before your change")
        expect(playground(live.page).get_by_role("link", name="Link to these settings")).to_have_attribute(
            "href", re.compile("classes=5.*noise=0.2.*hidden=16,8")
        )
        assert live.asked == []


def test_without_python_the_reason_is_said_at_the_picture(browser: Browser, address: str) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    with window(browser) as page:
        page.context.route(f"{CDN}**", refuse)
        page.goto(f"{address}playground/")
        press(page, "Play")
        expect(notice(page)).to_contain_text("Python can't run here", timeout=LONG)
        expect(said(page)).to_contain_text(BUILT)
        expect(playground(page).get_by_role("button", name="Play")).to_be_visible()


def test_loading_can_be_stopped(browser: Browser, address: str) -> None:
    with window(browser) as page:
        page.context.route(f"{CDN}**", lambda _: None)  # never answered
        page.goto(f"{address}playground/")
        press(page, "Play")
        press(page, "Stop loading")
        expect(playground(page).get_by_role("button", name="Play (loads")).to_be_visible()
        expect(notice(page)).to_have_text("Stopped")


def test_without_scripts_the_picture_is_there(browser: Browser, address: str) -> None:
    with window(browser, width=PHONE, scripts=False) as page:
        page.goto(f"{address}playground/")
        expect(playground(page).locator("svg[role=img]")).to_be_visible()
        expect(said(page)).to_contain_text(BUILT)
        expect(playground(page).locator(".of")).to_contain_text("one hidden layer of 25 units")
        expect(page.get_by_text("The controls need JavaScript.")).to_be_visible()
        assert playground(page).locator("input, button").count() == 0
        assert page.evaluate(WIDTH) <= PHONE
