"""A backward pass as its author wrote it, asked at a point: its arguments made from their names, its result read.

What leads there is in files of its own, each of which knows those before it:

- `vocabulary`: what its names mean
- `traits`: what is known of it before it is asked
- `arguments`: what it is handed
- `instances`: objects of its class
- `outside`: its global names
- `calling`: the call
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from types import FunctionType
from typing import Any

import numpy as np

from netcode.diagnosis.architecture import Point
from netcode.diagnosis.layout import Layout
from netcode.diagnosis.reading.calling import called
from netcode.diagnosis.reading.code import Code
from netcode.diagnosis.reading.instances import Instances
from netcode.diagnosis.reading.names import LAST, Meaning, is_rate
from netcode.diagnosis.reading.outside import own_scope
from netcode.diagnosis.reading.parts import own_layers
from netcode.diagnosis.reading.results import described, gradients_in, loss_of, numbers
from netcode.diagnosis.reading.supply import RATE, Supply
from netcode.errors import InputError
from netcode.shapes import Array


class Reader(Instances):
    """Somebody's function or method."""

    def __init__(
        self,
        function: Callable[..., Any],
        owner: Any = None,
        names: Mapping[str, str] | None = None,
        code: Code | None = None,
    ) -> None:
        """`owner` is the class or object that the function is a method of; `names` says what names mean."""
        super().__init__(function, owner, names, code)
        self._forward: tuple[Any, dict[str, Any]] | None = None
        self._shared: dict[str, Any] = {}
        self.changed: set[str] = set()
        """The arguments that a call has changed in place."""
        self.remarks: list[str] = []
        self.loss: Any = None
        self.losses: tuple[Reader, ...] = ()
        """Functions of the same file or class that compute a loss, and no gradient."""
        self._scope: dict[str, Any] | None = None
        self._own_function: Callable[..., Any] = function
        self._watched = False
        """Whether its variables are looked at, since its result holds no gradients."""

    # Asking

    def __call__(self, layout: Layout, point: Point, forward: Mapping[str, Array]) -> dict[str, Array]:
        """The gradients, examples being columns; `forward` are the values of a forward pass there.

        Raises AskedError if the function fails, InputError if it wants what is not known or its result can't be read.
        """
        if self._forward is None or self._forward[0] is not forward:
            self._forward = forward, {name: layout.per_example(array) for name, array in forward.items()}
        self._shared = self._forward[1]
        found = self._asked(Supply(point, self._shared, layout))
        return {
            name: layout.as_columns(name, numbers(name, found[name])).copy()
            for name in sorted(found, key=lambda name: (name[2:], name[1] != "W"))
        }

    def value(self, layout: Layout, point: Point, forward: Mapping[str, Array]) -> float | None:
        """The number that the function returns, of a loss or a cost; None if it returns something else.

        Raises AskedError if the function fails, InputError if it wants what is not known.
        """
        supply = Supply(point, {name: layout.per_example(array) for name, array in forward.items()}, layout)
        function, instance = self._bound(supply)
        arguments, named = self._arguments(supply, self._passed(instance, supply))
        result = called(function, arguments, named)
        return float(result) if isinstance(result, int | float | np.number) or np.size(result) == 1 else None

    def _asked(self, supply: Supply) -> dict[str, Any]:
        function, instance = self._bound(supply)
        before = {name: array.copy() for name, array in supply.parameters.items()}
        inputs = {"X": supply.X.copy(), "Y": supply.Y.copy()}
        arguments, named = self._arguments(supply, self._passed(instance, supply))
        caught: dict[str, Any] = {}
        result = called(function, arguments, named, caught if self._watched else None)
        self._note_changes(before, inputs, supply)
        found = self._found(result, instance, caught, before, supply)
        if not found and not self._watched:
            self._watched = True
            return self._asked(Supply(supply.point, self._shared, supply.layout))
        if not found:
            raise InputError(self._nothing_found(result, before))
        return found

    def _nothing_found(self, result: Any, parameters: Mapping[str, Array]) -> str:
        expected = ", ".join(f"d{name}" for name in parameters)
        return f"{self.name} returns {described(result)}; expected {expected}, in this order or by name"

    def _found(
        self, result: Any, instance: Any, caught: Mapping[str, Any], before: Mapping[str, Array], supply: Supply
    ) -> dict[str, Any]:
        """The gradients by name; none where new weights came, and the variables have not been looked at yet."""
        shapes = {name: array.shape for name, array in before.items()}
        self.loss = loss_of(result, len(shapes))
        returned = gradients_in(result, self._returned, shapes) if result is not None else {}
        if len(returned) == len(shapes) and not self._returns_weights:
            return returned
        if new := self._new_weights(result, instance, before, supply):
            if own := self._from_variables(caught, shapes):
                return self._as_subtracted(own, new)
            return new if self._watched else {}
        sources = [result, instance]
        sources += [getattr(instance, name, None) for name in ("grads", "gradients", "grad", "gradient")]
        for source in sources:
            if source is not None and (found := gradients_in(source, self._returned, shapes)):
                return found
        if found := self._from_parts(instance, supply):
            return found
        if found := self._from_variables(caught, shapes):
            self._remark("Its result holds no gradients; they are read from its variables.")
        return found

    def _from_parts(self, instance: Any, supply: Supply) -> dict[str, Any]:
        """Where each layer is an object that keeps its own gradients."""
        found: dict[str, Any] = {}
        for layer, part in enumerate(own_layers(instance, supply.point.layers), 1):
            shapes = {
                kind: supply.parameters[f"{kind}{layer}"].shape
                for kind in "Wb"
                if f"{kind}{layer}" in supply.parameters
            }
            inside = gradients_in(part, (), {f"{kind}1": shape for kind, shape in shapes.items()})
            found |= {f"{name[:2]}{layer}": value for name, value in inside.items()}
        return found if len(found) == len(supply.parameters) else {}

    def _as_subtracted(self, own: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
        """The gradients in its variables; where these are added to the weights, not subtracted, minus them."""
        added = all(np.shape(own[name]) == np.shape(new[name]) and np.vdot(own[name], new[name]) < 0 for name in own)
        self._remark(
            "It adds to its weights; the gradients are minus what its variables hold."
            if added
            else "It makes new weights; the gradients are read from its variables."
        )
        return {name: -np.asarray(value) if added else value for name, value in own.items()}

    def _from_variables(self, caught: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
        named = {self._said.get(name, name): value for name, value in caught.items() if name[0] in "dgnD"}
        found = gradients_in(named, (), shapes)
        return found if len(found) == len(shapes) else {}

    def _new_weights(self, result: Any, instance: Any, before: Mapping[str, Array], supply: Supply) -> dict[str, Any]:
        """If the function makes a step instead of returning gradients: how far it went, divided by its rate."""
        new: dict[str, Any] = {}
        if isinstance(result, tuple | list) and self._returns_weights and len(result) == len(before):
            meant = filter(None, map(self._parameter, self.code.returned))
            keys = [f"{one.kind}{supply.point.layers if one.layer == LAST else one.layer}" for one in meant]
            new = dict(zip(keys, result, strict=True))
        if not new:
            new = {**self._now(instance, supply)}
            if all(np.array_equal(new[name], before[name]) for name in new):
                return {}
        if set(new) != set(before) or any(np.shape(new[name]) != before[name].shape for name in before):
            return {}
        rate = self._rate(instance)
        if self._watched:
            self._remark("It makes new weights; the gradients are what was subtracted, divided by the learning rate.")
        return {f"d{name}": (before[name] - new[name]) / rate for name in before}

    @property
    def _returned(self) -> list[str]:
        return [self._said.get(name, name) for name in self.code.returned]

    @cached_property
    def _returns_weights(self) -> bool:
        """Whether what it returns is called W1, b1, ..., not dW1, db1, ..."""
        return bool(self.code.returned) and all(map(self._parameter, self.code.returned))

    def _parameter(self, name: str) -> Meaning | None:
        """The parameter of this name; None if it is that of something else."""
        for meaning in self._meanings(name)[:1]:
            if meaning.kind in ("W", "b"):
                return meaning
            if self._is_single(meaning):
                return Meaning("W" if meaning.kind == "weights" else "b", 1)
        return None

    def _now(self, instance: Any, supply: Supply) -> dict[str, Array]:
        """The parameters after the call, as the object or the arrays that were given have them."""
        if instance is None:
            return supply.parameters
        now = {}
        for name in self._attributes:
            for meaning in self._meanings(name)[:1]:
                if meaning.kind in ("W", "b") and isinstance(getattr(instance, name, None), np.ndarray):
                    layer = supply.point.layers if meaning.layer == LAST else meaning.layer
                    now[f"{meaning.kind}{layer}"] = getattr(instance, name)
        return now or supply.parameters

    def _rate(self, instance: Any) -> float:
        for name, parameter in self.parameters.items():
            if self._meanings(name)[:1] == [Meaning("rate")]:
                default = parameter.default
                return RATE if default is parameter.empty or is_rate(name) else float(default)
        scope = vars(instance) if instance is not None else getattr(self.function, "__globals__", {})
        for name, value in scope.items():
            if Meaning("rate") in self._meanings(name)[:1] and isinstance(value, int | float) and value:
                return float(value)
        return 1.0

    # The function itself

    def _bound(self, supply: Supply) -> tuple[Callable[..., Any], Any]:
        if self.owner is None:
            return self._with_globals(supply), None
        instance = self._instance(supply)
        for name, value in getattr(instance, "__dict__", {}).items():
            if is_rate(name) and isinstance(value, int | float):
                setattr(instance, name, RATE)
        return getattr(instance, self.name), instance

    def _with_globals(self, supply: Supply) -> Callable[..., Any]:
        """The function with the point's arrays in the place of its global ones."""
        if not isinstance(self.function, FunctionType):
            return self.function
        if self._scope is None:
            self.restart()
            assert self._scope is not None
        for name, meaning in self.globals.items():
            self._scope[name] = supply.given(meaning, self.code.usage(name))
        return self._own_function

    def restart(self) -> None:
        """Forget what calls have left in global variables, or in attributes of the function."""
        if self.owner is None and isinstance(self.function, FunctionType):
            self._scope, self._own_function = own_scope(self.function)
            self._scope[self.name] = self._own_function

    # What is to be said of it

    def _remark(self, text: str) -> None:
        if text not in self.remarks:
            self.remarks.append(text)

    def _note_changes(self, before: Mapping[str, Array], inputs: Mapping[str, Array], supply: Supply) -> None:
        after = {**supply.parameters, "X": supply.X, "Y": supply.Y}
        for name, array in {**before, **inputs}.items():
            if not np.array_equal(array, after[name], equal_nan=True):
                self.changed.add(name)
