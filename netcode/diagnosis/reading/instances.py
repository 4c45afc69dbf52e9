"""Somebody's class: a fresh object of it at each point, whose parameters are those of the point."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from netcode.diagnosis.reading.arguments import Arguments
from netcode.diagnosis.reading.calling import called
from netcode.diagnosis.reading.names import Meaning
from netcode.diagnosis.reading.parts import attribute_of, own_layers, parts_of
from netcode.diagnosis.reading.supply import Supply


class Instances(Arguments):
    """A method that can be bound to an object; a function that stands alone has none."""

    def _instance(self, supply: Supply) -> Any:
        """A fresh object of the class whose parameters are those of the point."""
        instance = self._constructed(supply) if inspect.isclass(self.owner) else copy.deepcopy(self.owner)
        for name in self._attributes:
            usage = self._whole.usage(name)
            for meaning in self._meanings(name)[:1]:
                if meaning.kind == "lam" and usage.attributes:
                    continue  # a number has none: it is a layer, called l2
                if meaning.kind in ("W", "b", "parameters", "weights", "biases", "lam"):
                    value = supply.array(Meaning("lam")) if meaning.kind == "lam" else supply.given(meaning, usage)
                    old = getattr(instance, name, None)
                    if not _filled(old, value, parts_of(instance)):
                        setattr(instance, name, self._like(old, value))
        self._fill_parts(instance, supply)
        return instance

    def _fill_parts(self, instance: Any, supply: Supply) -> None:
        """Where each layer is an object with weights of its own: these are the point's too."""
        for layer, part in enumerate(own_layers(instance, supply.point.layers), 1):
            for kind in "Wb":
                if f"{kind}{layer}" in supply.parameters:
                    setattr(part, attribute_of(part, kind), supply.parameters[f"{kind}{layer}"])

    def _like(self, old: Any, new: Any) -> Any:
        """A list of arrays where the class has a list, a dictionary where it has one."""
        if isinstance(old, dict) and isinstance(new, list):
            return dict(zip(sorted(old), new, strict=False))
        return new

    def _constructed(self, supply: Supply) -> Any:
        made = self.owner.__new__(self.owner)
        try:
            arguments = {}
            for name, parameter in list(inspect.signature(self.owner.__init__).parameters.items())[1:]:
                if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                    continue
                meant = [Meaning("h")] if name == "h" else self._meanings(name)
                known = [meaning for meaning in meant if meaning.kind not in ("A", "Z", "X", "P")]
                if parameter.default is parameter.empty or (known and known[0].kind in ("n", "h", "C", "sizes")):
                    usage = self._whole.usage(name)
                    arguments[name] = supply.given((known or self._meanings(name))[0], usage)
            made.__init__(**arguments)
        except Exception:  # what it can't be made with is set by hand
            made = self.owner.__new__(self.owner)
        return made

    def _passed(self, instance: Any, supply: Supply) -> Any:
        """What the class's own forward pass returned."""
        if self._forward_method is None:
            return None
        method = Arguments(getattr(self._owner_class, self._forward_method), instance, self._said)
        arguments, named = method._arguments(supply, None)
        return called(getattr(instance, self._forward_method), arguments, named)


def _filled(old: Any, new: Any, parts: Sequence[Any]) -> bool:
    """Put new numbers into old arrays that parts of the object share, as its layers may; whether there are such."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        pairs = [(array, new[name]) for name, array in old.items()]
    elif isinstance(old, list) and isinstance(new, list):
        pairs = list(zip(old, new, strict=False))
    else:
        pairs = [(old, new)]
    shared = [value for part in parts for value in vars(part).values() if isinstance(value, np.ndarray)]
    fits = all(isinstance(one, np.ndarray) and np.shape(one) == np.shape(other) for one, other in pairs)
    if not fits or not any(one is value for one, _ in pairs for value in shared):
        return False
    for one, other in pairs:
        one[...] = other
    return True
