"""Asking the reader's function: its parameters are known by their names, its results by names, shapes or order."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from derivations.reverse.diagnosis.places import Array

__all__ = ["Asked", "AskingError", "ask", "parameters"]

UPSTREAM = {"dout", "dy", "grad_output", "grad_out", "grad", "upstream", "g", "delta", "dl_dy", "gout"}
SAVED = {"saved", "cache", "ctx", "residuals", "tape"}
Asked = Callable[[Mapping[str, Array], tuple[Any, ...]], Mapping[str, Array]]


class AskingError(ValueError):
    """The function can't be asked: why, and what would help."""


def parameters(function: Callable[..., Any], known: Sequence[str], upstream: Sequence[str]) -> dict[str, str]:
    """What each parameter stands for: a name of the layer, or "" for what its forward function saves.

    Raises AskingError, which names the parameter that can't be placed and the names that can.
    """
    given = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
    found = {p.name: _meaning(p.name, known, upstream) for p in given if p.kind is not p.VAR_KEYWORD}
    for name, meaning in found.items():
        if meaning is None:
            raise AskingError(
                f"{function.__name__}: what is the parameter {name}? Call it by the layer's name for it: "
                f"{', '.join([*upstream, *known])}; or `saved` for what the derived forward function saves"
            )
    return {name: meaning for name, meaning in found.items() if meaning is not None}


def _meaning(name: str, known: Sequence[str], upstream: Sequence[str]) -> str | None:
    for other in [*known, *upstream]:
        if name == other:
            return other
    alike = [other for other in [*known, *upstream] if name.lower().strip("_") == other.lower()]
    if len(alike) == 1:
        return alike[0]
    if len(upstream) == 1 and name.lower() in UPSTREAM:
        return upstream[0]
    return "" if name.lower() in SAVED else None


def ask(
    function: Callable[..., Any], meant: Mapping[str, str], values: Mapping[str, Array], saved: tuple[Any, ...]
) -> Any:
    """The function's answer, from copies of the values: nothing of the caller's is changed.

    Raises AskingError, with the function's own error as its cause.
    """
    given = {name: np.copy(values[meaning]) if meaning else _copied(saved) for name, meaning in meant.items()}
    try:
        with np.errstate(all="ignore"):
            return function(**given)
    except Exception as error:
        shapes = ", ".join(f"{name} {np.shape(value)}" for name, value in given.items() if not isinstance(value, tuple))
        raise AskingError(f"{function.__name__} fails with {shapes}: {type(error).__name__}: {error}") from error


def _copied(saved: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(np.copy(value) for value in saved)


def results(answer: Any, wanted: Mapping[str, Array]) -> dict[str, Array]:
    """The gradients by name, from a dict, a tuple or one array; whatever NumPy can read counts as an array.

    Raises AskingError where there are too few or too many.
    """
    if isinstance(answer, Mapping):
        return _by_key(answer, wanted)
    given = list(answer) if isinstance(answer, (tuple, list)) else [answer]
    given = [value for value in given if value is not None]
    if len(given) != len(wanted):
        raise AskingError(f"{len(wanted)} gradients are wanted, {', '.join(wanted)}; {len(given)} came back")
    arrays = [_array(value) for value in given]
    by_shape = _by_shape(arrays, wanted)
    return by_shape or dict(zip(wanted, arrays, strict=True))


def _by_key(answer: Mapping[Any, Any], wanted: Mapping[str, Array]) -> dict[str, Array]:
    known = {_bare(str(key)): value for key, value in answer.items()}
    missing = [name for name in wanted if _bare(name) not in known]
    if missing:
        raise AskingError(f"there is no {', '.join(missing)} among the results, only {', '.join(map(str, answer))}")
    return {name: _array(known[_bare(name)]) for name in wanted}


def _bare(key: str) -> str:
    key = key.lower()
    for prefix in ("grad_", "grad", "d_", "d"):
        if key.startswith(prefix) and len(key) > len(prefix):
            return key[len(prefix) :]
    return key


def _by_shape(arrays: list[Array], wanted: Mapping[str, Array]) -> dict[str, Array]:
    """By their shapes, if all are different and the same as those that are wanted; else empty."""
    shapes = {np.shape(value): name for name, value in wanted.items()}
    found = {shapes[array.shape]: array for array in arrays if array.shape in shapes}
    return {name: found[name] for name in wanted} if len(found) == len(shapes) == len(arrays) else {}


def _array(value: Any) -> Array:
    """As float64; a tensor that knows `detach` is asked to."""
    value = value.detach() if hasattr(value, "detach") else value
    return np.asarray(value)
