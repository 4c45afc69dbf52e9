"""The benchmarks run, and measure what they say. Nothing is timed here."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import contenders, entry_by_entry, figure, floor, memory, timing
from benchmarks.__main__ import BENCHMARKS
from benchmarks.child import ChildError, run_module
from benchmarks.contenders import RIVALS, FastNetcode, PlainNetcode, ScikitLearn, agree
from benchmarks.page import MEASURED, page
from benchmarks.page import main as write_page
from benchmarks.problem import Case, random_case
from benchmarks.result import Cell, Result, Target
from benchmarks.site import judged
from benchmarks.site_copy import copied
from benchmarks.timing import Times, in_turns
from netcode.training import training_step
from tests.statistics import EXHAUSTIVE

ROOT = Path(__file__).parents[1]
SMALL = random_case("small", m=50, n=7, hidden=(11,), C=3)
DEEP = random_case("deep", m=50, n=7, hidden=(11, 5, 4), C=3)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


def test_a_quick_run_measures_what_is_asked_for(tmp_path: Path) -> None:
    """Everything, where nothing is asked for."""
    names = [] if EXHAUSTIVE else ["training_step"]
    done = run(*names, "--quick", "--json", str(tmp_path / "benchmarks.json"))
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "benchmarks.json").read_text(encoding="utf-8"))
    assert report["quick"]
    assert report["environment"]["libraries"]["numpy"] == np.__version__
    assert [benchmark["id"] for benchmark in report["benchmarks"]] == (names or list(BENCHMARKS))
    for benchmark in report["benchmarks"]:
        assert benchmark["title"] in done.stdout
        assert benchmark["rows"]
        assert all(set(row) <= set(benchmark["columns"]) for row in benchmark["rows"])
        assert benchmark["targets"] == []  # such numbers are worth no judgement
    steps = report["benchmarks"][0]
    for rival, (module, command) in RIVALS.items():
        named = [row["name"] for row in steps["rows"]]
        if find_spec(module):
            assert rival.name in named
        else:
            assert rival.name not in named
            assert f"{rival.name}, which is not installed: {command}" in steps["left_out"]
    assert [path.name for path in tmp_path.iterdir()] == ["benchmarks.json"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["speed"], "there is no benchmark 'speed'; expected one of training_step,"),
        (["--json", "nowhere/benchmarks.json"], "nowhere/benchmarks.json: can't be written"),
    ],
)
def test_bad_arguments_get_one_line(arguments: list[str], complaint: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert complaint in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("case", [SMALL, DEEP], ids=lambda case: case.name)
def test_contenders_make_the_same_step(case: Case) -> None:
    agree([FastNetcode(case), PlainNetcode(case), *([ScikitLearn(case)] if find_spec("sklearn") else [])])


def test_a_contender_that_makes_another_step_is_found() -> None:
    class WithoutTheLastBias(PlainNetcode):
        name = "another"

        def train(self, steps: int) -> None:
            before = self._parameters
            super().train(steps)
            self._parameters = self._parameters._replace(b2=before.b2)

    with pytest.raises(ArithmeticError, match="after 3 steps another has another b2 than netcode"):
        agree([FastNetcode(SMALL), WithoutTheLastBias(SMALL)])


@pytest.mark.parametrize("case", [SMALL, DEEP], ids=lambda case: case.name)
@pytest.mark.parametrize("block", [None, 20])
def test_the_floor_is_the_products_of_the_step(case: Case, block: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    X, Y, parameters, _ = case.problem
    step = training_step.TrainingStep(parameters, 0.1, 1e-3, block=block or case.m)
    alone = floor.Floor(case.problem, block)
    in_step = products(monkeypatch, lambda: step(X, Y))
    assert len(products(monkeypatch, alone.multiply)) == (3 * parameters.depth - 1) * (1 if block is None else 3)
    # In the step, a further product with a column of ones for each layer gives its bias's gradient.
    assert products(monkeypatch, alone.multiply) == [product for product in in_step if product[1][1] != 1]


def products(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> list[Any]:
    """The shapes of the matrix products made, and which of their operands are transposed."""
    made = []
    matmul = np.matmul

    def spy(left: Any, right: Any, **options: Any) -> Any:
        made.append((left.shape, right.shape, left.flags.c_contiguous, right.flags.c_contiguous))
        return matmul(left, right, **options)

    with monkeypatch.context() as patch:
        patch.setattr(np, "matmul", spy)
        work()
    return made


def test_times_are_taken_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    now, log = 0.0, []

    def taking(name: str, seconds: float) -> timing.Repeat:
        def repeat(times: int) -> None:
            nonlocal now
            now += times * seconds
            log.append(name)

        return repeat

    monkeypatch.setattr(time, "process_time", lambda: now)
    times = in_turns({"slow": taking("slow", 0.5), "quick": taking("quick", 1e-4)}, rounds=3)
    assert log[-6:] == ["slow", "quick", "quick", "slow", "slow", "quick"]
    assert times["slow"].rounds == pytest.approx([0.5] * 3)
    assert times["quick"].median == pytest.approx(1e-4)
    assert times["slow"].relative_to(times["quick"]) == pytest.approx(5000)


def test_a_quotient_is_the_median_of_the_rounds() -> None:
    ours, theirs = Times(np.array([2.0, 40.0, 6.0])), Times(np.array([1.0, 10.0, 3.0]))
    assert ours.relative_to(theirs) == 2
    assert (ours.median, ours.best) == (6, 2)


def test_a_target_is_met_up_to_its_limit() -> None:
    assert Target("time", 1.08, 1.08).met
    assert not Target("time", 1.09, 1.08).met
    assert Target("accuracy", 0.985, 0.985, at_least=True).met
    assert not Target("accuracy", 0.984, 0.985, at_least=True).met


def test_entry_by_entry_proves_and_refutes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert entry_by_entry.proven(2, 1, 2, 2)
    monkeypatch.setattr(entry_by_entry, "step", lambda z: 1)  # as if no unit were ever inactive
    assert not entry_by_entry.proven(2, 1, 2, 2)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process can't be asked for its peak")
def test_memory_is_what_the_steps_take(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Hungry(PlainNetcode):
        def train(self, steps: int) -> None:
            np.ones(steps * 20_000_000 // 8)  # given back at once, and weighed all the same

    monkeypatch.setattr(contenders, "FastNetcode", Hungry)
    memory.main("FastNetcode", "10")
    # The array reuses pages that the process has already touched and freed, a few hundred kilobytes at the most.
    assert 39e6 <= int(capsys.readouterr().out) <= 50e6


@pytest.mark.skipif(not EXHAUSTIVE, reason="builds a site three times; make exhaustive does")
def test_a_copy_of_the_site_is_built_and_edited_and_the_site_is_not() -> None:
    with copied(small=True) as copy:
        assert not copy.site.exists()
        assert copy.build() > 0
        (page,) = copy.pages
        copy.edit(page)
        copy.build()
        assert "One sentence more." in (copy.site / copy.address(page) / "index.html").read_text(encoding="utf-8")
        (copy.root / "docs" / "another.md").write_text("# In no navigation\n", encoding="utf-8")
        with pytest.raises(ChildError, match=r"(?s)^the site is not built:\nWARNING.*another\.md"):
            copy.build()
    assert not copy.root.exists()


def test_a_site_is_judged_by_its_worst_page() -> None:
    rows: list[dict[str, Cell]] = [{"name": "cold", "seconds": 61.0}, {"name": "warm", "seconds": 5.0}]
    for seconds, compressed, performance in ((7.0, 10.0, 0.94), (9.0, 50.0, 1.0)):
        rows.append({"name": "", "seconds": seconds, "compressed": compressed, "performance": performance})
    assert [(target.value, target.met) for target in judged(rows)] == [
        (61, False),
        (5, True),
        (9, False),
        (50, True),
        (0.94, False),
    ]
    for row in rows:
        row.pop("performance", None)
    assert len(judged(rows)) == 4  # without a browser there is no score


def test_a_child_that_takes_too_long_is_ended() -> None:
    assert run_module("timeit", "-n", "1", "-r", "1", "import time; time.sleep(60)", timeout=0.5) is None


def test_a_child_that_fails_says_why() -> None:
    with pytest.raises(ChildError, match="no_such_module"):
        run_module("no_such_module", timeout=60)


ENVIRONMENT = {
    "python": "3.13.1", "platform": "Linux", "processor": "A processor", "cores": 2, "threads": 1, "load_average": 0.1,
    "libraries": {"numpy": "2.4", "torch": None},
}  # fmt: skip


def _reported(*rows: dict[str, Cell], drawn: tuple[str, ...] = ("ratio",), met: float = 1.2) -> dict[str, Any]:
    columns = {"name": "step", "ratio": "× floor"}
    targets = [Target("ours, × floor", met, 1.25)]
    result = Result("steps", "A step", "What it shows.", columns, list(rows), targets, ["JAX is not there"], drawn)
    return {"environment": ENVIRONMENT, "quick": False, "benchmarks": [result.as_json(judged=True)]}


def test_the_page_has_machines_side_by_side_and_says_what_was_missed() -> None:
    first = _reported({"name": "ours", "ratio": 1.2}, {"name": "theirs", "ratio": 3.0})
    second = _reported({"name": "ours", "ratio": 1.5}, met=1.5)
    made = page({"laptop": first, "server": second})
    text = "\n".join(cell["source"] for cell in made["cells"])
    assert "| laptop | A processor, 2 cores; Linux; Python 3.13.1, numpy 2.4; load when it began 0.1 |" in text
    assert text.index("## A step") < text.index("### laptop") < text.index("### server")
    assert "| ours | 1.20 |" in text
    assert "1 of 1 targets were met." in text
    assert "Missed: ours, × floor is 1.50, and should be at most 1.25." in text
    assert "Left out: JAX is not there." in text
    drawings = [cell["metadata"]["alt"] for cell in made["cells"] if cell["cell_type"] == "code"]
    assert drawings == ["Bars. ours: 1.20; theirs: 3.00.", "Bars. ours: 1.50."]


def test_rows_of_several_problems_stand_in_panels() -> None:
    rows = [
        {"problem": problem, "name": name, "ms": 2.0} for problem in ("small", "large") for name in ("ours", "theirs")
    ]
    svg, words = figure.bars(rows, {"ms": "milliseconds"})
    assert words == "Bars. small, ours: 2.00; small, theirs: 2.00; large, ours: 2.00; large, theirs: 2.00."
    assert svg.count('<g id="axes_') == 2


def test_long_tables_are_folded_away() -> None:
    rows: list[dict[str, Cell]] = [{"name": f"row {number}", "ratio": 1.0} for number in range(13)]
    made = page({"laptop": _reported(*rows, drawn=())})
    assert any('??? note "All 13 rows"' in cell["source"] for cell in made["cells"])
    assert all(cell["cell_type"] == "markdown" for cell in made["cells"])


def test_what_was_measured_is_whole() -> None:
    files = sorted(MEASURED.glob("*.json"))
    assert files
    for file in files:
        report = json.loads(file.read_text(encoding="utf-8"))
        assert report["quick"] is False, f"{file.name}: a quick run judges nothing"
        assert report["environment"]["libraries"]["torch"], f"{file.name}: without a rival"
        assert len(page({file.stem: report})["cells"]) > len(report["benchmarks"])


def test_the_page_is_written_into_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert write_page([str(tmp_path / "made")]) == 0
    content = json.loads((tmp_path / "made" / "index.json").read_text(encoding="utf-8"))
    assert content["claims"] == []
    assert content["page"]["cells"][0]["source"].startswith("# Benchmarks")
    assert write_page([]) == 2
    assert capsys.readouterr().err == "usage: python -m benchmarks.page FOLDER\n"
