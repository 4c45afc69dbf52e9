"""Loading Python: what happens when it can't be had, and where it comes from."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Route, expect

from publishing.live import pyodide
from tests.publishing.browser.live.conftest import CELLS
from tests.publishing.browser.live.page import CDN, LivePage, opened

CELL = 5
SHOWN = "dZ2 = (P - Y) / m"


def test_without_the_cdn_the_built_output_stays_and_the_next_run_works(live: LivePage) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    live.page.context.route(f"{CDN}**", refuse)
    live.run(CELL)
    said = live.notice(CELL)
    assert said.startswith(f"Python can't run here: {CDN}")
    assert "could not be loaded (Failed to fetch)." in said
    expect(live.built(CELL)).to_contain_text(SHOWN)
    live.page.context.unroute(f"{CDN}**", refuse)
    assert live.run(CELL).startswith("Done in ")
    assert live.notice(CELL) == ""


def test_a_file_that_is_not_the_lock_s_is_refused(live: LivePage) -> None:
    def tamper(route: Route) -> None:
        route.fulfill(body=b"something else", headers={"Access-Control-Allow-Origin": "*"})

    live.page.context.route(f"{CDN}**/sympy-*.whl", tamper)
    live.run(CELL)
    assert "sympy-" in live.notice(CELL)
    assert "is not the file that this site was built for." in live.notice(CELL)
    expect(live.built(CELL)).to_contain_text(SHOWN)


def test_loading_can_be_stopped(live: LivePage) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    live.page.context.route(f"{CDN}**/numpy-*.whl", hold)
    live.button(CELL, "Run").click()
    expect(live.bar(CELL).get_by_role("progressbar")).to_be_visible()
    live.button(CELL, "Stop").click()
    assert live.ended(CELL) == "Stopped"
    expect(live.built(CELL)).to_contain_text(SHOWN)


def test_a_site_with_a_copy_of_its_own_asks_no_other_host(browser: Browser, self_hosted: str) -> None:
    with opened(browser, self_hosted, Path(), CELLS) as live:
        assert live.run(CELL).startswith("Done in ")
        expect(live.output(CELL)).to_contain_text(SHOWN)
        assert live.asked == []


def test_the_sizes_that_the_buttons_add_up_are_those_of_the_files(bytes_of_pyodide: Path) -> None:
    files = pyodide.files("cdn")
    wheels = {package["file_name"] for package in pyodide.lock()["packages"].values()}
    assert len(wheels) > 5
    assert {name: files[name].size for name in wheels} == {
        name: (bytes_of_pyodide / name).stat().st_size for name in wheels
    }
