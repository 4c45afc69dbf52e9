"""A reader's progress is kept in their own browser, which may refuse to, and is forgotten when they say so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from publishing import npm

ROOT = Path(__file__).parents[3]
VISITS = Path(__file__).with_name("progress.mjs")
SCRIPT = ROOT / "docs" / "javascripts" / "progress.js"

AFTER = "1 of 2 questions right here, 1 of 3 chapters read."


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    module = shutil.copy(SCRIPT, tmp_path_factory.mktemp("progress") / "progress.mjs")
    answer: dict[str, Any] = json.loads(npm.run(VISITS, str(module)))
    return answer


def test_what_is_read_and_answered_is_there_at_the_next_visit(visits: dict[str, Any]) -> None:
    kept = visits["kept"]
    assert (kept["before"], kept["after"], kept["next"]) == ("", AFTER, AFTER)


def test_forgetting_leaves_nothing(visits: dict[str, Any]) -> None:
    assert (visits["kept"]["forgotten"], visits["kept"]["later"]) == ("", "")
    assert visits["left"] == []


@pytest.mark.parametrize("storage", ["denied", "full"])
def test_a_browser_that_keeps_nothing_remembers_as_long_as_the_page_is_open(
    visits: dict[str, Any], storage: str
) -> None:
    assert visits[storage] == {"before": "", "after": AFTER, "next": "", "forgotten": "", "later": ""}


def test_what_can_not_be_read_counts_as_nothing(visits: dict[str, Any]) -> None:
    assert visits["garbled"] == [""] * 5


def test_a_chapter_has_the_name_of_its_folder(visits: dict[str, Any]) -> None:
    assert visits["names"] == ["relu", "relu", "relu", ""]


def test_nothing_is_sent() -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    assert "localStorage" in script
    assert not [word for word in ("fetch", "XMLHttpRequest", "sendBeacon", "WebSocket", "cookie") if word in script]
