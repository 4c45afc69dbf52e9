"""The walk through the network's graph, as a reader takes it: with buttons, with keys, on a phone, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.publishing.browser.conftest import DESKTOP, PHONE, Scheme, window

AXE = "axe-core/axe.min.js"
PAGE = "network/"
TABLET = 730  # pixels: a window just too wide for a drawing to be turned upright
LAST = 14  # seven operations forward, seven back

SHOWN = "graph-walk .step.shown"
VISIBLE_STEPS = "steps => steps.filter(step => getComputedStyle(step).visibility === 'visible').length"
COLOURS = "parts => parts.map(part => getComputedStyle(part).color)"
SCROLLS = "room => room.scrollWidth > room.clientWidth"
OUTSIDE = """walk => {
  const room = walk.querySelector(".graph-room").getBoundingClientRect();
  const active = [...walk.querySelectorAll(".graph-sheet :is(.edge, .back).now")];
  const boxes = active.map(part => part.getBoundingClientRect());
  const width = Math.max(...boxes.map(box => box.right)) - Math.min(...boxes.map(box => box.left));
  const fits = width <= room.width;
  return fits ? boxes.filter(box => box.left < room.left - 1 || box.right > room.right + 1).length : 0;
}"""


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with window(browser, width=DESKTOP) as page:
        page.goto(address + PAGE)
        page.locator("graph-walk").scroll_into_view_if_needed()  # far from a reader's sight it is not laid out
        expect(page.locator(".walk-count")).to_have_text(at(0), use_inner_text=True)
        yield page


def step(page: Page) -> str:
    return page.locator(".walk-count").inner_text()


def at(number: int) -> str:
    return f"Step {number} of {LAST}"


def test_it_begins_with_what_is_given(page: Page) -> None:
    assert step(page) == at(0)
    assert page.locator("graph-walk .step").evaluate_all(VISIBLE_STEPS) == 1
    expect(page.locator(SHOWN)).to_contain_text("What is given")
    assert page.locator("graph-walk .now").count() == 0
    for part in ("back", "gradient", "local"):
        faded = page.locator(f"graph-walk .{part}").evaluate_all(
            "parts => parts.map(part => getComputedStyle(part).opacity)"
        )
        assert faded
        assert set(faded) == {"0"}


def test_the_buttons_go_on_and_back_and_stop_at_the_ends(page: Page) -> None:
    back, on, start = (page.locator(f"[data-walk={name}]") for name in ("back", "next", "start"))
    expect(back).to_have_attribute("aria-disabled", "true")
    back.click(force=True)
    assert step(page) == at(0)
    for number in range(1, LAST + 1):
        on.click()
        assert step(page) == at(number)
        assert page.locator("graph-walk .step").evaluate_all(VISIBLE_STEPS) == 1
        assert page.locator("graph-walk .graph-sheet .now").count() > 0
    expect(on).to_have_attribute("aria-disabled", "true")
    on.click(force=True)
    assert step(page) == at(LAST)
    back.click()
    assert step(page) == at(LAST - 1)
    start.click()
    assert step(page) == at(0)


def test_the_keys_go_on_and_back(page: Page) -> None:
    page.locator("[data-walk=next]").focus()
    for key, number in (
        ("Enter", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", LAST),
        ("ArrowRight", LAST),
        ("Home", 0),
    ):
        page.keyboard.press(key)
        assert step(page) == at(number), key
    expect(page.locator("[data-walk=next]")).to_be_focused()
    page.keyboard.press("Control+ArrowRight")  # the browser's own
    assert step(page) == at(0)


def test_the_keys_go_on_from_the_drawing_too(page: Page) -> None:
    page.locator("graph-walk .graph-room").focus()
    page.keyboard.press("ArrowRight")
    assert step(page) == at(1)


def test_each_step_is_said(page: Page) -> None:
    said = page.locator("graph-walk [role=status]")
    assert said.inner_text() == ""
    page.locator("[data-walk=next]").click()
    assert said.inner_text() == f"{at(1)}: Forward. First layer: Z1 = W1 @ X + b1"


def test_a_term_has_the_colour_of_its_edges_on_every_step(page: Page) -> None:
    for number in range(1, LAST + 1):
        page.locator("[data-walk=next]").click()
        marks = [
            mark for mark in (1, 2, 3) if page.locator(f"graph-walk .graph-sheet :is(.edge, .back).part-{mark}").count()
        ]
        assert marks, number
        colours = []
        for mark in marks:
            edges = page.locator(f"graph-walk .graph-sheet .now.part-{mark}").evaluate_all(COLOURS)
            terms = page.locator(f"{SHOWN} .step-formula .katex-html .part-{mark}").evaluate_all(COLOURS)
            assert edges, (number, mark)
            assert terms, (number, mark)
            assert len({*edges, *terms}) == 1, (number, mark)
            colours.append(edges[0])
        assert len(set(colours)) == len(marks)
        assert page.locator(f"{SHOWN} .step-formula .katex-html .part").count() >= len(marks)


def test_the_weights_of_the_second_layer_get_a_term_along_each_of_two_edges(page: Page) -> None:
    for _ in range(9):
        page.locator("[data-walk=next]").click()
    expect(page.locator(SHOWN)).to_contain_text("dW2 = dZ2 @ A1.T + lam * W2")
    active = page.locator("graph-walk .back.now")
    assert sorted(active.evaluate_all("edges => edges.map(edge => edge.className.baseVal)")) == [
        "back now part-1",
        "back now part-2",
        "back now part-2",
    ]


def test_the_page_does_not_move_from_step_to_step(page: Page) -> None:
    height = "walk => walk.getBoundingClientRect().height"
    heights = {page.locator("graph-walk").evaluate(height)}
    for _ in range(LAST):
        page.locator("[data-walk=next]").click()
        heights.add(page.locator("graph-walk").evaluate(height))
    assert len(heights) == 1


def test_on_a_phone_the_active_edges_are_in_sight(browser: Browser, address: str) -> None:
    with window(browser, width=PHONE) as page:
        page.goto(address + PAGE)
        for number in range(1, LAST + 1):
            page.locator("[data-walk=next]").click()
            assert page.locator("graph-walk").evaluate(OUTSIDE) == 0, number


def test_on_a_phone_the_keys_go_on_from_the_drawing_which_does_not_scroll(browser: Browser, address: str) -> None:
    with window(browser, width=PHONE) as page:
        page.goto(address + PAGE)
        room = page.locator("graph-walk .graph-room")
        assert not room.evaluate(SCROLLS)
        room.focus()
        page.keyboard.press("ArrowRight")
        assert step(page) == at(1)


def test_the_keys_scroll_a_drawing_that_is_wider_than_its_window(browser: Browser, address: str) -> None:
    with window(browser, width=TABLET) as page:
        page.goto(address + PAGE)
        room = page.locator("graph-walk .graph-room")
        room.locator(".graph-sheet").evaluate("sheet => sheet.style.setProperty('--width', 1200)")
        assert room.evaluate(SCROLLS)
        room.focus()
        page.keyboard.press("ArrowRight")
        assert step(page) == at(0)
        expect(room).not_to_have_js_property("scrollLeft", 0)


def test_without_scripts_all_is_there(browser: Browser, address: str) -> None:
    with window(browser, scripts=False) as page:
        page.goto(address + PAGE)
        assert page.locator("graph-walk .step:visible").count() == LAST + 1
        assert page.locator("graph-walk button:visible").count() == 0
        assert page.locator("graph-walk .back:visible").count() > 0
        assert (
            page.locator("graph-walk .label.local:visible").count() == page.locator("graph-walk .label.local").count()
        )


def test_on_paper_all_is_there(page: Page) -> None:
    page.emulate_media(media="print")
    assert page.locator("graph-walk .step").evaluate_all(VISIBLE_STEPS) == LAST + 1
    assert page.locator("graph-walk button:visible").count() == 0
    opacity = "parts => parts.map(part => getComputedStyle(part).opacity)"
    assert set(page.locator("graph-walk :is(.back, .local, .gradient)").evaluate_all(opacity)) == {"1"}


def test_a_page_that_is_put_in_place_of_another_works(page: Page) -> None:
    """What the theme does when it navigates without loading a page anew."""
    page.locator("[data-walk=next]").click()
    page.evaluate(
        """() => {
          const walk = document.querySelector("graph-walk");
          const fresh = new DOMParser().parseFromString(walk.outerHTML, "text/html").querySelector("graph-walk");
          walk.replaceWith(document.adoptNode(fresh));
          const script = document.querySelector("script[src*='graph.js']").cloneNode();
          document.body.append(script);
        }"""
    )
    assert step(page) == at(0)
    page.locator("[data-walk=next]").click()
    assert step(page) == at(1)


@pytest.mark.parametrize("scheme", get_args(Scheme))
def test_axe_finds_nothing_on_the_way(browser: Browser, address: str, checkers: Path, scheme: Scheme) -> None:
    with window(browser, scheme) as page:
        page.context.add_init_script((checkers / AXE).read_text(encoding="utf-8"))
        page.goto(address + PAGE)
        for number in range(1, LAST + 1):
            page.locator("[data-walk=next]").click()  # which leaves the pointer there
            if number in (1, 9, LAST):  # three parts, two, and the end
                violations = page.evaluate("axe.run('graph-walk')")["violations"]
                assert [(violation["id"], violation["nodes"][0]["html"]) for violation in violations] == [], number
