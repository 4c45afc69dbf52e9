"""Questions that are answered at once: how they are written, and what becomes of them."""

from __future__ import annotations

import re
from importlib import import_module
from types import SimpleNamespace

import pytest

from publishing.errors import SiteError
from publishing.pages import notebooks, questions
from publishing.verdicts.provenance import Ledger

SOURCE = """
Which shape has `dW2`,
with columns?

- [ ] `(h, C)`
  That is its *transpose*.
- [x] `(C, h)`
  Each weight has one derivative,
  so it has the shape of `W2`.
"""


def test_a_question_is_read() -> None:
    question = questions.parse(SOURCE)
    assert question.text == "Which shape has `dW2`, with columns?"
    assert question.right == "`(C, h)`"
    assert [answer.right for answer in question.answers] == [False, True]
    assert question.answers[1].reply == "Each weight has one derivative,\nso it has the shape of `W2`."


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (SOURCE.replace("[x]", "[ ]"), "one right answer, marked `- [x]`, but this has 0"),
        (SOURCE.replace("[ ]", "[x]"), "but this has 2"),
        (SOURCE.replace("  That is its *transpose*.\n", ""), r"in the next line, indented by two spaces: `(h, C)`"),
        ("Which shape?", "a question is a text, a blank line and two answers or more"),
        ("Which shape?\n\n- [x] `(C, h)`\n  The only one.", "two answers or more"),
        (f"{SOURCE}\nAnd more.", "a question is a text"),
    ],
)
def test_what_is_missing_is_said(source: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        questions.parse(source)


def page(*cells: SimpleNamespace) -> str:
    """The HTML of a page with these cells."""
    made = notebooks.convert(SimpleNamespace(cells=cells), "affine.py", Ledger(), lambda number: "")
    html: str = import_module("markdown").markdown(made.markdown, extensions=["md_in_html"])
    return html


def cell(source: str) -> SimpleNamespace:
    return SimpleNamespace(cell_type="markdown", source=source, metadata={"tags": ["question"]})


def test_each_answer_is_a_fold_that_says_whether_it_is_right() -> None:
    html = page(cell(SOURCE))
    folds = re.findall(r'<details class="answer (\w+)">\s*<summary>(.*?)</summary>\s*(.*?)</details>', html, re.DOTALL)
    assert [verdict for verdict, *_ in folds] == ["wrong", "right"]
    assert [summary for _, summary, _ in folds] == ["<code>(h, C)</code>", "<code>(C, h)</code>"]
    assert folds[0][2].strip() == "<p><strong>No.</strong> That is its <em>transpose</em>.</p>"
    assert folds[1][2].startswith("<p><strong>Right.</strong> Each weight")


def test_questions_are_numbered_and_named_by_their_text() -> None:
    html = page(cell(SOURCE), cell(SOURCE))
    openings = re.findall(r'<div (.*?role="group".*?)>', html)
    attributes = [dict(re.findall(r'([\w-]+)="(.*?)"', opening)) for opening in openings]
    groups = [(found["id"], found["aria-labelledby"]) for found in attributes]
    assert groups == [("question-1", "question-1-text"), ("question-2", "question-2-text")]
    for _, text in groups:
        assert html.count(f'id="{text}"') == 1


def test_a_question_that_is_wrong_names_its_page_and_cell() -> None:
    with pytest.raises(SiteError, match=r"affine\.py: cell 1: a question has one right answer"):
        page(cell(SOURCE.replace("[x]", "[ ]")))
