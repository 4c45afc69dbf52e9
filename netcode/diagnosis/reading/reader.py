"""A backward pass as its author wrote it, asked at a point: its arguments made from their names, its result read."""

from __future__ import annotations

import builtins
import copy
import dis
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from types import FrameType, FunctionType, ModuleType
from typing import Any

import numpy as np

from netcode.diagnosis.architecture import Point
from netcode.diagnosis.layout import Labels, Layout
from netcode.diagnosis.reading.code import Code, Usage
from netcode.diagnosis.reading.failure import AskedError
from netcode.diagnosis.reading.names import LAST, Meaning, counted_from_zero, gradient_of, meanings, nearest
from netcode.diagnosis.reading.results import gradients_in, numbers
from netcode.diagnosis.reading.supply import RATE, Supply
from netcode.errors import InputError
from netcode.shapes import Array

FORWARD = ("Z", "A", "P", "cache", "activations", "scores")
"""Kinds of what a forward pass computes."""
IN_ORDER = ("X", "Y", "W1", "b1", "W2", "b2", "lam")
LAST_ERROR = ("dscores", "ds", "dz", "dout", "doutput", "dlogits", "delta", "error", "dl", "dyhat", "d")
HIDDEN_ERROR = ("dh", "dhidden", "dhid", "hidden_delta", "hidden_error", "e")
"""What the derivatives with respect to the scores of the last layer, and of the only hidden one, are called too."""
FORWARD_NAMES = (
    "forward",
    "feedforward",
    "feed_forward",
    "forward_pass",
    "forward_propagation",
    "forward_prop",
    "predict",
)


