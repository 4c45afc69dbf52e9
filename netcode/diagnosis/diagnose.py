"""What is wrong with my gradient? The one call that answers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from netcode.diagnosis.architecture import Architecture
from netcode.diagnosis.asking import Asking, Places
from netcode.diagnosis.diagnosis import Diagnosis
from netcode.diagnosis.gradients_alone import arrays, of_gradients, shapes
from netcode.diagnosis.layout import LAYOUTS, Layout
from netcode.diagnosis.reading.choice import reader_of
from netcode.diagnosis.reading.reader import Reader
from netcode.errors import InputError

__all__ = ["diagnose", "diagnose_reader"]


def diagnose(
    gradients: Any,
    X: Any = None,
    Y: Any = None,
    parameters: Any = None,
    lam: float = 0.0,
    *,
    rows: bool | None = None,
    network: Architecture | None = None,
    names: Mapping[str, str] | None = None,
    site: str = "",
) -> Diagnosis:
    """Say of each gradient whether it is right, and if not, which mistake makes it what it is.

    `gradients` is a backward pass, or the gradients that one has returned.

    A backward pass is a function, or a class or object with a method, as one writes it: its arguments are made from
    the names of its parameters (the examples X, their labels y or one-hot targets Y, weights W1, b1, ..., or a
    dictionary, list or vector of them, the penalty's strength, a cache with the values of the forward pass), and its
    gradients are found in what it returns, by name, order or shape. `names` says what a name means that can't be
    guessed, as in names={"h": "A1"}. The function is called several times, with random numbers of all sizes.

    Which network and which loss it is for is found out, unless `network` says so: activation, output, reduction,
    penalty, depth, biases. Examples may be columns or rows, weights either way round, biases columns, rows or flat,
    labels numbers or one-hot; if `rows` is None, what fits is found by trying.

    X, Y (or labels), parameters (W1, b1, W2, b2, ..., in this order or by name) and lam say where gradients were
    computed; with a function they are optional, and a further point to ask for them. Nothing that is given is changed.

    `site` is the address of a page that explains the mistakes, up to the name of one, as in
    "https://example.org/mistakes/#"; with it the answer has links.

    Raises InputError if something given can't be used.
    """
    layouts = [layout for layout in LAYOUTS if rows is None or layout.rows == rows]
    given = None if X is None else arrays(X, Y, parameters, lam)
    places: Places = {layout: point for layout in layouts if given and (point := layout.point(*given))}
    if given and not places:
        raise InputError(f"the shapes don't fit: {shapes(*given)}; expected those of n features, h units, C classes")
    if (reader := reader_of(gradients, names)) is not None:
        return diagnose_reader(reader, list(places) or layouts, places, network)._replace(site=site)
    if not given:
        raise InputError("gradients without X, Y and parameters; expected all of them, or a backward pass")
    return of_gradients(gradients, places, network)._replace(site=site)


def diagnose_reader(
    reader: Reader, layouts: Sequence[Layout], places: Places | None = None, network: Architecture | None = None
) -> Diagnosis:
    """The diagnosis of a backward pass in the one of the layouts that is its own; `places` are further ones to ask for.

    It is asked where all sizes differ; with one output; where all are equal, if it fails otherwise; and then at the
    further points. Raises InputError if its parameters or its result can't be used.
    """
    return Asking(reader, layouts, places or {}, network).diagnosis()
