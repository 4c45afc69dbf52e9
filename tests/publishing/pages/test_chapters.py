"""Where a chapter is among the others, and how long it takes to read."""

from __future__ import annotations

from publishing.pages import chapters

SECTION = ["a.py", "b.py", "c.py"]


def test_a_chapter_knows_its_number() -> None:
    assert chapters.place("b.py", SECTION, "<p>A word.</p>") == chapters.Place(number=2, total=3, minutes=1)


def test_other_pages_are_no_chapters() -> None:
    assert chapters.place("api.md", SECTION, "<p>A word.</p>") is None


def test_words_take_time_and_code_does_not() -> None:
    text = "<p>" + "word " * 10 * chapters.WORDS + "</p>"
    assert chapters.minutes(text) == 10
    assert chapters.minutes(text + "<pre>" + "code " * 1000 + "</pre>") == 10
    assert chapters.minutes(text + '<div class="why">x</div>' * 2 * chapters.WORDS) > 15
