"""Every live cell of every page, run as it is, gives what the build gave."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.publishing.browser.live.page import opened
from tests.publishing.conftest import ROOT

PAGES = sorted(file.stem for file in (ROOT / "docs").glob("*.py"))

# What a cell shows, as text: formulas as their LaTeX, drawings as their size in tens of points and what they say. A
# hidden cell shows nothing: the playground has left its own, and has tests of its own.
SHOWN = r"""
(kind) => Object.fromEntries([...document.querySelectorAll(".cell:not([hidden]) > live-cell")].map((bar) => {
  const shown = bar.parentElement.querySelector(kind);
  const copy = (shown ?? document.createElement("div")).cloneNode(true);
  for (const formula of copy.querySelectorAll(".katex")) {
    formula.replaceWith(`<${formula.querySelector("annotation").textContent}>`);
  }
  for (const link of copy.querySelectorAll(".headerlink")) link.remove();
  for (const svg of copy.querySelectorAll(".drawing > svg")) {
    const [width, height] = svg.getAttribute("viewBox").split(" ").slice(2).map((points) => Math.round(points / 10));
    svg.replaceWith(`[${width} x ${height}: ${svg.getAttribute("aria-label")}]`);
  }
  return [bar.dataset.cell, [shown !== null, copy.textContent.replace(/\s+/g, "")]];
}))
"""

NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+|\\cdot10\^\{-?\d+\})?")

ROUNDING = 1e-8
"""Numbers below this are what is left of differences between equals: the sum of rounding errors, whose digits depend on
the order in which the processor adds. All others are the same to the last digit that is shown."""


@pytest.mark.parametrize("page", PAGES)
def test_all_cells_give_what_the_build_gave(browser: Browser, address: str, bytes_of_pyodide: Path, page: str) -> None:
    with opened(browser, address, bytes_of_pyodide, "" if page == "index" else f"{page}/") as live:
        if page == "playground":
            expect(live.page.locator("#cell-1")).to_be_hidden()
        built = live.page.evaluate(SHOWN, ".cell-built")
        live.page.evaluate('document.querySelectorAll("details").forEach((folded) => { folded.open = true })')
        last = max(map(int, built))
        assert live.run(last).startswith("Done in "), live.status(last)
        found = live.page.evaluate(SHOWN, ".cell-live")
    assert found.keys() == built.keys() != set()
    assert all(there for there, _ in found.values())
    assert {cell: text for cell, (_, text) in found.items() if not _same(text, built[cell][1])} == {}, json.dumps(built)


def _same(found: str, built: str) -> bool:
    if NUMBER.sub("0", found) != NUMBER.sub("0", built):
        return False
    pairs = zip(NUMBER.findall(found), NUMBER.findall(built), strict=True)
    return all(a == b or max(map(_value, (a, b))) < ROUNDING for a, b in pairs)


def _value(number: str) -> float:
    return float(number.replace("\\cdot10^{", "e").rstrip("}"))
