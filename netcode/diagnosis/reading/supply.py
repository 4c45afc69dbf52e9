"""What a reader's function may ask for at one point, in the layout that it expects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from netcode.diagnosis.architecture import Point
from netcode.diagnosis.layout import Layout
from netcode.diagnosis.reading.code import Usage
from netcode.diagnosis.reading.names import LAST, Meaning, meanings
from netcode.shapes import Array

RATE = 2.0**20
"""The learning rate that is given to whoever wants one. Dividing by it is exact, and it is so large that a step from
the old weights to the new ones is known to as many digits as the gradient."""


class Values(dict[str, Any]):
    """A dictionary that understands other names of what is in it: params["w1"], cache["probs"]."""

    def __init__(self, entries: Mapping[str, Any], supply: Supply) -> None:
        super().__init__(entries)
        self._supply = supply

    def __missing__(self, key: object) -> Any:
        for meaning in meanings(str(key)):
            try:
                value = self._supply.entry(meaning)
            except KeyError:
                continue
            self[str(key)] = value
            return value
        raise KeyError(key)


class Bundle(tuple[Any, ...]):
    """Several arrays for whoever is not seen to use them: unpacked, taken by name, or read as attributes."""

    _entries: Values

    def __new__(cls, entries: Mapping[str, Any], supply: Supply) -> Bundle:
        bundle = super().__new__(cls, entries.values())
        bundle._entries = Values(entries, supply)
        return bundle

    def __getitem__(self, key: Any) -> Any:
        return self._entries[key] if isinstance(key, str) else super().__getitem__(key)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._entries[name]
        except KeyError:
            raise AttributeError(name) from None

    def __reduce__(self) -> Any:
        return tuple, (tuple(self),)


class Supply:
    """The arrays and numbers of one point, each the same however often it is asked for."""

    def __init__(self, point: Point, forward: Mapping[str, Array], layout: Layout) -> None:
        """`forward` are the values of the forward pass, in the layout already: they are shared between calls."""
        self.point, self.layout, self._forward = point, layout, forward
        self._layers = point.layers

    @cached_property
    def parameters(self) -> dict[str, Array]:
        """W1, b1, W2, ... in fresh arrays."""
        return {name: self.layout.parameter(name, array) for name, array in self.point.parameters.items()}

    @cached_property
    def X(self) -> Array:
        return self.layout.per_example(self.point.X)

    @cached_property
    def Y(self) -> Array:
        return self.layout.targets(self.point.Y)

    def array(self, meaning: Meaning) -> Any:
        """X, Y, a parameter, a value of the forward pass or a number. Raises KeyError if there is no such thing."""
        kind, layer = meaning
        layer = self._layers if layer == LAST else layer
        if kind in ("X", "Y"):
            return getattr(self, kind)
        if kind == "A" and layer in (0, self._layers):
            return self._forward["P"] if layer else self.X
        if kind in ("W", "b"):
            return self.parameters[f"{kind}{layer}"]
        if kind in ("Z", "A"):
            return self._forward[f"{kind}{layer}"]
        if kind == "P":
            return self._forward["P"]
        return self._number(kind)

    def entry(self, meaning: Meaning) -> Any:
        """What a dictionary has under a key of this meaning: also all weights, or all biases, in a list."""
        if meaning.kind in ("weights", "biases"):
            kind = "W" if meaning.kind == "weights" else "b"
            return [self.parameters[f"{kind}{layer + 1}"] for layer in range(self._layers)]
        return self.array(meaning)

    def given(self, meaning: Meaning, usage: Usage) -> Any:
        """What is passed for a parameter of this meaning that is used in this way. Raises KeyError if there is none."""
        many: dict[str, Callable[[], Any]] = {
            "parameters": lambda: self._several(self.parameters, usage),
            "cache": lambda: self._cache(usage),
            "weights": lambda: self._layered("W", usage),
            "biases": lambda: self._layered("b", usage),
            "activations": lambda: [self.X, *self._forward_layers("A"), self._forward["P"]],
            "scores": lambda: self._forward_layers("Z"),
            "vector": lambda: np.concatenate([array.ravel() for array in self.parameters.values()]),
        }
        return many[meaning.kind]() if meaning.kind in many else self.array(meaning)

    def _number(self, kind: str) -> Any:
        layers = [len(self.point.parameters[f"W{layer + 1}"]) for layer in range(self._layers)]
        sizes = {**self.point.sizes, "sizes": [len(self.point.X), *layers]}
        return {**sizes, "lam": self.point.lam, "rate": RATE, "steps": 1, "flag": False}[kind]

    def _several(self, entries: Mapping[str, Any], usage: Usage) -> Any:
        """As a dictionary, an object with attributes, or the tuple that is unpacked."""
        if usage.unpacked:
            return self._unpacked(list(entries.values()), usage.unpacked)
        if usage.like_dict or usage.counted or usage.attributes & set(dir(dict)):
            return Values(entries, self)
        return list(entries.values()) if usage.like_list else Bundle(entries, self)

    def _unpacked(self, values: list[Any], names: Sequence[str]) -> tuple[Any, ...]:
        """By name; what has no name of its own by its position."""
        return tuple(self._named(name) if name.strip("_") else values[position] for position, name in enumerate(names))

    def _cache(self, usage: Usage) -> Any:
        if usage.like_list and usage.by_name:
            return [self._layer_cache(layer) for layer in range(1, self._layers + 1)]
        if not (usage.unpacked or usage.like_dict or usage.like_list):
            return Bundle(self._forward, self)
        forward = {name: array for name, array in self._forward.items() if name != "P"}
        output = {f"A{self._layers}": self._forward["P"]}
        return self._several({**forward, **output, **self.parameters}, usage)

    def _layer_cache(self, layer: int) -> Any:
        """((A before, W, b), Z), as a course has it that many have taken."""
        before = self.array(Meaning("A", layer - 1))
        linear = (before, self.parameters[f"W{layer}"], self.parameters.get(f"b{layer}"))
        return linear, self._forward[f"Z{layer}"]

    def _named(self, name: str) -> Any:
        for meaning in meanings(name):
            try:
                return self.array(meaning)
            except KeyError:
                continue
        raise KeyError(name)

    def _layered(self, kind: str, usage: Usage) -> Any:
        """One array for each layer, in a list, or the only layer's alone."""
        if usage.like_dict:
            return self._several(self.parameters, usage)
        arrays: Sequence[Any] = [self.parameters[f"{kind}{layer + 1}"] for layer in range(self._layers)]
        if self._layers == 1 and not usage.like_list:
            return arrays[0]
        if usage.unpacked:
            return tuple(arrays)
        from_one = self._layers in usage.numbers and 0 not in usage.numbers
        return [None, *arrays] if from_one else list(arrays)

    def _forward_layers(self, kind: str) -> list[Array]:
        return [array for name, array in self._forward.items() if name.startswith(kind)]
