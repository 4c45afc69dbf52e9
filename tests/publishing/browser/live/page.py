"""A page with live cells, as a reader uses it: by its buttons and by its editors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, Route, expect

from publishing.live import pyodide
from tests.publishing.browser.conftest import window

CDN = "https://cdn.jsdelivr.net/"
LONG = 300_000  # milliseconds: the longest page trains twenty networks


@dataclass
class LivePage:
    page: Page
    address: str
    asked: list[str] = field(default_factory=list)
    """The addresses at other hosts that were asked for."""

    def bar(self, cell: int) -> Locator:
        return self.page.locator(f"live-cell[data-cell='{cell}']")

    def button(self, cell: int, name: str) -> Locator:
        return self.bar(cell).get_by_role("button", name=name)

    def status(self, cell: int) -> str:
        return self.bar(cell).get_by_role("status").inner_text()

    def notice(self, cell: int) -> str:
        """What is said where the cell's output is, if it is not of the code that is shown; else nothing."""
        return self.page.locator(f"#cell-{cell} > .cell-notice").inner_text()

    def output(self, cell: int) -> Locator:
        """What the cell showed when it was run here."""
        return self.page.locator(f"#cell-{cell} > .cell-live")

    def built(self, cell: int) -> Locator:
        return self.page.locator(f"#cell-{cell} > .cell-built")

    def run(self, cell: int) -> str:
        """Press Run and wait for the end; returns what is said then. Where the page shows no code, show it first."""
        if self.button(cell, "Show the code").is_visible():
            self.button(cell, "Show the code").click()
        self.button(cell, "Run").click()
        return self.ended(cell)

    def ended(self, cell: int) -> str:
        expect(self.button(cell, "Stop")).to_be_hidden(timeout=LONG)
        return self.status(cell)

    def edit(self, cell: int, source: str) -> None:
        """Put `source` in the place of a cell's code."""
        for name in ("Edit", "Show the code"):
            if self.button(cell, name).is_visible():
                self.button(cell, name).click()
        self.page.locator(f"#cell-{cell} .cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)

    def shown(self, cell: int, source: str) -> str:
        """The text that the cell shows with another source."""
        self.edit(cell, source)
        self.run(cell)
        return self.output(cell).inner_text()


@contextmanager
def opened(browser: Browser, address: str, wheels: Path, name: str = "") -> Iterator[LivePage]:
    """A window with the page `name` of the site at `address`. It can load Pyodide and nothing else from other hosts."""
    with window(browser) as page:
        live = LivePage(page, address)

        def answer(route: Route) -> None:
            url = route.request.url
            live.asked.append(url)
            if url.startswith(CDN):
                route.fulfill(body=content(wheels, url), headers={"Access-Control-Allow-Origin": "*"})
            else:
                route.abort()

        page.context.route(lambda url: not url.startswith((address, "data:", "blob:")), answer)
        page.goto(address + name)
        yield live


def content(wheels: Path, url: str) -> bytes:
    """A file of Pyodide's by the last part of its address."""
    name = url.rpartition("/")[2]
    return pyodide.core(name) if name in pyodide.CORE else (wheels / name).read_bytes()
