"""Each page is visited in light and dark, on a desktop and on a phone, and every visit goes well."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, get_args

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Route

from tests.publishing.browser.conftest import DESKTOP, PHONE, WIDTH, Scheme, listed, window

AXE = "axe-core/axe.min.js"

RUN = 'axe.run({ resultTypes: ["violations"] })'  # it is slow to tell how well all else is

OPEN_ALL = 'document.querySelectorAll("details").forEach((folded) => { folded.open = true })'


class Visit(NamedTuple):
    page: str
    scheme: str
    width: int
    complaints: list[str]
    """axe-core's, with all that is folded unfolded."""
    errors: list[str]
    """On the console, or thrown."""
    foreign: list[str]
    """Addresses at other hosts that were asked for. They were not answered."""
    needed: int
    """The page's width in pixels."""


@pytest.fixture(scope="module")
def visits(browser: Browser, address: str, pages: list[str], checkers: Path) -> list[Visit]:
    axe = (checkers / AXE).read_text(encoding="utf-8")
    kinds = itertools.product(get_args(Scheme), (DESKTOP, PHONE))
    return [visit for kind in kinds for visit in _visit_all(browser, address, pages, axe, *kind)]


def test_axe_finds_nothing(visits: list[Visit]) -> None:
    _judge(visits, lambda visit: visit.complaints)


def test_no_page_has_an_error(visits: list[Visit]) -> None:
    _judge(visits, lambda visit: visit.errors)


def test_no_page_asks_another_host(visits: list[Visit]) -> None:
    _judge(visits, lambda visit: visit.foreign)


def test_no_page_is_wider_than_its_window(visits: list[Visit]) -> None:
    _judge(visits, lambda visit: [f"{visit.needed} px wide"] if visit.needed > visit.width else [])


def _judge(visits: Iterable[Visit], faults: Callable[[Visit], list[str]]) -> None:
    found = listed({f"{visit.page} ({visit.scheme}, {visit.width} px)": faults(visit) for visit in visits})
    assert not found, found


def _visit_all(
    browser: Browser, address: str, pages: list[str], axe: str, scheme: Scheme, width: int
) -> Iterable[Visit]:
    errors: list[str] = []
    foreign: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            errors.append(message.text)

    def thrown(error: Error) -> None:
        errors.append(error.message)

    def refused(route: Route) -> None:
        foreign.append(route.request.url)
        route.abort()

    with window(browser, scheme, width) as page:
        page.on("console", heard)
        page.on("pageerror", thrown)
        page.context.route(lambda url: not url.startswith((address, "data:", "blob:")), refused)
        page.context.add_init_script(axe)
        for name in pages:
            page.goto(address + name, wait_until="load")
            page.evaluate(OPEN_ALL)
            complaints = _complaints(page)
            yield Visit(name, scheme, width, complaints, errors[:], foreign[:], page.evaluate(WIDTH))
            errors.clear()
            foreign.clear()


def _complaints(page: Page) -> list[str]:
    violations = page.evaluate(RUN)["violations"]
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in violations
        for node in violation["nodes"]
    ]
