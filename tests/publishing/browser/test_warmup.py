"""The network in numbers: whatever weight is moved, the page's numbers are those of netcode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

import netcode
from tests.publishing.browser.conftest import PHONE, window

X, Y = np.array([[1.0], [0.5]]), np.array([[0.0], [1.0]])
SHOWN = """network => Object.fromEntries([...network.querySelectorAll(".lying .number")].map((box) =>
  [box.dataset.id, [".value", ".slope"].map((part) => box.querySelector(part).textContent.replace("−", "-"))]))"""
MOVE = "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })) }"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with window(browser) as page:
        page.goto(f"{address}warmup/")
        yield page


def shown(page: Page) -> dict[str, tuple[float, float]]:
    """Each box's value and gradient, as they are written."""
    found: dict[str, Any] = page.locator("number-network").evaluate(SHOWN)
    return {name: (float(value), float(slope)) for name, (value, slope) in found.items()}


def move(page: Page, name: str, value: float) -> None:
    page.locator(f".lying [data-id={name}]").click()
    page.locator("number-network input").evaluate(MOVE, value)


def computed(boxes: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """All of it by netcode, from the weights in the boxes."""
    W1, W2 = (np.array([[boxes[f"{layer}{i}{j}"][0] for j in (1, 2)] for i in (1, 2)]) for layer in "vw")
    parameters = netcode.Parameters(W1=W1, b1=np.zeros((2, 1)), W2=W2, b2=np.zeros((2, 1)))
    forward = netcode.forward(X, parameters)
    backward = netcode.backward(X, Y, parameters, forward, lam=0.0)
    arrays = {
        "x": (X, W1.T @ backward.dZ1),
        "z": (forward.Z1, backward.dZ1),
        "a": (forward.A1, backward.dA1),
        "s": (forward.Z2, backward.dZ2),
        "p": (forward.P, -Y / forward.P),
    }
    found = {f"{k}{i + 1}": (v[i, 0], s[i, 0]) for k, (v, s) in arrays.items() for i in (0, 1)}
    for layer, W, dW in (("v", W1, backward.dW1), ("w", W2, backward.dW2)):
        found |= {f"{layer}{i + 1}{j + 1}": (W[i, j], dW[i, j]) for i in (0, 1) for j in (0, 1)}
    return found | {"L": (netcode.loss(forward.Z2, Y, parameters, 0.0), 1.0)}


def agree(boxes: dict[str, tuple[float, float]]) -> None:
    expected = computed(boxes)
    assert len(boxes) == len(expected) == 19
    for name, (value, slope) in expected.items():
        assert boxes[name] == pytest.approx((value, slope), abs=0.0051), name
        assert boxes[name][1] == pytest.approx(slope, abs=0.00051), name


def test_every_number_is_netcode_s_whatever_weight_is_moved(page: Page) -> None:
    random = np.random.default_rng(0)
    agree(shown(page))
    for name in random.permutation([f"{layer}{i}{j}" for layer in "vw" for i in (1, 2) for j in (1, 2)]):
        move(page, name, float(random.integers(-40, 41)) / 20)
        agree(shown(page))


def test_a_step_downhill_lowers_the_loss_as_the_page_s_program_says(page: Page) -> None:
    printed = page.locator(".cell-built pre", has_text="loss before").inner_text()
    page.get_by_role("button", name="One step downhill").click()
    said = page.locator("number-network [role=status]")
    before, after = printed.replace(",", "").split()[2], printed.split()[-1]
    expect(said).to_contain_text(f"Loss {after}, from {before}.")
    page.get_by_role("button", name="Start again").click()
    expect(said).to_contain_text(f"Loss {before}.")


def test_weights_are_chosen_by_the_keyboard_too(page: Page) -> None:
    page.locator(".lying [data-id=w21]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".lying [data-id=w21]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("number-network label")).to_contain_text("w21 of layer 2")


def test_without_scripts_the_numbers_are_there(browser: Browser, address: str) -> None:
    with window(browser, width=PHONE, scripts=False) as page:
        page.goto(f"{address}warmup/")
        expect(page.locator(".upright [data-id=L] .value")).to_have_text("0.61")
        assert page.locator("number-network input").count() == 0
