"""Where the gradients are in what a function returned: by name, by order, by shape, in a vector."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from netcode.diagnosis.reading.names import LAST, gradient_of
from netcode.errors import InputError
from netcode.shapes import Array

Shapes = Mapping[str, tuple[int, ...]]
"""The shape of each parameter, W1, b1, W2, ..., as the reader has it."""


def gradients_in(result: Any, returned: Sequence[str], shapes: Shapes) -> dict[str, Any]:
    """The gradients of a result by name (dW1, db1, ...), as far as they are found; `returned` are the code's names.

    A loss beside them is left out.
    """
    if isinstance(result, np.ndarray) and result.ndim == 1 and result.size == sum(map(np.prod, shapes.values())):
        return _split(result, shapes)
    if isinstance(result, Mapping):
        return _by_key(result, shapes)
    if hasattr(result, "_fields") and (found := _of_attributes(result, shapes)):
        return found
    if isinstance(result, tuple | list):
        return _of_sequence(list(result), list(returned), shapes)
    if isinstance(result, np.ndarray) and len(shapes) == 1:
        return {f"d{name}": result for name in shapes}
    return _of_attributes(result, shapes)


def _of_sequence(items: list[Any], returned: list[str], shapes: Shapes) -> dict[str, Any]:
    names = returned if len(returned) == len(items) else [""] * len(items)
    inner = [item for item in items if isinstance(item, Mapping | list | tuple)]
    if len(inner) == 1 and len(items) <= 3:
        return gradients_in(inner[0], (), shapes)
    if len(inner) == 2 and len(items) <= 3:
        return _two_lists(inner, shapes)
    vectors = [one for one in items if _axes(one) == 1 and np.size(one) == sum(map(np.prod, shapes.values()))]
    if len(items) == 2 and len(vectors) == 1:
        return _split(np.asarray(vectors[0]), shapes)
    while len(items) > len(shapes) and items and _axes(items[0]) == 0:
        items, names = items[1:], names[1:]
    while len(items) > len(shapes) and items and _axes(items[-1]) == 0:
        items, names = items[:-1], names[:-1]
    return _named(items, names, shapes) or _in_order(items, shapes)


def _named(items: Sequence[Any], names: Sequence[str], shapes: Shapes) -> dict[str, Any]:
    """If the code's names say which is which."""
    found = dict(zip((_gradient(one, shapes) for one in names), items, strict=True))
    found.pop("", None)
    return found if len(found) == len(shapes) or (found and len(found) == len(items)) else {}


def _in_order(items: Sequence[Any], shapes: Shapes) -> dict[str, Any]:
    """In the one of the usual orders in which most shapes are right."""
    if len(items) != len(shapes):
        return {}
    orders = [dict(zip(order, items, strict=True)) for order in _orders(shapes)]
    best = max(orders, key=lambda order: sum(_shape(item) == shapes[name] for name, item in order.items()))
    return {f"d{name}": item for name, item in best.items()}


def _orders(shapes: Shapes) -> Iterator[Sequence[str]]:
    names = list(shapes)
    weights, biases = ([name for name in names if name[0] == kind] for kind in "Wb")
    yield names
    pairs = list(itertools.zip_longest(weights[::-1], biases[::-1]))
    yield [name for pair in pairs for name in pair if name]
    yield weights + biases
    yield weights[::-1] + biases[::-1]
    yield biases + weights
    yield names[::-1]


def _by_key(result: Mapping[Any, Any], shapes: Shapes) -> dict[str, Any]:
    if result and all(isinstance(key, int) for key in result):
        return _by_layer(result, "W", shapes)
    found = {_gradient(str(key), shapes): value for key, value in result.items()}
    known = {name: value for name, value in found.items() if name and not isinstance(value, Mapping)}
    if known:
        return known
    inner = [value for value in result.values() if isinstance(value, Mapping | list)]
    if len(inner) == 2 and len(result) == 2:
        return _two_lists(inner, shapes)
    return gradients_in(inner[0], (), shapes) if len(inner) == 1 else {}


def _two_lists(lists: Sequence[Any], shapes: Shapes) -> dict[str, Any]:
    """Those of the weights and of the biases, in the order in which more shapes are right; if equal, weights first."""
    orders = [
        _by_layer(weights, "W", shapes) | _by_layer(biases, "b", shapes) for weights, biases in (lists, lists[::-1])
    ]
    return max(orders, key=lambda order: sum(_shape(value) == shapes[name[1:]] for name, value in order.items()))


def _by_layer(values: Any, kind: str, shapes: Shapes) -> dict[str, Any]:
    """A list of arrays, or a dictionary of them by number, one for each layer, from the first or from the last."""
    if isinstance(values, Mapping):
        values = [values[key] for key in sorted(values)] if all(isinstance(key, int) for key in values) else []
    values = [value for value in values if (value is not None and _axes(value) > 0) or kind == "b"]
    names = [name for name in shapes if name[0] == kind]
    if len(values) != len(names):
        return {}
    if _shape(values[0]) != shapes[names[0]] and _shape(values[-1]) == shapes[names[0]]:
        values = values[::-1]
    return {f"d{name}": value for name, value in zip(names, values, strict=True)}


def _of_attributes(result: Any, shapes: Shapes) -> dict[str, Any]:
    found = {}
    for key in [key for key in dir(result) if key[0] in "dgD" or "grad" in key.lower()]:
        if (name := _gradient(key, shapes)) and not callable(value := getattr(result, key)):
            found[name] = value
    return found


def _axes(value: Any) -> int:
    return len(_shape(value))


def _shape(value: Any) -> tuple[int, ...]:
    """As NumPy says, but for a list of arrays of several shapes, which has none: it is told by a size of -1."""
    try:
        return np.shape(value)
    except ValueError:
        return (len(value), -1)


def _split(vector: Array, shapes: Shapes) -> dict[str, Any]:
    parts = np.split(vector, np.cumsum([int(np.prod(shape)) for shape in shapes.values()])[:-1])
    return {f"d{name}": part.reshape(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}


def _gradient(key: str, shapes: Shapes) -> str:
    """The name of the gradient that the key is for; empty if none of these parameters has it."""
    meaning = gradient_of(key) if key else None
    if meaning is None:
        return ""
    layers = sum(name.startswith("W") for name in shapes)
    name = f"{meaning.kind}{layers if meaning.layer == LAST else meaning.layer}"
    return f"d{name}" if name in shapes else ""


def numbers(name: str, value: Any) -> Array:
    """An array of real numbers. Raises InputError if it is none."""
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        array = np.asarray(None)
    if array.dtype.kind not in "iubf":
        raise InputError(f"{name} is {type(value).__name__} of type {array.dtype}; expected an array of real numbers")
    return array


def loss_of(result: Any, gradients: int) -> float | None:
    """The number that a function returns beside so many gradients, first or last."""
    if isinstance(result, tuple | list) and len(result) > 1:
        if len(result) == gradients and not any(isinstance(item, Mapping | list | tuple) for item in result):
            return None  # the number is a bias's gradient
        for item in (result[0], result[-1]):
            if isinstance(item, int | float | np.number):
                return float(item)
    return None


def described(result: Any) -> str:
    if isinstance(result, tuple | list):
        return f"{len(result)} values"
    return "nothing" if result is None else f"a {type(result).__name__}"
