"""Run, Stop, Edit and Reset, as a reader presses them."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect

from tests.publishing.browser.live.page import CDN, LivePage

PRINTS = 5  # a cell of the page that prints, with its code shown
SHOWN = "dZ2 = (P - Y) / m"


def test_nothing_is_loaded_before_run(live: LivePage) -> None:
    loaded = live.page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert [name.rpartition("/")[2] for name in loaded if "/assets/live/" in name] == ["cells.js"]
    assert live.asked == []


def test_the_button_says_how_much_will_be_loaded(live: LivePage) -> None:
    said = re.fullmatch(r"Run \(loads (\d+) MB once\)", live.button(PRINTS, "Run").inner_text())
    assert said is not None
    assert live.run(PRINTS).startswith("Done in ")
    files = json.loads(live.page.request.get(f"{live.address}assets/live/python.json").text())["files"]
    sent = {name: file["sent"] for name, file in files.items()}
    own = sum(size for name, size in sent.items() if not files[name]["address"].startswith(CDN))
    loaded = own + sum(sent[url.rpartition("/")[2]] for url in live.asked)
    assert round(loaded / 1e6) == int(said[1])
    assert live.button(PRINTS, "Run").inner_text() == "Run"


def test_a_cell_runs_those_before_it_first_and_shows_what_was_built(live: LivePage) -> None:
    built = live.built(PRINTS).inner_text()
    assert SHOWN in built
    live.run(PRINTS)
    assert live.output(PRINTS).inner_text() == built
    for cell in range(1, PRINTS + 1):
        expect(live.output(cell)).to_be_visible()
        expect(live.built(cell)).to_have_count(0)


def test_an_edited_cell_runs_and_those_after_it_run_again(started: LivePage) -> None:
    started.edit(4, "number = 6\nnumber")
    assert started.shown(5, "print(number * 7)") == "42"
    assert started.output(4).inner_text() == "6"
    started.edit(4, "number = 7")
    expect(started.output(4)).to_be_hidden()
    expect(started.output(5)).to_contain_class("stale")
    started.run(5)
    expect(started.output(5)).not_to_contain_class("stale")
    assert started.output(5).inner_text() == "49"
    assert started.output(4).inner_text() == ""


def test_reset_gives_back_the_page_as_it_was_built(started: LivePage) -> None:
    started.shown(PRINTS, "print(1)")
    started.button(PRINTS, "Reset").click()
    expect(started.output(PRINTS)).to_have_count(0)
    expect(started.built(PRINTS)).to_contain_text(SHOWN)
    expect(started.page.locator(f"#cell-{PRINTS} .cell-code")).to_be_visible()
    expect(started.button(PRINTS, "Edit")).to_be_focused()
    started.button(4, "Reset").click()
    started.run(PRINTS)
    expect(started.output(PRINTS)).to_contain_text(SHOWN)


def test_code_that_the_page_does_not_show_can_be_shown(live: LivePage) -> None:
    expect(live.bar(2).get_by_role("button")).to_have_text(["Show the code"])
    live.button(2, "Show the code").click()
    expect(live.page.locator("#cell-2 .cm-content")).to_contain_text("network.forward_Z1, network.forward_A1")
    assert live.run(2).startswith("Done in ")
    live.button(2, "Reset").click()
    expect(live.bar(2).get_by_role("button")).to_have_text(["Show the code"])
    expect(live.built(2)).to_be_visible()


def test_keys_run_the_cell_and_tab_leaves_the_editor(started: LivePage) -> None:
    for key in ("Control+Enter", "Shift+Enter"):
        started.edit(PRINTS, f"print({key!r})")
        started.page.keyboard.press(key)
        expect(started.output(PRINTS)).to_have_text(key)
        started.ended(PRINTS)
    started.page.keyboard.press("Tab")
    expect(started.button(PRINTS, "Run")).to_be_focused()
    started.page.keyboard.press("Shift+Tab")
    expect(started.page.locator(f"#cell-{PRINTS} .cm-content")).to_be_focused()


def test_an_error_is_shown_as_python_shows_it(started: LivePage) -> None:
    shown = started.shown(PRINTS, "def divide():\n    return 1 / 0\n\nprint('before')\ndivide()")
    assert shown.splitlines() == [
        "before",
        "Traceback (most recent call last):",
        '  File "cell 5", line 5, in <module>',
        "    divide()",
        "    ~~~~~~^^",
        '  File "cell 5", line 2, in divide',
        "    return 1 / 0",
        "           ~~^~~",
        "ZeroDivisionError: division by zero",
    ]
    assert started.status(PRINTS) == "This cell ended with an error"
    assert "SyntaxError" in started.shown(PRINTS, "1 +")
    assert started.output(PRINTS).inner_text().startswith('  File "cell 5", line 1')
    assert "SystemExit" in started.shown(PRINTS, "raise SystemExit")
    started.edit(4, "1 / 0")
    started.run(PRINTS)
    assert started.status(PRINTS) == "Cell 4, which comes first, ended with an error"
    started.button(4, "Reset").click()


def test_what_is_wrong_is_found_out_in_the_browser_too(started: LivePage) -> None:
    derivation = """
