"""Live cells in Firefox, on a site with a copy of Pyodide of its own."""

from __future__ import annotations

import pytest

from publishing.gates import firefox
from tests.publishing.browser.conftest import missing


@pytest.fixture(scope="session")
def firefox_path() -> str:
    return firefox.find() or missing("Firefox is not installed")


@pytest.mark.usefixtures("checkers")
def test_cells_run_in_firefox_too(self_hosted: str, firefox_path: str) -> None:
    run = firefox.run_cells(f"{self_hosted}formulas/", [4, 5], firefox_path)
    assert run.said.startswith("Done in ")
    assert "4 proven" in run.shown["4"]
    assert "dZ2 = (P - Y) / m" in run.shown["5"]
