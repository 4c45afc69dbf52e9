"""What runs the cells in the reader's browser is Python like any other: here it runs without one."""

from __future__ import annotations

import sys

import pytest

from publishing.live.python.bounded_output import CHARACTERS, LINES
from publishing.live.python.session import OUTPUTS, UNNAMED, Session, display
from tests.publishing.conftest import CLAIM

Shown = list[tuple[str, str]]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.delenv("CHECKED_REPORT", raising=False)
    return []


@pytest.fixture
def session(shown: Shown) -> Session:
    return Session(lambda kind, text: shown.append((kind, text)), root="../")


class Formula:
    """What shows itself as a derivation does."""

    def _repr_latex_(self) -> str:
        return "$$\nx\n$$"

    def _repr_mimebundle_(self) -> dict[str, object]:
        origin = {"id": "softmax.dZ2", "title": "Scores", "claims": [CLAIM]}
        return {"application/vnd.checked-backprop.provenance+json": origin}


def test_cells_share_their_variables_and_the_last_value_is_shown(session: Session, shown: Shown) -> None:
    assert session.run("cell 1", "x = 6")
    assert session.run("cell 2", "print('x is', x)\nx * 7")
    assert session.run("cell 3", "None")
    assert shown == [("text", "x is 6\n42")]


def test_another_session_has_none_of_them(session: Session, shown: Shown) -> None:
    session.run("cell 1", "x = 6")
    other = Session(lambda kind, text: shown.append((kind, text)), root="")
    assert not other.run("cell 1", "x")
    assert "NameError: name 'x' is not defined" in shown[0][1]


def test_an_error_is_shown_from_the_cell_s_own_line_on(session: Session, shown: Shown) -> None:
    assert not session.run("cell 3", "print('before')\n1 / 0")
    (text, before), (error, trace) = shown
    assert (text, before, error) == ("text", "before", "error")
    assert trace.splitlines()[:3] == [
        "Traceback (most recent call last):",
        '  File "cell 3", line 2, in <module>',
        "    1 / 0",
    ]
    assert trace.splitlines()[-1] == "ZeroDivisionError: division by zero"
    assert "session.py" not in trace


@pytest.mark.parametrize("source", ["1 +", "x = '\0'"])
def test_what_is_no_python_has_no_traceback(session: Session, shown: Shown, source: str) -> None:
    assert not session.run("cell 1", source)
    assert shown[0][0] == "error"
    assert "Traceback" not in shown[0][1]
    assert "SyntaxError" in shown[0][1]


def test_leaving_python_is_an_error_like_others(session: Session, shown: Shown) -> None:
    assert not session.run("cell 1", "raise SystemExit(1)")
    assert shown[0][1].splitlines()[-1] == "SystemExit: 1"
    assert session.run("cell 1", "1")


def test_a_derivation_is_shown_with_its_provenance(session: Session, shown: Shown) -> None:
    session.run("cell 1", "from tests.publishing.live.test_session import Formula\nFormula()")
    ((kind, html),) = shown
    assert kind == "html"
    assert '<div class="arithmatex" data-derived data-search-exclude>\\[x\\]</div>' in html
    assert '<span class="verdict proven">1 proven</span>' in html
    assert '<a href="../source/derivations/softmax/#L2">derivations/softmax.py:2</a>' in html


def test_a_line_of_a_cell_is_where_the_cell_is(session: Session, shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CLAIM, "source", "cell 7:3")
    session.run("cell 7", "from tests.publishing.live.test_session import Formula\nFormula()")
    assert '<a href="#cell-7">cell 7:3</a>' in shown[0][1]


def test_a_formula_of_sympy_s_own_is_marked_as_formula(session: Session, shown: Shown) -> None:
    session.run("cell 1", "from sympy import Symbol\nSymbol('x') ** 2")
    assert shown == [("html", '<div class="arithmatex" data-derived data-search-exclude>\\[x^{2}\\]</div>')]


def test_a_class_is_shown_by_its_name(session: Session, shown: Shown) -> None:
    session.run("cell 1", "from sympy import Symbol\nSymbol")
    assert shown == [("text", "<class 'sympy.core.symbol.Symbol'>")]


def test_a_figure_is_a_drawing_that_says_what_it_shows(session: Session, shown: Shown) -> None:
    draw = "import matplotlib\nmatplotlib.use('module://publishing.live.python.backend')\n"
    draw += "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nprint('a')\nplt.show()\nprint('b')\n"
    session.run("cell 1", draw, "A line")
    session.run("cell 2", "_ = plt.plot([1, 2])")
    kinds = [kind for kind, _ in shown]
    assert kinds == ["text", "html", "text", "html"]
    assert 'aria-label="A line"' in shown[1][1]
    assert f'aria-label="{UNNAMED}"' in shown[3][1]
    session.run("cell 3", "1")
    assert shown[4:] == [("text", "1")], "the figure was not closed"


def test_what_is_printed_is_bounded(session: Session, shown: Shown) -> None:
    session.run("cell 1", "for k in range(100_000):\n    print(k)")
    text = "".join(text for _, text in shown)
    assert text.startswith("0\n1\n2\n")
    assert text.endswith(f"\n{LINES - 1}\n… {100_000 - LINES:,} more lines were left out.")


def test_one_long_line_is_bounded(session: Session, shown: Shown) -> None:
    session.run("cell 1", "print('x' * 10_000_000, end='')")
    text = "".join(text for _, text in shown)
    assert text == "x" * CHARACTERS + "\n… The rest was left out."


def test_printed_lines_that_fit_are_all_there(session: Session, shown: Shown) -> None:
    session.run("cell 1", f"print('\\n'.join(map(str, range({LINES}))))")
    assert "".join(text for _, text in shown) == "\n".join(map(str, range(LINES)))


def test_displays_are_bounded(session: Session, shown: Shown) -> None:
    session.run("cell 1", "from IPython.display import HTML\nfrom tests.publishing.live.test_session import display\n")
    shown.clear()
    session.run("cell 2", f"for k in range({OUTPUTS + 2}):\n    display(HTML('<p>'))")
    assert [kind for kind, _ in shown] == ["html"] * OUTPUTS + ["text"]
    assert shown[-1][1].count("left out") == 2


def test_display_shows_in_order(session: Session, shown: Shown) -> None:
    assert display.__module__ == Session.__module__
    session.run(
        "cell 1", "from tests.publishing.live.test_session import display\nprint('a')\ndisplay(1, 'b')\nprint('c')"
    )
    assert shown == [("text", "a\n1\n'b'\nc")]
