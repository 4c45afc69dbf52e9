"""Lighthouse gives every page the full score, as it is read on a phone."""

from __future__ import annotations

import pytest

from publishing.gates.lighthouse import judge
from tests.publishing.browser.conftest import listed

CATEGORIES = ("accessibility", "best-practices", "seo")
LOST = "404.html"  # no page for a search engine


@pytest.mark.usefixtures("checkers")
def test_every_page_has_the_full_score(address: str, pages: list[str], chromium_path: str) -> None:
    judgements = judge([address + page for page in pages if page != LOST], CATEGORIES, chromium_path)
    failed = listed({judgement.address: judgement.failed for judgement in judgements})
    assert not failed, failed
    assert all(judgement.scores == dict.fromkeys(CATEGORIES, 1) for judgement in judgements)
