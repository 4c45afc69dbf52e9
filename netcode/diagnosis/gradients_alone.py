"""Gradients that somebody has computed, without the function: held against the right ones where they were computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from netcode.arguments import nonnegative
from netcode.diagnosis.architecture import Architecture, Point
from netcode.diagnosis.asking import Places
from netcode.diagnosis.comparison import Comparison
from netcode.diagnosis.diagnosis import Diagnosis
from netcode.diagnosis.explanation import Explanation, cost, explain
from netcode.diagnosis.layout import Layout
from netcode.diagnosis.reading.results import gradients_in, numbers
from netcode.diagnosis.telling import told
from netcode.errors import InputError
from netcode.shapes import Array

__all__ = ["arrays", "of_gradients", "read", "shapes"]


def of_gradients(gradients: Any, places: Places, network: Architecture | None) -> Diagnosis:
    """The diagnosis in the layout in which most is explained by least."""
    remark = (
        "From gradients alone, what shows only elsewhere or at a second call can't be seen: give the function itself."
    )
    found: list[tuple[float, int, Layout, Comparison, Sequence[Explanation]]] = []
    for layout, point in places.items():
        answers = {name: [array] for name, array in read(gradients, layout, point).items()}
        base = Architecture(point.layers, biases="b1" in point.parameters, penalty="lam/2" if point.lam else "none")
        comparison = Comparison(answers, [point], network or base, flat_biases=layout.biases == "flat", last_call=True)
        explained = explain(comparison)
        found.append((cost(explained), len(found), layout, comparison, explained))
    *_, layout, comparison, explanations = min(found, key=lambda one: one[:2])
    diagnosis = told(layout, comparison, explanations)
    return diagnosis._replace(remarks=[remark, *diagnosis.remarks])


def read(gradients: Any, layout: Layout, point: Point) -> dict[str, Array]:
    """The gradients that were given, examples being columns. Raises InputError if they can't be found."""
    shapes = {name: layout.parameter(name, array).shape for name, array in point.parameters.items()}
    found = gradients_in(gradients, (), shapes)
    expected = ", ".join(f"d{name}" for name in shapes)
    if not found:
        what = f"{len(gradients)} values" if isinstance(gradients, Sequence) else f"a {type(gradients).__name__}"
        raise InputError(f"the gradients are {what}; expected {expected}, in this order or by name")
    if missing := [f"d{name}" for name in shapes if f"d{name}" not in found]:
        raise InputError(f"the gradients lack {', '.join(missing)}; expected {expected}")
    return {f"d{name}": layout.as_columns(name, numbers(f"d{name}", found[f"d{name}"])).copy() for name in shapes}


def arrays(X: Any, Y: Any, parameters: Any, lam: float) -> tuple[Array, Array, dict[str, Array], float]:
    """X, Y, the parameters by name, and lam. Raises InputError if they can't be used."""
    if Y is None or parameters is None:
        raise InputError("X without Y or parameters; expected all three")
    if not isinstance(parameters, Mapping):
        if hasattr(parameters, "_asdict"):
            parameters = parameters._asdict()
        elif len(parameters) % 2 or len(parameters) < 4:
            raise InputError(f"{len(parameters)} parameters; expected W1, b1, W2, b2")
        else:
            names = [f"{kind}{layer + 1}" for layer in range(len(parameters) // 2) for kind in "Wb"]
            parameters = dict(zip(names, parameters, strict=True))
    layers = max(int(name[1:]) for name in parameters)
    expected = [f"{kind}{layer + 1}" for layer in range(layers) for kind in "Wb"]
    if missing := [name for name in expected if name not in parameters]:
        raise InputError(f"the parameters lack {', '.join(missing)}; expected {', '.join(expected)}")
    arrays = {name: numbers(name, parameters[name]).astype(np.float64) for name in expected}
    return numbers("X", X).astype(np.float64), numbers("Y", Y), arrays, nonnegative("lam", lam)


def shapes(X: Array, Y: Array, parameters: Mapping[str, Array], _: float) -> str:
    """As in X (3, 7), Y (4, 7), W1 (5, 3), ..."""
    shapes = {"X": X.shape, "Y": Y.shape} | {name: array.shape for name, array in parameters.items()}
    return ", ".join(f"{name} {shape}" for name, shape in shapes.items())
