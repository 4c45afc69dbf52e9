"""What the names in somebody's function mean: its parameters, its global names, the attributes of its class."""

from __future__ import annotations

import builtins
import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from types import FunctionType, ModuleType
from typing import Any

from netcode.diagnosis.reading.code import Code, Usage
from netcode.diagnosis.reading.names import LAST, Meaning, counted_from_zero, gradient_of, meanings
from netcode.diagnosis.reading.outside import free_names, replaceable

FORWARD_NAMES = (
    "forward",
    "feedforward",
    "feed_forward",
    "forward_pass",
    "forward_propagation",
    "forward_prop",
    "predict",
)


class Vocabulary:
    """The names of somebody's function or method, and how many layers they speak of."""

    def __init__(
        self,
        function: Callable[..., Any],
        owner: Any = None,
        names: Mapping[str, str] | None = None,
        code: Code | None = None,
    ) -> None:
        """`owner` is the class or object that the function is a method of; `names` says what names mean."""
        self.function, self.owner = function, owner
        self.name = getattr(function, "__name__", "the function")
        self.code = code or Code.of(function)
        self._owner_class = None if owner is None else owner if inspect.isclass(owner) else type(owner)
        self._whole = Code.of(self._owner_class) if owner is not None else self.code
        self._said = {**counted_from_zero(self._all_names()), **(names or {})}
        self._understood: dict[str, Meaning | None] = {}

    @cached_property
    def parameters(self) -> dict[str, inspect.Parameter]:
        try:
            signature = inspect.signature(self.function)
        except (TypeError, ValueError):  # a function without a signature, as some compiled ones
            return {}
        found = dict(signature.parameters)
        if self.owner is not None and found and next(iter(found)) == "self":
            found.pop("self")
        return found

    @cached_property
    def globals(self) -> dict[str, Meaning]:
        """Names that the function takes from outside and that are quantities of the network."""
        if not isinstance(self.function, FunctionType) or self.owner is not None:
            return {}
        known, found = self.function.__globals__, {}
        for name in free_names(self.function):
            value = known.get(name)
            if hasattr(builtins, name) or callable(value) or isinstance(value, ModuleType):
                continue
            for meaning in self._meanings(name)[:1]:
                if replaceable(meaning, value):
                    found[name] = meaning
        return found

    @cached_property
    def layers(self) -> int:
        numbered = [meaning.layer for meaning in self._all_meanings() if meaning.kind in ("W", "dW", "b", "db")]
        if found := [layer for layer in numbered if layer > 0]:
            return 2 if LAST in numbered and max(found) == 1 else min(max(found), 6)
        if LAST in numbered:
            return 2
        return self._layers_of_lists()

    def _meanings(self, name: str) -> list[Meaning]:
        return meanings(self._said.get(name, name))

    def _meaning(self, name: str, usage: Usage) -> Meaning | None:
        """What the name means, used like this."""
        if name not in self._understood:
            self._understood[name] = self._understand(name, usage)
        return self._understood[name]

    def _understand(self, name: str, usage: Usage) -> Meaning | None:
        if self.code.text and name not in self.code.names and self._meanings(name):
            return self._meanings(name)[0]  # it isn't used
        for meaning in self._meanings(name):
            several = usage.like_list or usage.like_dict or bool(usage.unpacked)
            if several and meaning.kind in ("m", "n", "h", "C", "rate", "lam"):
                continue
            many = several or self._is_single(meaning)
            if meaning.kind == "weights" and not many and self._has_last_weights:
                return Meaning("W", 1)
            if meaning.kind in ("weights", "biases", "activations", "scores") and not many:
                continue
            if meaning.kind in ("parameters", "weights") and self._is_vector(name, usage):
                return Meaning("vector")
            return meaning
        if name.lower() in ("a", "z") and self.layers == 2:
            return Meaning(name.upper(), 1)
        return Meaning("vector") if self._is_vector(name, usage) else None

    @property
    def _has_last_weights(self) -> bool:
        """Whether one of its parameters is called as the second of two weights alone, V beside W."""
        return self.layers == 2 and any(Meaning("W", LAST) in self._meanings(name)[:1] for name in self.parameters)

    def _is_single(self, meaning: Meaning) -> bool:
        """Whether one array may be all the weights, or all the biases."""
        return meaning.kind in ("weights", "biases") and self.layers == 1

    def _is_vector(self, name: str, usage: Usage) -> bool:
        """Whether it is cut into parts that get a shape."""
        return f"{name}[" in self.code.text and "reshape(" in self.code.text and usage.sliced and not usage.like_dict

    # Its class

    @cached_property
    def _attributes(self) -> set[str]:
        """What the class reads and writes of itself, but for its methods."""
        if self.owner is None:
            return set()
        own = () if inspect.isclass(self.owner) else vars(self.owner)
        found = self._whole.usage("self").attributes.union(own)
        return {name for name in found if not callable(getattr(self._owner_class, name, None))}

    @cached_property
    def _forward_method(self) -> str | None:
        """The method that is called before, because this one uses what it has left in the object."""
        if self.owner is None:
            return None
        for name in FORWARD_NAMES:
            if name != self.name and callable(getattr(self._owner_class, name, None)):
                return None if f"self.{name}(" in self.code.text else name
        return None

    # All of its names

    def _all_names(self) -> set[str]:
        return {*self.parameters, *self._whole.names, *self._whole.usage("self").attributes, *self.code.returned}

    def _all_meanings(self) -> Iterator[Meaning]:
        named = {*self.parameters, *self.globals, *self._whole.texts, *self._attributes, *self.code.returned}
        if not any(meaning.kind == "W" for name in named for meaning in self._meanings(name)[:1]):
            named |= self._whole.names
        for name in named | {name for name in self._whole.names if name.lower().startswith("d")}:
            yield from self._meanings(name)[:1]

    def _layers_of_lists(self) -> int:
        """So many as the numbers say by which weights are taken; three where it is a loop over layers."""
        lists = [name for name in (*self.parameters, *self._attributes) if self._is_list(name)]
        if not lists:
            weights = [name for name in self.parameters if name.lower() in ("w", "weights", "theta")]
            return 1 if weights and not self._is_vector(weights[0], self.code.usage(weights[0])) else 2
        if any(self._whole.usage(name).by_name for name in lists):
            return 3
        numbered = [*lists, *(name for name in self.code.names if gradient_of(name)), *self.parameters]
        indices = {number for name in numbered for number in self._whole.usage(name).numbers}
        return max(indices, default=1) + (0 in indices)

    def _is_list(self, name: str) -> bool:
        usage = self._whole.usage(name)
        kinds = {meaning.kind for meaning in self._meanings(name)}
        return bool(kinds & {"weights", "biases", "parameters", "cache"}) and (usage.like_list or usage.formatted)

    @property
    def _takes_anything(self) -> bool:
        return any(parameter.kind is parameter.VAR_POSITIONAL for parameter in self.parameters.values())
