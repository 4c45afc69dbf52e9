"""Holds every call in `netcode` to the shapes in its signature, the fields of its named tuples included."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from beartype import BeartypeConf, beartype
from jaxtyping import install_import_hook


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
        result = checked(*args, **kwargs)
        for value in [*signature.bind(*args, **kwargs).arguments.values(), result]:
            _check_fields(value)
        return result

    return check


def _check_fields(value: Any) -> None:
    if not isinstance(value, tuple) or not hasattr(value, "_fields"):
        return
    for name, hint in _hints(type(value)).items():
        field = getattr(value, name)
        _check_fields(field)
        if inspect.isclass(hint) and not isinstance(field, hint):
            shape = f"{field.dtype} {field.shape}" if hasattr(field, "shape") else repr(field)
            raise TypeError(f"{type(value).__name__}.{name} is {shape}; expected {hint.__name__}")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, include_extras=True)
