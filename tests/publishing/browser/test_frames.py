"""The regions of a training, update by update: a slider chooses the frame, and without scripts the last one shows."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from publishing.look.tokens import Scheme
from tests.publishing.browser.conftest import DESKTOP, PHONE, WIDTH, window

PAGE = "training/"
FRAME = "update-frames .frame"
SHOWN = f"{FRAME}.shown"
SAID = "update-frames figcaption"
SHAPES_AND_COLOURS = r"""
(paths) => paths.map((path) => [path.getAttribute("d").match(/M\d+ \d+(.*?)z/)[1], path.getAttribute("fill")])
"""
"""A script: how each class's first point is drawn after its place is reached, and in which colour."""

MOST_BYTES = 60_000
"""Of the page's HTML as it is sent, compressed."""


@pytest.mark.parametrize(("scheme", "width"), [("light", DESKTOP), ("dark", PHONE)])
def test_the_slider_chooses_a_frame(browser: Browser, address: str, scheme: Scheme, width: int) -> None:
    with window(browser, scheme, width) as page:
        page.goto(address + PAGE)
        frames = page.locator(FRAME).count()
        assert frames > 5
        expect(page.locator(SAID)).to_contain_text("After 1,000 updates")
        slider = page.get_by_role("slider", name="Updates")
        slider.focus()
        page.keyboard.press("Home")
        expect(page.locator(SAID)).to_contain_text("After 0 updates")
        expect(slider).to_have_attribute("aria-valuetext", page.locator(SAID).inner_text())
        expect(page.locator(SHOWN)).to_have_count(1)
        expect(page.locator(FRAME).first).to_be_visible()
        assert page.evaluate(WIDTH) <= width


def test_without_scripts_the_last_frame_shows(browser: Browser, address: str) -> None:
    with window(browser, scripts=False) as page:
        page.goto(address + PAGE)
        assert page.locator("update-frames input").count() == 0
        expect(page.locator(SHOWN)).to_have_count(1)
        expect(page.locator(FRAME).last).to_be_visible()
        expect(page.locator(FRAME).first).to_be_hidden()
        expect(page.locator(SAID)).to_contain_text("After 1,000 updates")


def test_classes_are_told_by_shape_too(browser: Browser, address: str) -> None:
    with window(browser) as page:
        page.goto(address + PAGE)
        paths = page.locator("update-frames svg > path").evaluate_all(SHAPES_AND_COLOURS)
        shapes, colours = zip(*paths, strict=True)
        assert len(set(shapes)) == len(set(colours)) == 3


def test_the_page_is_light(site: Path) -> None:
    html = (site / PAGE / "index.html").read_bytes()
    assert b"<update-frames>" in html
    assert len(gzip.compress(html)) < MOST_BYTES
