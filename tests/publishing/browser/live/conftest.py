"""Pages with live cells, in a real browser. The CDN's addresses are answered with the bytes of Pyodide's lock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from publishing.gates import wheels
from publishing.gates.serving import serve
from tests.publishing.browser.conftest import missing
from tests.publishing.browser.live.page import LivePage, opened
from tests.publishing.conftest import BASE, ROOT, Project

CELLS = "formulas/"
"""A page with cells of each kind."""


@pytest.fixture(scope="session")
def bytes_of_pyodide() -> Path:
    """The folder of the wheels."""
    try:
        return wheels.folder()
    except OSError as error:
        missing(str(error))


@pytest.fixture
def live(browser: Browser, address: str, bytes_of_pyodide: Path) -> Iterator[LivePage]:
    """The page of all formulas, fresh."""
    with opened(browser, address, bytes_of_pyodide, CELLS) as page:
        yield page


@pytest.fixture(scope="module")
def started(browser: Browser, address: str, bytes_of_pyodide: Path) -> Iterator[LivePage]:
    """The same page with Python running: for tests that leave it so."""
    with opened(browser, address, bytes_of_pyodide, CELLS) as page:
        page.run(1)
        yield page


@pytest.fixture(scope="session")
def self_hosted(tmp_path_factory: pytest.TempPathFactory, bytes_of_pyodide: Path) -> Iterator[str]:
    """The address of a site with a copy of Pyodide of its own."""
    site = tmp_path_factory.mktemp("self-hosted")
    variables = {
        "SITE_URL": f"https://example.org{BASE}",
        "PYODIDE": "self-hosted",
        "PYODIDE_WHEELS": str(bytes_of_pyodide),
    }
    built = Project(ROOT).build(to=site, **variables)
    assert built.returncode == 0, built.stderr
    with serve(site, BASE) as address:
        yield address
