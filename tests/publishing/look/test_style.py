"""The style sheet and the figures take their colours from the tokens alone, and the faces hold what the pages use."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from publishing.formulas import formula_markup, typesetting
from publishing.look import fonts, own, tokens
from publishing.pages import stylesheets
from tests.publishing.conftest import ROOT

DOCS = ROOT / "docs"
SHEETS = sorted(f"stylesheets/{file.name}" for file in (DOCS / "stylesheets").glob("*.css"))
OWN = sorted((ROOT / "publishing" / "look" / "styles").glob("*.css"))


def test_the_style_sheet_is_light() -> None:
    assert len(gzip.compress(stylesheets.joined(SHEETS, DOCS), 9)) < 15_000


def test_a_colour_is_written_in_the_tokens_alone() -> None:
    texts = {file.name: file.read_text(encoding="utf-8") for file in [*OWN, *(DOCS / sheet for sheet in SHEETS)]}
    found = {sheet: re.findall(r"#[0-9a-f]{3,8}\b", text) for sheet, text in texts.items()}
    assert len(found) > 5
    assert {sheet: colours for sheet, colours in found.items() if colours} == {}


def test_every_sheet_and_script_of_the_look_is_taken() -> None:
    assert {file.stem for file in OWN} == {*own.FIRST, *own.LAST}
    assert {file.stem for file in (own.HERE / "scripts").glob("*")} == set(own.SCRIPTS)


def test_figures_have_the_tokens_colours() -> None:
    rc = (Path(fonts.HERE).parent / "figures" / "matplotlibrc").read_text(encoding="utf-8")
    cycle = re.search(r"axes.prop_cycle: cycler\(color=\[(.*?)\]\)", rc)
    assert cycle is not None
    assert [f"#{colour}" for colour in re.findall(r'"(\w+)"', cycle[1])] == tokens.TOKENS["figures"]["cycle"]


def test_a_joined_sheet_keeps_its_rules_and_loses_its_comments(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("/* a\n comment */\na {\n  color: red;  /* another */\n}\n")
    (tmp_path / "b.css").write_text("b { color: blue; }\n")
    joined = stylesheets.joined(["a.css", "b.css"], tmp_path).decode()
    assert "a {\ncolor: red;  \n}\nb { color: blue; }\n" in joined
    assert "--paper: light-dark(#fbfaf6, #14161c);" in joined


def test_faces_are_cut_to_what_is_used() -> None:
    few = fonts.assets(["<p>An entry.</p>"])
    more = fonts.assets(['<p>Ärger &mdash; é</p><span class="mord mathbf">Wx</span>'])
    assert few.keys() == more.keys()
    serif, bold = f"{fonts.FOLDER}/source-serif-4.woff2", f"{fonts.KATEX}/KaTeX_Main-Bold.woff2"
    assert len(few[serif]) < len(more[serif])
    assert len(few[bold]) < len(more[bold])
    assert all(content.startswith(b"wOF2") for content in few.values())
    assert sum(len(few[f"{fonts.FOLDER}/{name}.woff2"]) for name in fonts.TEXT) < 44_000


def test_a_face_for_one_kind_of_letter_holds_those_that_formulas_set_in_it() -> None:
    formulas = map(formula_markup.inline, (r"\mathbb{R} \lesssim \ddot x", r"\vartheta + \mathbf{W}"))
    first, second = map(typesetting.replace, formulas)
    kept = {face: fonts.characters_of(face, [first, second]) for face in fonts.LETTERED}
    assert set("R≲") <= set(kept["KaTeX_AMS-Regular"])
    assert set("xϑ") <= set(kept["KaTeX_Math-Italic"])
    assert "W" in kept["KaTeX_Main-Bold"]
    assert "W" not in fonts.characters_of("KaTeX_Main-Bold", [first])
