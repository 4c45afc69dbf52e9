"""The colours can be read on every surface, and told apart, also by the colour-blind."""

from __future__ import annotations

import pytest

from publishing.look import contrast, tokens
from publishing.look.tokens import Scheme

TEXT, SIGNS = 4.5, 3.0  # WCAG 2.2, levels AA for text and for parts of a picture
SEEN = 0.02  # in OKLab, what can just be seen


@pytest.mark.parametrize("scheme", tokens.SCHEMES)
def test_text_can_be_read_on_every_surface(scheme: Scheme) -> None:
    assert contrast.least_contrast("text", scheme) > TEXT
    assert contrast.least_contrast("quantities", scheme) > TEXT
    assert contrast.least_lit_contrast(scheme) > TEXT


@pytest.mark.parametrize("scheme", tokens.SCHEMES)
def test_borders_that_mean_something_are_seen(scheme: Scheme) -> None:
    edge = tokens.group("lines", scheme)["edge"]
    assert min(contrast.contrast(edge, surface) for surface in tokens.group("surfaces", scheme).values()) > SIGNS


@pytest.mark.parametrize("scheme", tokens.SCHEMES)
def test_words_on_a_tint_can_be_read(scheme: Scheme) -> None:
    text, tints = tokens.group("text", scheme), tokens.group("tints", scheme)
    assert contrast.contrast(text["wrong"], tints["wrong-tint"]) > TEXT
    assert contrast.contrast(text["ink"], tints["marker"]) > TEXT


@pytest.mark.parametrize("scheme", tokens.SCHEMES)
@pytest.mark.parametrize("blindness", [None, *contrast.BLIND])
def test_quantities_are_told_apart(scheme: Scheme, blindness: str | None) -> None:
    assert contrast.least_distance(scheme, blindness) > 3 * SEEN


def test_the_measures_are_those_that_are_published() -> None:
    assert contrast.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast.distance("#000000", "#ffffff") == pytest.approx(1, abs=1e-3)
    assert contrast.mixed("#ff0000", "#0000ff", 0.25) == "#4000bf"


def test_red_and_green_are_alike_without_one_kind_of_cone() -> None:
    red, green = "#cc3311", "#668000"
    assert contrast.distance(red, green) > 10 * SEEN
    assert contrast.distance(red, green, "deuteranopia") < SEEN
