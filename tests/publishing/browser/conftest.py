"""The real site in a real browser: each page visited in light and dark, on a desktop and on a phone.

What these tests need beside the pinned packages, a browser and npm's packages, may be missing; but not in CI.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Literal, NoReturn

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from publishing import npm
from publishing.errors import SiteError
from publishing.gates import NPM, chromium
from publishing.gates.serving import serve
from publishing.live import frame
from tests.publishing.conftest import BASE
from tests.statistics import EXHAUSTIVE

Scheme = Literal["light", "dark"]

DESKTOP, PHONE = 1280, 360
"""Widths of a window, in CSS pixels."""

WIDTH = "document.scrollingElement.scrollWidth"
"""A script: the width that the page takes, in CSS pixels."""

LISTINGS = "source"
"""The folder of the site where source files are listed."""

LAYERS = "layers"
"""The folder of the book of layers."""


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lighthouse takes as long as all else, and so do live cells: they may run beside it."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            apart = {"lighthouse", "live"} & {item.path.stem.removeprefix("test_"), item.path.parent.name}
            item.add_marker(pytest.mark.xdist_group(*apart or ("site",)))


@pytest.fixture(scope="session")
def chromium_path() -> str:
    return chromium.find() or missing("Chromium is not installed")


@pytest.fixture(scope="session")
def checkers() -> Path:
    """The folder of npm's packages."""
    try:
        return npm.installed(NPM)
    except SiteError as error:
        missing(str(error))


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the home page is served."""
    with serve(site, BASE) as address:
        yield address


@pytest.fixture(scope="session")
def pages(site: Path) -> list[str]:
    """The addresses of the pages, seen from the home page; the page for addresses that lead nowhere among them.

    Listings of source files, and the book's pages, are made all alike: the longest of each, and some of the book that
    are drawn by a seed, stand for them.
    """
    files = sorted(file for file in site.rglob("*.html") if file.name != frame.NAME)
    listings = [file for file in files if LISTINGS in file.relative_to(site).parts[:1]]
    layers = [file for file in files if file.relative_to(site).parts[:1] == (LAYERS,) and file.parent.name != LAYERS]
    assert listings
    assert layers
    drawn = layers if EXHAUSTIVE else [*Random(0).sample(layers, 4), *_longest(layers)]
    judged = [file for file in files if file not in listings + layers] + _longest(listings) + drawn
    return [file.relative_to(site).as_posix().removesuffix("index.html") for file in judged]


def _longest(files: list[Path]) -> list[Path]:
    return sorted(files, key=lambda file: file.stat().st_size)[-1:]


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=chromium.FLAGS)
        yield browser
        browser.close()


@contextmanager
def window(browser: Browser, scheme: Scheme = "light", width: int = DESKTOP, scripts: bool = True) -> Iterator[Page]:
    """A window of a fresh browser, without scripts if told so."""
    context = browser.new_context(
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def listed(faults: Mapping[str, Iterable[object]]) -> str:
    """Each page's faults, one a line."""
    return "\n".join(f"/{page}: {fault}" for page, found in faults.items() for fault in found)


def missing(what: str) -> NoReturn:
    """Skip a test that lacks something; in CI it fails."""
    if "CI" in os.environ:
        pytest.fail(what, pytrace=False)
    pytest.skip(what)
