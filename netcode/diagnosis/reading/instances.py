"""Somebody's class: a fresh object of it at each point, whose parameters are those of the point."""

from __future__ import annotations

import copy
import inspect
from typing import Any

from netcode.diagnosis.reading.arguments import Arguments
from netcode.diagnosis.reading.calling import called
from netcode.diagnosis.reading.names import Meaning
from netcode.diagnosis.reading.supply import Supply


class Instances(Arguments):
    """A method that can be bound to an object; a function that stands alone has none."""

    def _instance(self, supply: Supply) -> Any:
        """A fresh object of the class whose parameters are those of the point."""
        instance = self._constructed(supply) if inspect.isclass(self.owner) else copy.deepcopy(self.owner)
        for name in self._attributes:
            usage = self._whole.usage(name)
            for meaning in self._meanings(name)[:1]:
                if meaning.kind in ("W", "b", "parameters", "weights", "biases", "lam"):
                    value = supply.array(Meaning("lam")) if meaning.kind == "lam" else supply.given(meaning, usage)
                    setattr(instance, name, self._like(getattr(instance, name, None), value))
        return instance

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
                known = [meaning for meaning in self._meanings(name) if meaning.kind not in ("A", "Z", "X", "P")]
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
