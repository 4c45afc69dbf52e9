"""Each displayed formula shows what was proven of it and where it stands, and nothing else than the report says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from publishing.verdicts.provenance import Ledger, shown
from tests.publishing.conftest import CLAIM, Project

PAGE = """
    # %% [markdown]
    # # Softmax

    # %%
    from derivations import Formula
    Formula("x"{changes})
"""


def _page(**changes: object) -> str:
    return PAGE.format(changes="".join(f", {name}={value!r}" for name, value in changes.items()))


def test_a_formula_shows_its_claims_and_those_of_the_training_code(project: Project) -> None:
    matrix = {**CLAIM, "id": "softmax.dZ2.matrix", "step": "the matrix form", "max_error": 0.0}
    code = {**CLAIM, "id": "softmax.dZ2.netcode", "verdict": "cross-checked", "sizes": {"m": 7, "1": 1}}
    code["step"] = "numbers of the <code>"
    other = {**CLAIM, "id": "softmax.dZ2_again.1"}
    project.report([CLAIM, matrix, code, other])
    project.write("docs/softmax.py", _page())
    page = project.page("softmax")
    summary = re.search(r"<summary>(.*?)</summary>", page)
    assert summary is not None
    assert re.sub("<.*?>", "", summary[1]) == "The gradient of the scores: 2 proven, 1 cross-checked"
    rows = [re.sub("<.*?>", " ", row).split("  ") for row in re.findall(r"<tr>(<td.*?)</tr>", page)]
    assert [[cell.strip() for cell in row if cell.strip()] for row in rows] == [
        ["line 1", "proven", "C = 3, m = 4", "2.5e-16", "derivations/softmax.py:2"],
        ["the matrix form", "proven", "C = 3, m = 4", "0", "derivations/softmax.py:2"],
        ["numbers of the &lt;code&gt;", "cross-checked", "m = 7", "2.5e-16", "derivations/softmax.py:2"],
    ]


def test_a_source_line_is_linked(project: Project) -> None:
    project.write("docs/softmax.py", _page())
    assert '<a href="../source/derivations/softmax/#L2">derivations/softmax.py:2</a>' in project.page("softmax")
    source = (project.root / "site" / "source" / "derivations" / "softmax" / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<span id="L2">.*&lt;1&gt;', source)


def test_a_source_line_that_is_not_there_stops_the_build(project: Project) -> None:
    project.claim(source="derivations/softmax.py:99")
    project.write("docs/softmax.py", _page())
    assert "a link to an anchor that is not there: ../source/derivations/softmax/#L99" in project.failure()


def test_a_refuted_formula_is_shown_as_refuted_with_its_counterexample(project: Project) -> None:
    found = {"sizes": {"m": 2}, "at": {"i": 0}, "values": {"Z": [[0.0, -1.0]]}, "left": 0.5, "right": -0.5}
    project.claim(id="errata.plus", expected="fails", verdict="refuted", counterexample=found)
    project.write("docs/errata.py", _page())
    page = project.page("errata")
    assert '<div class="derived refuted" id="errata-plus">' in page
    words = "With m = 2, Z = [[0, −1]] the left side is 0.5 at i = 0 (counted from 0), the right side −0.5."
    assert f"<p><strong>Refuted.</strong> {words}</p>" in page
    assert "1 refuted" in page


def test_what_holds_in_the_place_of_a_refuted_formula_is_said_beneath_it() -> None:
    claim: dict[str, Any] = {
        **CLAIM,
        "expected": "fails",
        "verdict": "refuted",
        "counterexample": {"what": "the shapes differ"},
    }
    origin = {"id": "softmax.dZ2", "title": "A plus", "claims": [claim], "correction": "It is a < b."}
    assert "<p><strong>What holds.</strong> It is a &lt; b.</p></details>" in shown(
        "", origin, Ledger({claim["id"]: claim}), ""
    )


@pytest.mark.parametrize(("names", "said"), [("a.b", "1 result"), ("a.b, a.c", "2 results")])
def test_results_without_a_title_are_counted(names: str, said: str) -> None:
    claims = {f"{name}.1": {**CLAIM, "id": f"{name}.1"} for name in names.split(", ")}
    origin = {"id": names, "title": "", "claims": list(claims.values())}
    assert f"<summary>{said}: " in shown("", origin, Ledger(claims), "")


def test_a_counterexample_of_shapes_is_said_in_words(project: Project) -> None:
    found = {"sizes": {"m": 2}, "left_shape": [2, 3], "right_shape": [2, 2], "what": "at m = 2 the shapes differ"}
    project.claim(id="errata.plus", expected="fails", verdict="refuted", max_error=None, counterexample=found)
    project.write("docs/errata.py", _page())
    assert "<p><strong>Refuted.</strong> At m = 2 the shapes differ.</p>" in project.page("errata")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "mine.dZ2"}, "none of those that were checked: mine.dZ2"),
        ({"verdict": "cross-checked"}, "verdict 'cross-checked', but 'proven' in the report"),
        ({"statement": "a = c"}, "statement 'a = c', but 'a = b' in the report"),
    ],
)
def test_provenance_that_the_report_does_not_hold_stops_the_build(
    project: Project, changes: dict[str, str], said: str
) -> None:
    project.write("docs/softmax.py", _page(**changes))
    message = project.failure()
    assert "softmax.py: cell 2: " in message
    assert said in message


def test_a_formula_without_claims_stops_the_build(project: Project) -> None:
    cell = "from derivations import Formula\nformula = Formula()\nformula.claims = []\nformula"
    project.write("docs/softmax.py", f"# %%\n{cell}")
    assert "softmax.py: cell 1: a displayed formula makes no claim" in project.failure()


def test_a_formula_that_is_shown_twice_has_one_anchor(project: Project) -> None:
    project.write("docs/softmax.py", _page() + "\n    # %%\n    Formula('y')\n")
    assert project.page("softmax").count('id="softmax-dZ2"') == 1


def test_a_condition_is_said_with_the_verdict() -> None:
    claim: dict[str, Any] = {**CLAIM, "provided": ["s != 0", "a < b"]}
    origin = {"id": "softmax.dZ2", "title": "A quotient", "claims": [claim]}
    ledger = Ledger({str(claim["id"]): claim})
    assert '<span class="verdict proven">proven</span>, provided that s != 0, a &lt; b</td>' in shown(
        "x", origin, ledger, anchor=""
    )
