"""The parts of an object, where each layer of a network is an object too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

__all__ = ["attribute_of", "own_layers", "parts_of"]

NAMES = {"W": ("W", "w", "weights", "weight", "kernel"), "b": ("b", "bias", "biases")}


def parts_of(instance: Any) -> list[Any]:
    """The objects that an object has: as attributes, or in lists and dictionaries that are its attributes."""
    found: list[Any] = []
    for value in getattr(instance, "__dict__", {}).values():
        inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else [value]
        found += [one for one in inside if hasattr(one, "__dict__") and not callable(one)]
    return found


def own_layers(instance: Any, layers: int) -> Sequence[Any]:
    """The parts that have weights, in their order, if there are as many as layers and the object has none itself."""
    found = [part for part in parts_of(instance) if attribute_of(part, "W")]
    own = any(
        isinstance(value, np.ndarray | Mapping) and len(value) for value in getattr(instance, "__dict__", {}).values()
    )
    return found if len(found) == layers and not own else []


def attribute_of(part: Any, kind: str) -> str:
    """What the part calls its weights, or its biases; empty if it has none."""
    return next((name for name in NAMES[kind] if isinstance(vars(part).get(name), np.ndarray)), "")
