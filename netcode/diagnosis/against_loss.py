"""Gradients held against the loss that the reader's own code computes, whichever that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from netcode.diagnosis.architecture import Architecture, Point, forward
from netcode.diagnosis.diagnosis import Diagnosis, Finding
from netcode.diagnosis.layout import Layout
from netcode.diagnosis.loss import architecture_of
from netcode.diagnosis.own_loss import OwnLoss, own_losses
from netcode.diagnosis.points import perturbed
from netcode.diagnosis.reading.reader import Reader

__all__ = ["Place", "held_against_loss"]


class Place(NamedTuple):
    """Where a backward pass was asked, and the network that it was taken for there."""

    layout: Layout
    points: Sequence[Point]
    architecture: Architecture


def held_against_loss(
    found: Diagnosis, reader: Reader, place: Place, asked_for: Callable[[Architecture], Diagnosis | None]
) -> Diagnosis:
    """If a loss is returned beside the gradients, or computed by another function, and isn't theirs: so told.

    `asked_for` gives the diagnosis if the network and its loss are known.
    """
    place = place._replace(points=[_with_small_weights(point) for point in place.points])
    others: list[tuple[OwnLoss, Architecture | None]] = []
    for own in own_losses(reader, place.layout, place.architecture):
        values = [value for point in place.points if (value := own(point)) is not None]
        if len(values) == len(place.points):
            of_loss = architecture_of(values, place.points, place.architecture)
            if of_loss == place.architecture:
                return found
            others.append((own, of_loss))
    if not others:
        return found
    own, of_loss = others[0]
    if of_loss is None:
        return _by_numbers(found, own, reader, place)
    held = None if own.separate and found.ok else asked_for(of_loss)
    if held is None:
        return found._replace(caution=f"But {own} is another: {of_loss}.")
    said = f"{str(own)[:1].upper()}{str(own)[1:]} is known by its value ({of_loss})"
    return held._replace(remarks=[f"{said}; the gradients are held against that.", *held.remarks])


def _with_small_weights(point: Point) -> Point:
    """No probability is tiny there: many add a small number to it within the logarithm, which then does no harm."""
    return point._replace(parameters={name: 0.3 * array for name, array in point.parameters.items()})


def _by_numbers(found: Diagnosis, own: OwnLoss, reader: Reader, place: Place) -> Diagnosis:
    """Beside a loss that is none of the known ones: held against its central differences."""
    _, point = perturbed(place.points[0])  # beside the kinks
    answered = reader(place.layout, point, forward(point, place.architecture))
    wrong = [name for name, given in answered.items() if not own.has_gradient(point, name[1:], given)]
    if not wrong and len(answered) == len(found.findings):
        findings = [Finding(name, "right") for name in answered]
        remark = f"They agree with central differences of {own}, which is none of the losses known here by name."
        return found._replace(findings=findings, network=f"For {own}", remarks=[remark, *found.remarks])
    if own.separate or (found.explained and not found.ok):
        return found._replace(
            caution=f"But {own} is another one: its central differences differ from {', '.join(wrong)}."
        )
    detail = "central differences of that loss are others"
    findings = [
        Finding(name, "not a known mistake", detail=detail) if name in wrong else Finding(name, "right")
        for name in answered
    ]
    caution = f"The gradients would be right for this one: {found.network}." if found.ok else ""
    return found._replace(findings=findings, network=f"For {own}", caution=caution)
