"""Questions in a chapter that are answered at once, written as a list of tasks:

    What shape does `dW2` have?

    - [x] `(C, h)`
      Each weight has one derivative, so it has the shape of `W2`.
    - [ ] `(h, C)`
      That is its transpose.

Each answer is a fold that says whether it is right, and why: so it works without JavaScript, with the keyboard, and
with a screen reader, which says that something unfolds.
"""

from __future__ import annotations

import re
from textwrap import dedent
from typing import NamedTuple

QUESTION = "question"
"""The tag of a cell that is one."""

ANSWER = re.compile(r"^- \[([x ])\] (.+)((?:\n  .*)*)\n?", re.MULTILINE)


class Answer(NamedTuple):
    """An answer to choose, whether it is right, and what is said to whoever chooses it."""

    text: str
    right: bool
    reply: str


class Question(NamedTuple):
    """What is asked, and the answers to choose from: one of them is right."""

    text: str
    answers: tuple[Answer, ...]

    @property
    def right(self) -> str:
        """The text of the right answer."""
        return next(answer.text for answer in self.answers if answer.right)


def parse(source: str) -> Question:
    """The question that a cell's text is. Raises ValueError that says what is missing."""
    text, blank, rest = source.strip().partition("\n\n")
    answers = tuple(
        Answer(answer.strip(), mark == "x", dedent(reply).strip()) for mark, answer, reply in ANSWER.findall(rest)
    )
    if not blank or len(answers) < 2 or ANSWER.sub("", rest).strip():
        raise ValueError("a question is a text, a blank line and two answers or more, as `- [ ] an answer` or `- [x]`")
    if (right := sum(answer.right for answer in answers)) != 1:
        raise ValueError(f"a question has one right answer, marked `- [x]`, but this has {right}")
    if unexplained := [answer.text for answer in answers if not answer.reply]:
        raise ValueError(f"an answer needs a reply in the next line, indented by two spaces: {unexplained[0]}")
    return Question(" ".join(text.split()), answers)


def markdown(source: str, number: int) -> str:
    """The question with this number on its page, as Markdown with HTML. Raises ValueError as `parse` does."""
    question = parse(source)
    name = f"{QUESTION}-{number}"
    lines = [
        f'<div class="question" id="{name}" role="group" aria-labelledby="{name}-text" markdown="1">',
        f'<p class="question-text" id="{name}-text" markdown="span">{question.text}</p>',
    ]
    for answer in question.answers:
        verdict = "right" if answer.right else "wrong"
        lines += [
            f'<details class="answer {verdict}" markdown="1"><summary markdown="span">{answer.text}</summary>',
            f"\n**{'Right' if answer.right else 'No'}.** {answer.reply}\n",
            "</details>",
        ]
    return "\n".join([*lines, "</div>"])
