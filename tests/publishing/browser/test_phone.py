"""On a phone, 360 px wide: nothing but code scrolls sideways, no formula is cut off, and drawings can be read."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.publishing.browser.conftest import DESKTOP, PHONE, WIDTH, listed, window

SIDEWAYS = """
[...document.querySelectorAll(".md-content *")].filter((element) => {
  const scrolls = ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
  return scrolls && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 &&
    !element.matches("pre, code, textarea, .cm-scroller");
}).map((element) => `${element.localName}.${element.className}: ${element.textContent.slice(0, 40)}`)
"""

FORMULAS = """
[...document.querySelectorAll(".deriv .f")].map((line) => ({
  latex: line.querySelector("annotation")?.textContent ?? line.textContent,
  pieces: line.querySelectorAll(".katex-base").length,
  beyond: Math.max(...[...line.querySelectorAll(".katex-base")].map((base) => base.getBoundingClientRect().right))
    - line.getBoundingClientRect().right,
}))
"""

LETTERS = """
[...document.querySelectorAll(".drawing text")].map((text) => {
  const scale = text.ownerSVGElement.getScreenCTM().a;
  return scale * parseFloat(getComputedStyle(text).fontSize);
})
"""

READABLE = 5.5  # pixels, of an exponent: the letters beside it have 8


def test_nothing_but_code_scrolls_sideways(browser: Browser, address: str, pages: list[str]) -> None:
    found = {}
    with window(browser, width=PHONE) as page:
        for name in pages:
            page.goto(address + name)
            found[name] = page.evaluate(SIDEWAYS)
            assert page.evaluate(WIDTH) <= PHONE
    assert len(found) > 10
    assert not any(found.values()), listed(found)


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_no_line_of_a_derivation_is_cut_off(browser: Browser, address: str, pages: list[str], width: int) -> None:
    lines = 0
    cut = {}
    with window(browser, width=width) as page:
        for name in pages:
            page.goto(address + name)
            formulas = page.evaluate(FORMULAS)
            lines += len(formulas)
            assert all(formula["pieces"] for formula in formulas)
            cut[name] = [formula["latex"] for formula in formulas if formula["beyond"] > 1]
    assert lines > 100
    assert not any(cut.values()), listed(cut)


def test_the_letters_of_figures_can_be_read(browser: Browser, address: str, pages: list[str]) -> None:
    least = {}
    with window(browser, width=PHONE) as page:
        for name in pages:
            page.goto(address + name)
            if letters := page.evaluate(LETTERS):
                least[name] = min(letters)
    assert len(least) > 5
    assert {name: size for name, size in least.items() if size < READABLE} == {}
