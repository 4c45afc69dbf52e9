"""The content is there without scripts, and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.publishing.browser.conftest import DESKTOP, PHONE, WIDTH, listed, window

PAPER = 718
"""The width of A4 between margins of 1 cm, in CSS pixels."""

# What is folded can be unfolded without scripts.
UNFOLD = 'document.querySelectorAll("details").forEach((folded) => { folded.open = true })'

HIDDEN = """
(selector) => [...document.querySelectorAll(selector)]
  .filter((element) => {
    const { width, height } = element.getBoundingClientRect();
    return !element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || !width || !height;
  })
  .map((element) => element.outerHTML.slice(0, 100))
"""

CUT = """
() => [...document.querySelectorAll(".formula, .drawing, .table, pre, pre > code")]
  .filter((room) => room.checkVisibility() && room.scrollWidth > room.clientWidth + 1)
  .map((room) => `${room.scrollWidth} px wide: ${room.outerHTML.slice(0, 100)}`)
"""

HREFS = "links => links.map(link => link.href)"

CONTENT = "article :is(h1, h2, h3, p, li, td, th, pre, .formula, .formula .katex-html, .drawing > svg)"


@pytest.fixture
def pages_without_scripts(browser: Browser, address: str, pages: list[str]) -> Iterator[Iterator[tuple[str, Page]]]:
    with window(browser, scripts=False) as page:
        yield _opened(page, address, pages)


@pytest.fixture
def pages_on_paper(browser: Browser, address: str, pages: list[str]) -> Iterator[Iterator[tuple[str, Page]]]:
    with window(browser, width=PAPER) as page:
        page.emulate_media(media="print")
        yield _opened(page, address, pages)


def test_the_content_is_there_without_scripts(pages_without_scripts: Iterator[tuple[str, Page]]) -> None:
    hidden = listed({name: page.evaluate(HIDDEN, CONTENT) for name, page in pages_without_scripts})
    assert not hidden, hidden


def test_the_navigation_is_there_without_scripts(browser: Browser, address: str, pages: list[str]) -> None:
    """The home page has the sections in its tabs, and each page of a section has all others beside its text; the layers
    are too many for that, and are in the text of their index.
    """
    with window(browser, width=DESKTOP, scripts=False) as page:
        page.goto(address)
        tabs = page.locator(".md-tabs a:visible").evaluate_all(HREFS)
        reached = {*tabs}
        for tab in tabs:
            page.goto(tab)
            links = page.locator(".md-nav--primary a.md-nav__link:visible, article th[scope=row] a:visible")
            reached |= set(links.evaluate_all(HREFS))
    chapters = {address + name for name in pages if not name.startswith(("404", "source/"))}
    assert chapters <= {link.partition("#")[0] for link in reached}


def test_without_scripts_no_page_is_wider_than_a_phone(browser: Browser, address: str, pages: list[str]) -> None:
    with window(browser, width=PHONE, scripts=False) as page:
        widths = {name: opened.evaluate(WIDTH) for name, opened in _opened(page, address, pages)}
    assert not {name: width for name, width in widths.items() if width > PHONE}


def test_paper_shows_no_navigation(pages_on_paper: Iterator[tuple[str, Page]]) -> None:
    shown = {name: page.locator("nav:visible, .md-header:visible").count() for name, page in pages_on_paper}
    assert not any(shown.values()), shown


def test_paper_cuts_nothing(pages_on_paper: Iterator[tuple[str, Page]]) -> None:
    cut = listed({name: page.evaluate(CUT) for name, page in pages_on_paper})
    assert not cut, cut


def _opened(page: Page, address: str, pages: list[str]) -> Iterator[tuple[str, Page]]:
    for name in pages:
        page.goto(address + name)
        page.evaluate(UNFOLD)
        yield name, page


def test_the_cheat_sheet_is_one_sheet(browser: Browser, address: str) -> None:
    with window(browser) as page:
        page.goto(f"{address}cheat-sheet/")
        printed = page.pdf(format="A4", margin={"top": "10mm", "right": "10mm", "bottom": "10mm", "left": "10mm"})
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