class Reader:
    """Somebody's function or method."""

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
        self._understood: dict[str, Meaning | None] = {}
        self._watched = False
        """Whether its variables are looked at, since its result holds no gradients."""

    # What is known of it before it is asked

    @property
    def text(self) -> str:
        """Its text, with that of its class and of the functions of its file that it uses."""
        return self._whole.text + "".join(Code.of(helper).text for helper in self._helpers())

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
        for name in self._free_names():
            value = known.get(name)
            if hasattr(builtins, name) or callable(value) or isinstance(value, ModuleType):
                continue
            for meaning in self._meanings(name)[:1]:
                if self._replaceable(name, meaning, value):
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

    @cached_property
    def biases(self) -> bool:
        kinds = {meaning.kind for meaning in self._all_meanings() if meaning.layer or meaning.kind == "biases"}
        if kinds & {"b", "db", "biases"}:
            return True
        if len(self.code.returned) in (2 * self.layers, 2 * self.layers + 1):
            return True
        if not self.code.text:
            return True
        given = (*self.parameters, *self.globals, *self._whole.texts, *self._attributes)
        return not any(meaning.kind in ("W", "weights") for name in given for meaning in self._meanings(name)[:1])

    @cached_property
    def takes_lam(self) -> bool:
        outside = {meaning.kind for meaning in self.globals.values()}
        by_name = {self._meaning(name, self.code.usage(name)) for name in self.parameters}
        own = {meaning.kind for name in self._attributes for meaning in self._meanings(name)[:1]}
        return "lam" in outside | own or Meaning("lam") in by_name or not self.parameters or self._takes_anything

    @cached_property
    def gets_forward(self) -> bool:
        """Whether values of the forward pass are given to it."""
        if self._forward_method is not None:
            return False
        kinds = {meaning.kind for meaning in self.globals.values()}
        for name in self.parameters:
            meaning = self._meaning(name, self.code.usage(name))
            if meaning:
                kinds.add(meaning.kind)
        return bool(kinds & set(FORWARD))

    @cached_property
    def likely_labels(self) -> Labels:
        """Targets are numbers where they are used as an index."""
        for name in (*self.parameters, *self.globals):
            meaning = self._meaning(name, self.code.usage(name))
            if meaning and meaning.kind == "Y":
                return "numbers" if name.islower() or f", {name}]" in self.code.text else "one-hot"
        return "one-hot"

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
        result = _called(function, arguments, named)
        return float(result) if isinstance(result, int | float | np.number) or np.size(result) == 1 else None

    def _asked(self, supply: Supply) -> dict[str, Any]:
        function, instance = self._bound(supply)
        before = {name: array.copy() for name, array in supply.parameters.items()}
        inputs = {"X": supply.X.copy(), "Y": supply.Y.copy()}
        arguments, named = self._arguments(supply, self._passed(instance, supply))
        caught: dict[str, Any] = {}
        result = _called(function, arguments, named, caught if self._watched else None)
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
        return f"{self.name} returns {_described(result)}; expected {expected}, in this order or by name"

    def _found(
        self, result: Any, instance: Any, caught: Mapping[str, Any], before: Mapping[str, Array], supply: Supply
    ) -> dict[str, Any]:
        """The gradients by name; none where new weights came, and the variables have not been looked at yet."""
        shapes = {name: array.shape for name, array in before.items()}
        self.loss = _loss_of(result)
        returned = gradients_in(result, self._returned, shapes) if result is not None else {}
        if len(returned) == len(shapes) and not self._returns_weights:
            return returned
        if new := self._new_weights(result, instance, before, supply):
            if own := self._from_variables(caught, shapes):
                self._remark("It returns new weights; the gradients are read from its variables.")
                return own
            return new if self._watched else {}
        sources = [result, instance]
        sources += [getattr(instance, name, None) for name in ("grads", "gradients", "grad", "gradient")]
        for source in sources:
            if source is not None and (found := gradients_in(source, self._returned, shapes)):
                return found
        if found := self._from_variables(caught, shapes):
            self._remark("Its result holds no gradients; they are read from its variables.")
        return found

    def _from_variables(self, caught: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
        named = {self._said.get(name, name): value for name, value in caught.items() if name[0] in "dgnD"}
        found = gradients_in(named, (), shapes)
        return found if len(found) == len(shapes) else {}

    def _new_weights(self, result: Any, instance: Any, before: Mapping[str, Array], supply: Supply) -> dict[str, Any]:
        """If the function makes a step instead of returning gradients: how far it went, divided by its rate."""
        new: dict[str, Any] = {}
        if isinstance(result, tuple | list) and self._returns_weights and len(result) == len(before):
            meant = [self._meanings(name)[0] for name in self.code.returned]
            layers = (supply.point.layers if one.layer == LAST else one.layer for one in meant)
            keys = [f"{one.kind}{layer}" for one, layer in zip(meant, layers, strict=True)]
            new = dict(zip(keys, result, strict=True))
        if not new:
            new = {**self._now(instance, supply)}
            if all(np.array_equal(new[name], before[name]) for name in new):
                return {}
        if set(new) != set(before) or any(np.shape(new[name]) != before[name].shape for name in before):
            return {}
        rate = self._rate(instance)
        if self._watched:
            self._remark(f"It makes new weights; the gradients are what was subtracted, divided by the rate {rate:g}.")
        return {f"d{name}": (before[name] - new[name]) / rate for name in before}

    @property
    def _returned(self) -> list[str]:
        return [self._said.get(name, name) for name in self.code.returned]

    @cached_property
    def _returns_weights(self) -> bool:
        """Whether what it returns is called W1, b1, ..., not dW1, db1, ..."""
        meant = [self._meanings(name)[:1] for name in self.code.returned]
        return bool(meant) and all(one and one[0].kind in ("W", "b") for one in meant)

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
                return RATE if default is parameter.empty else float(default)
        scope = vars(instance) if instance is not None else getattr(self.function, "__globals__", {})
        for name, value in scope.items():
            if Meaning("rate") in self._meanings(name)[:1] and isinstance(value, int | float) and value:
                return float(value)
        return 1.0

    # Its arguments

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
        if meaning is None or (optional and meaning.kind in ("rate", "flag", "n", "h", "C", "sizes", "m")):
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
        near = nearest(name)
        hint = f"; the nearest known: {', '.join(near)}" if near else ""
        return (
            f"{self.name} has a parameter {name}, and what it means can't be guessed{hint}; say it by --name {name}=A1"
        )

    def _meaning(self, name: str, usage: Usage) -> Meaning | None:
        """What the name means, used like this."""
        if name not in self._understood:
            self._understood[name] = self._understand(name, usage)
        return self._understood[name]

    def _understand(self, name: str, usage: Usage) -> Meaning | None:
        if self.code.text and name not in self.code.names and self._meanings(name):
            return self._meanings(name)[0]  # it isn't used
        for meaning in self._meanings(name):
            many = usage.like_list or usage.like_dict or usage.unpacked or self._is_single(meaning)
            if meaning.kind in ("weights", "biases", "activations", "scores") and not many:
                continue
            if meaning.kind in ("parameters", "weights") and self._is_vector(name, usage):
                return Meaning("vector")
            return meaning
        if name.lower() in ("a", "z") and self.layers == 2:
            return Meaning(name.upper(), 1)
        return Meaning("vector") if self._is_vector(name, usage) else None

    def _is_single(self, meaning: Meaning) -> bool:
        """Whether one array may be all the weights, or all the biases."""
        return meaning.kind in ("weights", "biases") and self.layers == 1

    def _is_vector(self, name: str, usage: Usage) -> bool:
        """Whether it is cut into parts that get a shape."""
        return f"{name}[" in self.code.text and "reshape(" in self.code.text and usage.sliced and not usage.like_dict

    def _meanings(self, name: str) -> list[Meaning]:
        return meanings(self._said.get(name, name))

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

    def _bound(self, supply: Supply) -> tuple[Callable[..., Any], Any]:
        if self.owner is None:
            return self._with_globals(supply), None
        instance = self._instance(supply)
        return getattr(instance, self.name), instance

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
        method = Reader(getattr(self._owner_class, self._forward_method), instance, self._said)
        arguments, named = method._arguments(supply, None)
        return _called(getattr(instance, self._forward_method), arguments, named)

    # What it takes from outside

    def _free_names(self) -> Iterator[str]:
        """Those of the function, and of the functions of the same file that it uses."""
        if not isinstance(self.function, FunctionType):
            return
        scope = self.function.__globals__
        seen: set[str] = set()
        waiting = [self.function]
        while waiting:
            for name in _global_names(waiting.pop().__code__):
                if name not in seen:
                    seen.add(name)
                    yield name
                    helper = scope.get(name)
                    if isinstance(helper, FunctionType) and helper.__globals__ is scope:
                        waiting.append(helper)

    def _helpers(self) -> Iterator[FunctionType]:
        if isinstance(self.function, FunctionType):
            scope = self.function.__globals__
            for name in _global_names(self.function.__code__):
                helper = scope.get(name)
                if isinstance(helper, FunctionType) and helper.__globals__ is scope:
                    yield helper

    def _replaceable(self, name: str, meaning: Meaning, value: Any) -> bool:
        """Whether a name from outside is something of the network that can be given to it."""
        if meaning.kind in ("rate", "flag", "steps", "n", "h", "C", "sizes"):
            return False
        if value is None:
            return True
        numeric = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        if meaning.kind in ("lam", "m"):
            return numeric
        return isinstance(value, np.ndarray) or (isinstance(value, list | dict) and meaning.kind in (
            "parameters", "weights", "biases"
        ) and bool(value))  # fmt: skip

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
        if self.owner is not None or not isinstance(self.function, FunctionType):
            return
        old = self.function.__globals__
        scope: dict[str, Any] = {**old}
        for name in self._free_names():
            value = old.get(name)
            if isinstance(value, list | dict | set | np.ndarray):
                scope[name] = copy.deepcopy(value)
            elif isinstance(value, FunctionType) and value.__globals__ is old:
                scope[name] = _rebound(value, scope)
        self._scope, self._own_function = scope, _rebound(self.function, scope)
        scope[self.name] = self._own_function

    def line_of(self, quantity: str) -> str:
        """The line of its text that computes the quantity last, as in "line 9: dW2 = a1.T @ d3"; empty if not found."""
        lines = [line for name, line in self.code.assigned.items() if self._is_quantity(name, quantity)]
        if not lines:
            return ""
        text = self.code.text.splitlines()[max(lines) - self.code.first_line].strip()
        return f"line {max(lines)}: {text}"

    def _is_quantity(self, name: str, quantity: str) -> bool:
        if quantity[:2] in ("dW", "db"):
            meaning = gradient_of(self._said.get(name, name)) if name[:1] in "dgnD" else None
            return meaning is not None and quantity == f"d{meaning.kind}{self._layer(meaning.layer)}"
        named = [f"{meaning.kind}{self._layer(meaning.layer)}" for meaning in self._meanings(name)]
        last = quantity == f"dZ{self.layers}" and name.lower() in LAST_ERROR
        hidden = quantity == "dZ1" and self.layers == 2 and name.lower() in HIDDEN_ERROR
        return quantity in named or last or hidden

    def _layer(self, layer: int) -> int:
        return self.layers if layer == LAST else layer

    # Names in it

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

    def guesses(self) -> list[str]:
        """What was guessed of its names, as in "A2 is P"."""
        found = []
        for name in self.parameters:
            meaning = self._meaning(name, self.code.usage(name))
            if meaning and (said := self._said_of(name, meaning)):
                found.append(said)
        return found + [f"{name} (a global) is {self._short(meaning)}" for name, meaning in self.globals.items()]

    def _said_of(self, name: str, meaning: Meaning) -> str:
        short = self._short(meaning)
        return "" if short.lower() == name.lower() or meaning.kind in ("flag", "steps") else f"{name} is {short}"

    def _short(self, meaning: Meaning) -> str:
        layer = self.layers if meaning.layer == LAST else meaning.layer
        if meaning.kind == "A" and layer == self.layers:
            return "P"
        words = {"rate": "the learning rate", "vector": "all parameters in one vector", "C": "the number of classes"}
        words |= {"m": "the number of examples", "weights": "the list of weights", "biases": "the list of biases"}
        words |= {
            "activations": "the list of activations",
            "scores": "the list of scores",
            "n": "the number of features",
        }
        words |= {"h": "the number of hidden units", "cache": "the forward pass's values", "sizes": "the layers' sizes"}
        return words.get(meaning.kind, f"{meaning.kind}{layer or ''}")

    def _remark(self, text: str) -> None:
        if text not in self.remarks:
            self.remarks.append(text)

    def _note_changes(self, before: Mapping[str, Array], inputs: Mapping[str, Array], supply: Supply) -> None:
        after = {**supply.parameters, "X": supply.X, "Y": supply.Y}
        for name, array in {**before, **inputs}.items():
            if not np.array_equal(array, after[name], equal_nan=True):
                self.changed.add(name)


def _called(
    function: Callable[..., Any], arguments: list[Any], named: dict[str, Any], caught: dict[str, Any] | None = None
) -> Any:
    """What it returns; its variables come into `caught`. Raises AskedError with whatever it raises."""
    try:
        return function(*arguments, **named) if caught is None else _watch(function, arguments, named, caught)
    except (InputError, KeyboardInterrupt):
        raise
    except BaseException as error:  # the author's own: SystemExit, and whatever else is raised
        raise AskedError(error) from None


def _watch(function: Callable[..., Any], arguments: list[Any], named: dict[str, Any], caught: dict[str, Any]) -> Any:
    """Call it, and keep the variables that it has at its end."""
    code = getattr(inspect.unwrap(function), "__code__", None)

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if event == "return" and frame.f_code is code:
            caught.update(frame.f_locals)

    old = sys.getprofile()
    sys.setprofile(watch)
    try:
        return function(*arguments, **named)
    finally:
        sys.setprofile(old)


def _rebound(function: FunctionType | Callable[..., Any], scope: dict[str, Any]) -> FunctionType:
    assert isinstance(function, FunctionType)
    new = FunctionType(function.__code__, scope, function.__name__, function.__defaults__, function.__closure__)
    new.__kwdefaults__ = function.__kwdefaults__
    return new


def _global_names(code: Any) -> Iterator[str]:
    """The names that are looked up outside the function, those of functions within it included."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield str(instruction.argval)
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            yield from _global_names(constant)


def _cache_in(passed: Any) -> Any:
    """The cache of what a forward pass returned: output and cache, or the cache alone."""
    if isinstance(passed, tuple) and len(passed) == 2:
        inner = [one for one in passed if isinstance(one, tuple | dict | list)]
        return inner[0] if len(inner) == 1 else passed
    return passed


def _loss_of(result: Any) -> float | None:
    """The number that a function returns beside gradients, first or last."""
    if isinstance(result, tuple | list) and len(result) > 1:
        for item in (result[0], result[-1]):
            if np.ndim(item) == 0 and isinstance(item, int | float | np.number):
                return float(item)
    return None


def _described(result: Any) -> str:
    if isinstance(result, tuple | list):
        return f"{len(result)} values"
    return "nothing" if result is None else f"a {type(result).__name__}"
