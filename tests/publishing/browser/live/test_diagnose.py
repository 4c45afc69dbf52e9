"""The whole way of a learner: break the gradient, be told which mistake it is, and mend it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.publishing.browser.live.page import LivePage, opened

RIGHT = "dZ2 = (P - Y) / m"
BROKEN = {
    RIGHT: ("dZ2 = P - Y", "mean-forgotten"),
    "(Z1 > 0)": ("(A1 > 1)", None),
    "dW2 = dZ2 @ A1.T + lam * W2": ("dW2 = dZ2 @ A1.T", "penalty-missing"),
}


@pytest.fixture
def diagnose(browser: Browser, address: str, bytes_of_pyodide: Path) -> Iterator[LivePage]:
    with opened(browser, address, bytes_of_pyodide, "diagnose/") as live:
        yield live


def source_of_first_cell(live: LivePage) -> str:
    cells = json.loads(live.page.request.get(f"{live.address}assets/live/pages/diagnose.json").text())
    source: str = cells[0]["source"]
    return source


def test_a_gradient_is_broken_named_and_mended(diagnose: LivePage) -> None:
    source = source_of_first_cell(diagnose)
    verdict = diagnose.built(1).get_by_text("all four gradients are right.")
    expect(verdict).to_be_visible()
    diagnose.edit(1, source.replace(RIGHT, BROKEN[RIGHT][0]))
    expect(verdict).to_be_hidden()
    for right, (wrong, mistake) in BROKEN.items():
        assert source.count(right) == 1
        said = diagnose.shown(1, source.replace(right, wrong))
        assert (mistake or "not a known mistake") in said
        assert right in said or mistake is None
        assert "all four gradients are right." not in said
    assert "all four gradients are right." in diagnose.shown(1, source)


def test_the_explanation_is_a_click_away(diagnose: LivePage) -> None:
    diagnose.shown(1, source_of_first_cell(diagnose).replace(RIGHT, BROKEN[RIGHT][0]))
    diagnose.output(1).get_by_role("link", name="More on mean-forgotten").click()
    diagnose.page.wait_for_url(f"{diagnose.address}mistakes/#mean-forgotten")
    assert diagnose.page.locator(":target").is_visible()
