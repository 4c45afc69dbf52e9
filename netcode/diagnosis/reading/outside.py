"""What a function takes from outside: global names, and the functions of its own file that it uses."""

from __future__ import annotations

import copy
import dis
from collections.abc import Iterator
from types import FunctionType
from typing import Any

import numpy as np

from netcode.diagnosis.reading.names import Meaning


def free_names(function: Any) -> Iterator[str]:
    """Those of the function, and of the functions of the same file that it uses."""
    if not isinstance(function, FunctionType):
        return
    scope = function.__globals__
    seen: set[str] = set()
    waiting = [function]
    while waiting:
        for name in global_names(waiting.pop().__code__):
            if name not in seen:
                seen.add(name)
                yield name
                helper = scope.get(name)
                if isinstance(helper, FunctionType) and helper.__globals__ is scope:
                    waiting.append(helper)


def helpers(function: Any) -> Iterator[FunctionType]:
    """The functions of the same file that it uses."""
    if isinstance(function, FunctionType):
        scope = function.__globals__
        for name in global_names(function.__code__):
            helper = scope.get(name)
            if isinstance(helper, FunctionType) and helper.__globals__ is scope:
                yield helper


def replaceable(meaning: Meaning, value: Any) -> bool:
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


def own_scope(function: FunctionType) -> tuple[dict[str, Any], FunctionType]:
    """A copy of its global names, and the function over that copy: what calls leave there is in the copy alone."""
    old = function.__globals__
    scope: dict[str, Any] = {**old}
    for name in free_names(function):
        value = old.get(name)
        if isinstance(value, list | dict | set | np.ndarray):
            scope[name] = copy.deepcopy(value)
        elif isinstance(value, FunctionType) and value.__globals__ is old:
            scope[name] = rebound(value, scope)
    return scope, rebound(function, scope)


def rebound(function: FunctionType, scope: dict[str, Any]) -> FunctionType:
    """The same function, which looks its global names up in `scope`."""
    new = FunctionType(function.__code__, scope, function.__name__, function.__defaults__, function.__closure__)
    new.__kwdefaults__ = function.__kwdefaults__
    return new


def global_names(code: Any) -> Iterator[str]:
    """The names that are looked up outside the function, those of functions within it included."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield str(instruction.argval)
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            yield from global_names(constant)
