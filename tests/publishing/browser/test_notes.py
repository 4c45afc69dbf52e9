"""What a quantity is, and its shape, is told beside it: by a pointer, a tap or a key; and it can be put away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sympy import MatrixSymbol

from derivations import notation
from derivations.calculus.writers.reasons import reason_in_text
from tests.publishing.browser.conftest import PHONE, WIDTH, Scheme, window

AXE = "axe-core/axe.min.js"
PAGE = "chain-rule/"
NAMES = "all => [...new Set(all.map(one => one.dataset.q))]"
UNFOLD = 'document.querySelectorAll("details").forEach((folded) => { folded.open = true })'
HEIGHT = "document.documentElement.scrollHeight"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with window(browser) as page:
        page.goto(address + PAGE)
        yield page
        assert page.evaluate(WIDTH) <= 1280


def note(page: Page) -> Locator:
    return page.locator(".quantity-note")


def block(page: Page) -> Locator:
    """The first derivation that has a gradient among its quantities."""
    return page.locator(".deriv.linked:has([data-q^=d])").first


def expected(name: str) -> str:
    """What the notation says, and the shape of its own array."""
    quantity = getattr(notation, name)
    shape = " × ".join(map(str, quantity.shape)) if isinstance(quantity, MatrixSymbol) else "a number"
    size = "" if quantity in (notation.m, notation.n, notation.h, notation.C) else f" ({shape})"
    return f"{name}: {reason_in_text(notation.meaning(name))}{size}"


def test_each_quantity_of_a_chapter_is_explained_as_in_the_notation(page: Page) -> None:
    page.evaluate(UNFOLD)
    told = {}
    for one in page.locator(".deriv.linked:has([data-q]):visible").all():
        for name in one.locator("[data-q]").evaluate_all(NAMES):
            if hasattr(notation, name):
                one.locator(f"[data-q='{name}']").first.hover()
                told[name] = note(page).inner_text().replace("\xa0", " ")
    assert {"dW1", "db1", "dZ2", "A1", "lam", "m"} <= set(told)
    assert told == {name: expected(name) for name in told}
    assert told["dW2"] == "dW2: gradient of the loss with respect to W2 (C × h)"


def test_the_keys_tell_it_and_escape_puts_it_away(page: Page) -> None:
    block(page).focus()
    page.keyboard.press("ArrowRight")
    first = block(page).locator("[data-q]").first.get_attribute("data-q")
    expect(note(page)).to_contain_text(f"{first}: ")
    assert note(page).get_attribute("role") == "status"  # so that it is heard
    page.keyboard.press("Escape")
    expect(note(page)).to_have_text("")
    page.keyboard.press("ArrowRight")
    expect(note(page)).not_to_have_text("")
    page.locator("h1 a, h1").first.click()
    expect(note(page)).to_have_text("")


def test_the_pointer_can_go_to_the_note_and_escape_puts_it_away(page: Page) -> None:
    block(page).locator("[data-q^=d]").first.hover()
    expect(note(page)).not_to_have_text("")
    note(page).hover()
    page.wait_for_timeout(500)
    expect(note(page)).not_to_have_text("")
    page.mouse.move(5, 5)
    expect(note(page)).to_have_text("")
    block(page).locator("[data-q^=d]").first.hover()
    expect(note(page)).not_to_have_text("")
    page.keyboard.press("Escape")
    expect(note(page)).to_have_text("")


def test_the_note_hides_nothing_of_its_line_and_moves_nothing(page: Page) -> None:
    before = page.evaluate(HEIGHT)
    for term in block(page).locator("[data-q]").all():
        line = term.locator("xpath=ancestor::li")
        place = line.bounding_box()
        term.hover()
        expect(note(page)).not_to_have_text("")
        told, after = note(page).bounding_box(), line.bounding_box()
        assert told is not None
        assert place is not None
        assert after is not None
        assert told["y"] + told["height"] <= after["y"] or told["y"] >= after["y"] + after["height"]
        assert after["height"] == place["height"]
        assert 0 <= told["x"] <= 1280 - told["width"]
    assert page.evaluate(HEIGHT) == before


def test_a_tap_tells_it_at_the_foot_of_a_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": PHONE, "height": 780}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(address + PAGE)
    term = block(page).locator("[data-q^=d]").first
    term.tap()
    expect(note(page)).to_contain_text("gradient of the loss with respect to")
    told = note(page).bounding_box()
    assert told is not None
    assert told["x"] == 0
    assert told["width"] == PHONE
    assert told["y"] + told["height"] == 780
    assert page.evaluate(WIDTH) == PHONE
    page.locator("h1").first.tap()
    expect(note(page)).to_have_text("")
    context.close()


def test_at_home_and_in_the_book_quantities_are_explained(browser: Browser, address: str) -> None:
    with window(browser) as page:
        page.goto(address)
        page.locator(".living-rows [data-q=dW2]").first.hover()
        expect(note(page)).to_contain_text("dW2: gradient of the loss with respect to W2")
        page.goto(f"{address}layers/layer_norm/")
        page.evaluate(UNFOLD)
        page.locator(".deriv [data-q=dX]").first.hover()
        expect(note(page)).to_contain_text("dX: gradient of the loss with respect to X (n_i × n_j)")


@pytest.mark.parametrize("scheme", get_args(Scheme))
def test_axe_finds_nothing_in_a_note(browser: Browser, address: str, checkers: Path, scheme: Scheme) -> None:
    with window(browser, scheme) as page:
        page.context.add_init_script((checkers / AXE).read_text(encoding="utf-8"))
        page.goto(address + PAGE)
        block(page).focus()
        page.keyboard.press("ArrowRight")
        expect(note(page)).not_to_have_text("")
        found = page.evaluate("axe.run('article')")["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
