"""A derivation as lines: numbers, formulas, reasons, and a mark with the verdict and the source of each."""

from __future__ import annotations

import re
from typing import Any

import pytest

from derivations import errata
from publishing.formulas import lines
from publishing.verdicts import provenance
from publishing.verdicts.provenance import Ledger


def claim(part: str, verdict: str = "proven") -> dict[str, Any]:
    return {"id": f"chapter.dW.{part}", "verdict": verdict, "source": f"derivations/chapter.py:{ord(part[0])}"}


LEDGER = Ledger({found["id"]: found for found in map(claim, ("1", "2", "matrix"))}, lambda source: f"to/{source}")
ORIGIN: dict[str, Any] = {
    "id": "chapter.dW",
    "start": "dW_{wt}",
    "lines": [
        {"part": "1", "latex": r"\sum_i a_i", "reason": "chain rule, if $m < n$"},
        {"part": "2", "latex": "b & c", "reason": "x < y"},
        {"part": "matrix", "latex": r"dW = dZ \, A^\top", "reason": "the same as matrices"},
    ],
}


def test_each_line_has_its_formula_and_begins_with_what_it_equals() -> None:
    shown = lines.content("", ORIGIN, LEDGER)
    formulas = re.findall(r'<div class="f(?: more)?" data-search-exclude><span class="arithmatex">\\\((.*?)\\\)', shown)
    assert formulas == [
        r"\displaystyle dW_{wt} = \sum_i a_i",
        r"\displaystyle {} = b &amp; c",
        r"\displaystyle dW = dZ \, A^\top",
    ]
    assert shown.count("<li>") == 3
    assert shown.count("f more") == 1


def test_a_reason_is_text_and_its_names_are_formulas() -> None:
    assert lines.reason("if $m < n$, x < y") == ('if <span class="arithmatex">\\(m &lt; n\\)</span>, x &lt; y')


def test_each_line_s_mark_says_its_verdict_and_leads_to_its_source() -> None:
    marks = re.findall(
        r'<a class="tick (\S+)" href="(.*?)" title="\S+" aria-label="(.*?)">', lines.content("", ORIGIN, LEDGER)
    )
    assert marks == [
        (f"{verdict}", f"to/{source}", f"Line {number} is {verdict}: {source}")
        for number, part in enumerate(("1", "2", "matrix"), start=1)
        for verdict, source in [("proven", f"derivations/chapter.py:{ord(part[0])}")]
    ]


def test_a_line_that_is_not_proven_is_not_marked_as_if_it_were() -> None:
    refuted = {**LEDGER.claims, "chapter.dW.2": claim("2", "refuted")}
    shown = lines.content("", ORIGIN, Ledger(refuted))
    assert re.findall(r'class="tick (\S+)"', shown) == ["proven", "refuted", "proven"]


def test_a_line_without_a_claim_is_refused() -> None:
    with pytest.raises(KeyError, match=r"chapter\.dW\.2"):
        lines.content("", ORIGIN, Ledger({"chapter.dW.1": claim("1")}))


def test_a_definition_has_no_mark() -> None:
    defined = {**ORIGIN, "lines": [{**ORIGIN["lines"][0], "part": ""}, *ORIGIN["lines"][1:]]}
    assert lines.content("", defined, LEDGER).count('<a class="tick') == 2


def test_equations_have_shapes_in_the_place_of_reasons() -> None:
    equations = [
        {"claim": "chapter.dW.matrix", "latex": "dW = dZ", "shape": r"h \times n"},
        {"claim": "chapter.dW.1", "latex": "J = L", "shape": ""},
    ]
    shown = lines.content("", {"id": "chapter.dW", "equations": equations}, LEDGER)
    assert re.findall(r'<div class="why">(.*?)</div>', shown) == [r'<span class="arithmatex">\(h \times n\)</span>', ""]
    assert "Equation 2 is proven" in shown


def test_what_has_no_lines_stays_a_displayed_formula() -> None:
    shown = lines.content("$$ a = b $$", {"id": "chapter.wrong"}, LEDGER)
    assert shown == '<div class="arithmatex" data-derived data-search-exclude>\\[a = b\\]</div>'


def test_a_misconception_is_one_line_with_the_mark_of_its_refutation() -> None:
    wrong = errata.relu_has_slope_at_zero.refute()
    origin = wrong._repr_mimebundle_()[provenance.MEDIA_TYPE]
    shown = lines.content("", origin, Ledger({claim["id"]: claim for claim in origin["claims"]}))
    assert shown.count("<li>") == shown.count('class="tick refuted"') == 1
    assert r"\overset{?}{=}" in shown
    assert r"\text{" not in shown


def test_a_line_may_break_within_a_long_bracket() -> None:
    terms = " + ".join(f"a_{{{letter}}}" for letter in "abcdefghijklmnopqr")
    origin = {**ORIGIN, "lines": [{"part": "1", "latex": rf"x \left({terms}\right)^{{2}}", "reason": ""}]}
    assert rf"x \biggl({terms}\biggr)^{{2}}" in lines.content("", origin, LEDGER)
    short = {**ORIGIN, "lines": [{"part": "1", "latex": r"x \left(a + b\right)", "reason": ""}]}
    assert r"x \left(a + b\right)" in lines.content("", short, LEDGER)
