"""The arguments of somebody's function at a point: each is made from what its name means."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from netcode.diagnosis.reading.names import is_rate, is_upstream, meanings, nearest
from netcode.diagnosis.reading.supply import Supply
from netcode.diagnosis.reading.traits import FORWARD, Traits
from netcode.errors import InputError

LEFT_ALONE = ("flag", "n", "h", "C", "sizes", "m")
"""What keeps its default, if it has one."""
IN_ORDER = ("X", "Y", "W1", "b1", "W2", "b2", "lam")


class Arguments(Traits):
    """A function or method that can be handed what it wants."""

    def _arguments(self, supply: Supply, passed: Any) -> tuple[list[Any], dict[str, Any]]:
        if self._takes_anything or (not self.parameters and not self.globals and self.owner is None):
            return [supply.array(meanings(name)[0]) for name in IN_ORDER], {}
        positional, named = [], {}
        for name, parameter in self.parameters.items():
            if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                continue
            known, value = self._argument(name, parameter, supply, passed)
            if known and parameter.kind is parameter.POSITIONAL_ONLY:
                positional.append(value)
            elif known:
                named[name] = value
        return positional, named

    def _argument(self, name: str, parameter: inspect.Parameter, supply: Supply, passed: Any) -> tuple[bool, Any]:
        usage = self.code.usage(name)
        meaning = self._meaning(name, usage)
        optional = parameter.default is not parameter.empty
        by_default = meaning is not None and (
            meaning.kind in LEFT_ALONE or (meaning.kind == "rate" and not is_rate(name))
        )
        if meaning is None or (optional and by_default):
            if not optional:
                raise InputError(self._complaint(name))
            return False, None
        if passed is not None and meaning.kind in FORWARD:
            if meaning.kind == "P" and isinstance(passed, np.ndarray):
                return True, passed
            if meaning.kind == "cache" and isinstance(passed, tuple | dict):
                return True, _cache_in(passed)
        try:
            return True, supply.given(meaning, usage)
        except KeyError:
            if optional:
                return False, None
            raise InputError(self._complaint(name)) from None

    def _complaint(self, name: str) -> str:
        if is_upstream(name):
            return (
                f"{self.name} is given a gradient, {name}: it is the backward pass of a layer, not of a network; "
                "python -m derivations verify FILE --layer NAME holds it against that layer's"
            )
        near = nearest(name)
        hint = f"; the nearest known: {', '.join(near)}" if near else ""
        return (
            f"{self.name} has a parameter {name}, and what it means can't be guessed{hint}; say it by --name {name}=A1"
        )


def _cache_in(passed: Any) -> Any:
    """The cache of what a forward pass returned: output and cache, or the cache alone."""
    if isinstance(passed, tuple) and len(passed) == 2:
        inner = [one for one in passed if isinstance(one, tuple | dict | list)]
        return inner[0] if len(inner) == 1 else passed
    return passed
