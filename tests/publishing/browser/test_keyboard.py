"""All that a pointer can use, the keyboard reaches, and where it is can be seen."""

from __future__ import annotations

from typing import TypedDict

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.publishing.browser.conftest import DESKTOP, PHONE, listed, window

# What can be used is numbered, so that it can be told whether Tab has come to it. Light or dark is chosen by radio
# buttons that are not shown: the label after one is, as is the one around a choice. Of such buttons Tab comes to the
# chosen one, and the arrow keys to the others.
NUMBER = """
() => {
  const used = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  const found = [...document.querySelectorAll(used)].filter((element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0 &&
    element.tabIndex >= 0 && !element.matches(".md-option, [hidden], [type=radio]:not(:checked)"));
  found.forEach((element, number) => { element.dataset.number = number; });
  return Object.fromEntries(found.map((element, number) => [number, element.outerHTML.slice(0, 100)]));
}
"""

FOCUSED = """
() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const around = element.closest(".choices label") ?? element;
  const shown = element.matches(".md-option") ? element.nextElementSibling : around;
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  const { left, right, top, bottom, width, height } = shown.getBoundingClientRect();
  return {
    number: element.dataset.number ?? null,
    name: shown.outerHTML.slice(0, 100),
    place: `left ${left}, right ${right}, top ${top}, bottom ${bottom}, scrolled by ${scrollY}`,
    outlined: outlineStyle !== "none" && parseFloat(outlineWidth) > 0,
    inSight: shown.checkVisibility({ opacityProperty: true }) && width > 0 && height > 0 &&
      left < innerWidth && right > 0 && top < innerHeight && bottom > 0,
  };
}
"""

ADD = """
(style) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
"""
"""A script that adds a style: the pages' policy forbids elements that have one."""

AT_ONCE = "*, ::before, ::after { transition: none !important; scroll-behavior: auto !important; }"


class Stop(TypedDict):
    """What has the focus."""

    number: str | None
    name: str
    place: str
    outlined: bool
    inSight: bool


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_keyboard_reaches_all_and_is_seen(browser: Browser, address: str, pages: list[str], width: int) -> None:
    faults: dict[str, list[str]] = {}
    with window(browser, width=width) as page:
        for name in pages:
            page.goto(address + name)
            page.evaluate(ADD, AT_ONCE)
            usable: dict[str, str] = page.evaluate(NUMBER)
            stops = _stops(page, 2 * len(usable) + 20)
            reached = {stop["number"] for stop in stops}
            unreached = [f"not reached: {html}" for number, html in usable.items() if number not in reached]
            plain = [f"not outlined: {stop['name']}" for stop in stops if not stop["outlined"]]
            unseen = [f"out of sight, {stop['place']}: {stop['name']}" for stop in stops if not stop["inSight"]]
            faults[name] = unreached + plain + unseen
    assert not listed(faults), listed(faults)


def test_the_keyboard_opens_and_closes_the_drawer(browser: Browser, address: str) -> None:
    with window(browser, width=PHONE) as page:
        page.goto(address)
        drawer, link = page.get_by_role("button", name="Navigation"), page.locator(".md-nav--primary a").first
        expect(link).not_to_be_visible()
        drawer.press("Enter")
        expect(drawer).to_have_attribute("aria-expanded", "true")
        expect(link).to_be_visible()
        page.keyboard.press("Escape")
        expect(drawer).to_have_attribute("aria-expanded", "false")
        expect(link).not_to_be_visible()


def test_what_follows_the_search_comes_into_sight(browser: Browser, address: str) -> None:
    with window(browser, width=PHONE) as page:
        page.goto(address + "api/")
        page.evaluate(ADD, AT_ONCE)
        page.get_by_role("textbox", name="Search").focus()
        expect(page.locator("body[data-md-scrolllock]")).to_be_attached()
        for _ in range(5):  # to a link far below, before the theme lets the page scroll again
            page.keyboard.press("Tab")
        expect(page.locator("body[data-md-scrolllock]")).not_to_be_attached()
        stop = _focused(page)
        assert stop is not None
        assert stop["inSight"], stop


def _stops(page: Page, most: int) -> list[Stop]:
    """What Tab comes to, from the page's beginning to its end, where it leads out, and soon to the beginning again."""
    stops: list[Stop] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = _focused(page)
        if stop is None or (stops and stop["name"] == stops[0]["name"]):
            break
        stops.append(stop)
    return stops


def _focused(page: Page) -> Stop | None:
    """What has the focus. The theme may need a moment to show it, as it does for the search on a phone."""
    for _ in range(10):
        stop: Stop | None = page.evaluate(FOCUSED)
        if stop is None or stop["inSight"]:
            break
        page.wait_for_timeout(100)
    return stop
