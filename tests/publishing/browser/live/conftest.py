"""Pages with live cells, in a real browser. The CDN's addresses are answered with the bytes of Pyodide's lock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from publishing.checkers import wheels
from tests.publishing.browser.conftest import missing
from tests.publishing.browser.live.page import LivePage, opened


@pytest.fixture(scope="session")
def bytes_of_pyodide() -> Path:
    """The folder of the wheels."""
    try:
        return wheels.folder()
    except OSError as error:
        missing(str(error))


@pytest.fixture
def live(browser: Browser, address: str, bytes_of_pyodide: Path) -> Iterator[LivePage]:
    """The home page, fresh."""
    with opened(browser, address, bytes_of_pyodide) as page:
        yield page


@pytest.fixture(scope="module")
def started(browser: Browser, address: str, bytes_of_pyodide: Path) -> Iterator[LivePage]:
    """The home page with Python running: for tests that leave it so."""
    with opened(browser, address, bytes_of_pyodide) as page:
        page.run(1)
        yield page
