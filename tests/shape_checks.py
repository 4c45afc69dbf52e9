"""Holds every call in `netcode` to the shapes in its signature, the fields of its named tuples included."""

from __future__ import annotations

import inspect
import random
import typing
from collections.abc import Callable, Iterable
from functools import cache, wraps
from itertools import pairwise
from typing import Any

import numpy as np
from beartype import BeartypeConf, beartype
from jaxtyping import Shaped, install_import_hook


def install() -> None:
    """Check all modules of `netcode` that are imported from now on."""
    install_import_hook("netcode", f"{__name__}.{typechecker.__name__}")


def typechecker(function: Callable[..., Any]) -> Callable[..., Any]:
    """Beartype, and beyond it the fields of a named tuple, whose sizes must agree with those of the whole call.

    jaxtyping calls it with a function of the same signature as the one to check, inside the scope in which each letter
    stands for one size.
    """
    checked = beartype(conf=BeartypeConf(is_pep484_tower=True))(function)  # an int is a float
    signature = inspect.signature(function)

    @wraps(function)
    def check(*args: Any, **kwargs: Any) -> Any:
        state = random.getstate()  # beartype looks at a random entry of a tuple, by the generator that tests seed
        try:
            result = checked(*args, **kwargs)
        finally:
            random.setstate(state)
        for name, value in [*signature.bind(*args, **kwargs).arguments.items(), ("result", result)]:
            _check_fields(name, value)
        return result

    return check


def _check_fields(name: str, value: Any) -> None:
    """Of parameters only where they are called so: a gradient may have wrong shapes, which is for others to find."""
    from netcode.parameters import Parameters  # not before the hook is installed

    fields: Iterable[tuple[tuple[str, Any], Any]]
    if isinstance(value, Parameters):
        fields = zip(_layer_hints(len(value) // 2).items(), value, strict=True) if name == "parameters" else ()
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        fields = ((named, getattr(value, named[0])) for named in _hints(value.__class__).items())
    else:
        return
    for (field_name, hint), field in fields:
        _check_fields(field_name, field)
        if inspect.isclass(hint) and not isinstance(field, hint):
            shape = f"{field.dtype} {field.shape}" if hasattr(field, "shape") else repr(field)
            raise TypeError(f"{type(value).__name__}.{field_name} is {shape}; expected {hint.__name__}")


@cache
def _layer_hints(depth: int) -> dict[str, Any]:
    """From n features to C classes; the hidden units of the only hidden layer are h, of several h1, h2, ..."""
    hidden = ["h"] if depth == 2 else [f"h{l}" for l in range(1, depth)]
    hints: dict[str, Any] = {}
    for l, (inputs, outputs) in enumerate(pairwise(["n", *hidden, "C"]), start=1):
        hints |= {f"W{l}": Shaped[np.ndarray, f"{outputs} {inputs}"], f"b{l}": Shaped[np.ndarray, f"{outputs} 1"]}
    return hints


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)