from derivations import Derivation
from derivations.calculus import Partial, array, sum_over
from derivations.notation import m, n, i, u
from derivations import Index
A, j = array("A", n, m), Index("j", m)
claim = Derivation("A norm", Partial(sum_over((u, i), A[u, i] ** 2), A[u, j]), (FACTOR * A[u, j], "the square"))
claim.prove()
"""
    right = started.shown(PRINTS, derivation.replace("FACTOR", "2"))
    assert "A norm: " in right
    assert "2 proven" in right
    assert "ClaimError" in started.shown(PRINTS, derivation.replace("FACTOR", "3"))


def test_sympy_s_own_results_are_typeset(started: LivePage) -> None:
    started.shown(PRINTS, "from sympy import Symbol, diff\nx = Symbol('x')\ndiff(x**3, x)")
    annotation = started.output(PRINTS).locator("annotation")
    assert annotation.text_content() == "3 x^{2}"


def test_a_figure_is_a_drawing_in_the_page_s_colours(started: LivePage) -> None:
    started.shown(PRINTS, "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.show()\nprint('after')")
    drawing = started.output(PRINTS).locator("figure.drawing > svg")
    assert drawing.get_attribute("aria-label") == "A figure drawn by this cell"
    assert "currentColor" in drawing.inner_html()
    shown = started.output(PRINTS).locator("figure, pre").evaluate_all("all => all.map(one => one.localName)")
    assert shown == ["figure", "pre"]


def test_a_million_lines_are_bounded_and_the_page_stays_responsive(started: LivePage) -> None:
    started.edit(PRINTS, "for k in range(1_000_000):\n    print(k)")
    started.button(PRINTS, "Run").click()
    assert started.page.evaluate("1 + 1") == 2
    started.ended(PRINTS)
    text = started.output(PRINTS).inner_text()
    assert text.startswith("0\n1\n2\n")
    assert len(text) < 10_000
    assert "… 999,000 more lines were left out." in text


def test_stop_ends_what_never_ends_and_the_next_run_works(started: LivePage) -> None:
    asked = len(started.asked)
    started.edit(PRINTS, "print('begun', flush=True)\nwhile True:\n    pass")
    started.button(PRINTS, "Run").click()
    expect(started.output(PRINTS)).to_have_text("begun")
    started.button(PRINTS, "Stop").click()
    expect(started.button(PRINTS, "Stop")).to_be_hidden()
    assert started.status(PRINTS) == "Stopped"
    expect(started.button(PRINTS, "Run")).to_be_focused()
    assert started.shown(PRINTS, "print('again')") == "again"
    assert len(started.asked) == asked, "the bytes were loaded again"


def test_cells_that_are_put_in_place_of_others_work(live: LivePage) -> None:
    """What the theme does when it navigates without loading a page anew. Python goes on; the page's variables don't."""
    live.shown(4, "number = 6")
    live.page.evaluate(
        """(url) => fetch(url).then((answer) => answer.text()).then((html) => {
          const article = new DOMParser().parseFromString(html, "text/html").querySelector("article");
          document.querySelector("article").replaceWith(document.adoptNode(article));
        })""",
        live.page.url,
    )
    asked = len(live.asked)
    assert live.button(PRINTS, "Run").inner_text() == "Run"
    assert "NameError" in live.shown(PRINTS, "print(number)")
    assert len(live.asked) == asked
    assert live.page.locator("iframe").count() == 1


def test_a_cell_waits_for_no_other(started: LivePage) -> None:
    started.edit(PRINTS, "while True:\n    pass")
    started.button(PRINTS, "Run").click()
    started.edit(4, "4")
    started.button(4, "Run").click()
    expect(started.bar(4).get_by_role("status")).to_have_text("Python is busy with another cell: stop that one first.")
    started.button(PRINTS, "Stop").click()
    started.ended(PRINTS)
