"""The page of benchmarks: `python -m benchmarks.page FOLDER` makes it of what is in `measured/`, a file a machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks import figure
from benchmarks.tables import in_words

__all__ = ["page"]

MEASURED = Path(__file__).parent / "measured"
FEW = 12
"""A table of more rows is folded away."""

HEAD = """\
# Benchmarks

How fast, how large, how exact, and beside what. Everything was measured on one thread, in one run, the rivals turn by
turn with ours, so that a busy moment meets all of them: trust the ratios, not the seconds. A ratio to PyTorch holds for
small problems on this kind of machine; it says nothing of graphics processors or of large networks.

To measure it again on your machine, which takes some minutes and wants to be left alone, and to have it on this page
beside the others:

```sh
make bench
cp benchmarks.json benchmarks/measured/my-machine.json
```
"""

Report = Mapping[str, Any]


def page(reports: Mapping[str, Report]) -> dict[str, Any]:
    """The page as a notebook, of each machine's report by the machine's name."""
    parts = [_words(f"{HEAD}\n## Where it was measured\n\n{_machines(reports)}")]
    for id in dict.fromkeys(result["id"] for report in reports.values() for result in report["benchmarks"]):
        measured = ((name, _result(report, id)) for name, report in reports.items())
        parts += _section({name: result for name, result in measured if result})
    about = {"title": "Benchmarks", "description": "Measured speeds, sizes and errors, next to other libraries'."}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": parts}


def _result(report: Report, id: str) -> Report | None:
    return next((result for result in report["benchmarks"] if result["id"] == id), None)


def _machines(reports: Mapping[str, Report]) -> str:
    if not reports:
        return "Nowhere yet."
    rows = [f"| {name} | {_where(report['environment'])} |" for name, report in reports.items()]
    return "\n".join(["| machine | processor, system and versions |", "|---|---|", *rows])


def _where(environment: Report) -> str:
    versions = [f"{library} {version}" for library, version in environment["libraries"].items() if version]
    busy = environment["load_average"]
    busyness = "" if busy is None else f"; load when it began {busy:g}"
    return (
        f"{environment['processor']}, {environment['cores']} cores; {environment['platform']}; "
        f"Python {environment['python']}, {', '.join(versions)}{busyness}"
    )


def _section(results: Mapping[str, Report]) -> Iterator[dict[str, Any]]:
    """One benchmark, on each machine that has measured it."""
    first = next(iter(results.values()))
    yield _words(f"## {first['title']} {{#{first['id']}}}\n\n{first['note']}")
    for name, result in results.items():
        if len(results) > 1:
            yield _words(f"### {name}")
        if keys := result.get("drawn"):
            yield _drawing(*figure.bars(result["rows"], {key: result["columns"][key] for key in keys}))
        yield _words("\n\n".join([_table(result), *_missed(result)]))


def _table(result: Report) -> str:
    columns, rows = result["columns"], result["rows"]
    numbers = [any(isinstance(row.get(key), (int, float)) for row in rows) for key in columns]
    lines = [
        _line(heading or " " for heading in columns.values()),
        _line("--:" if number else "---" for number in numbers),
        *(_line(in_words(row.get(key)) for key in columns) for row in rows),
    ]
    if len(rows) <= FEW:
        return "\n".join(lines)
    return "\n".join([f'??? note "All {len(rows)} rows"', "", *(f"    {line}" for line in lines)])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '∣') for cell in cells)} |"


def _missed(result: Report) -> list[str]:
    """What was aimed at and not reached, and what could not be measured: said, not hidden."""
    said = []
    if targets := result["targets"]:
        missed = [target for target in targets if not target["met"]]
        said.append(f"{len(targets) - len(missed)} of {len(targets)} targets were met.")
        said += [f"Missed: {_aim(target)}." for target in missed]
    return [*said, *(f"Left out: {reason}." for reason in result["left_out"])]


def _aim(target: Report) -> str:
    bound = "at least" if "at_least" in target else "at most"
    limit = target.get("at_least", target.get("at_most"))
    return f"{target['name']} is {in_words(target['value'])}, and should be {bound} {in_words(limit)}"


def _words(markdown: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": markdown}


def _drawing(svg: str, alternative: str) -> dict[str, Any]:
    output = {"output_type": "display_data", "data": {"image/svg+xml": svg}, "metadata": {}}
    about = {"tags": ["remove-input"], "alt": alternative}
    return {"cell_type": "code", "execution_count": None, "metadata": about, "source": "...", "outputs": [output]}


def main(arguments: list[str]) -> int:
    """Write the page into a folder. Returns the exit status."""
    if len(arguments) != 1:
        print("usage: python -m benchmarks.page FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    reports = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(MEASURED.glob("*.json"))}
    made = json.dumps({"page": page(reports), "claims": []}, ensure_ascii=False)
    (folder / "index.json").write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
