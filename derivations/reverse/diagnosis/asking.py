"""Asking the reader's function: its parameters are known by their names, its results by names, shapes or order."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from derivations.reverse.diagnosis.places import Array

__all__ = ["AskingError", "Given", "ask", "exactly", "parameters", "results"]

UPSTREAM = {"dout", "dy", "grad_output", "grad_out", "grad", "upstream", "g", "delta", "dl_dy", "gout"}
SAVED = {"saved", "cache", "ctx", "residuals", "tape"}
Given = Callable[[str, Array], Any]
"""From a name of the layer ("" for what is saved) and its value to what the function is handed: a copy."""


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


def exactly(_: str, value: Array) -> Array:
    """A copy."""
    return np.copy(value)


def ask(
    function: Callable[..., Any],
    meant: Mapping[str, str],
    values: Mapping[str, Array],
    saved: tuple[Any, ...],
    given: Given = exactly,
) -> Any:
    """The function's answer, from copies of the values: nothing of the caller's is changed.

    Raises AskingError, with the function's own error as its cause.
    """
    handed = {
        name: given(meaning, values[meaning]) if meaning else tuple(given("", value) for value in saved)
        for name, meaning in meant.items()
    }
    try:
        with np.errstate(all="ignore"):
            return function(**handed)
    except Exception as error:
        shapes = ", ".join(f"{name} {np.shape(values[meaning])}" for name, meaning in meant.items() if meaning)
        raise AskingError(f"{function.__name__} fails with {shapes}: {type(error).__name__}: {error}") from error


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
    # A layer may have a gate G and a gain g, so case is passed over only where nothing is called exactly so.
    known = {key.lower(): value for key, value in known.items()} | known
    found = {name: key for name in wanted for key in (_bare(name).lower(), _bare(name)) if key in known}
    missing = [name for name in wanted if name not in found]
    if missing:
        raise AskingError(f"there is no {', '.join(missing)} among the results, only {', '.join(map(str, answer))}")
    return {name: _array(known[found[name]]) for name in wanted}


def _bare(key: str) -> str:
    for prefix in ("grad_", "grad", "d_", "d"):
        if key.lower().startswith(prefix) and len(key) > len(prefix):
            return key[len(prefix) :]
    return key


def _by_shape(arrays: list[Array], wanted: Mapping[str, Array]) -> dict[str, Array]:
    """By their shapes, if all are different and the same as those that are wanted; else empty."""
    shapes = {np.shape(value): name for name, value in wanted.items()}
    found = {shapes[array.shape]: array for array in arrays if array.shape in shapes}
    return {name: found[name] for name in wanted} if len(found) == len(shapes) == len(arrays) else {}


def _array(value: Any) -> npt.NDArray[Any]:
    """NumPy's array of whatever speaks `__array__` or DLPack; a tensor leaves its graph and its device first.

    Numbers of 16 bits that NumPy lacks become float32, which holds them all.
    """
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = value.float() if "bfloat16" in str(value.dtype) else value
    elif hasattr(value, "get") and hasattr(value, "device"):  # CuPy's
        value = value.get()
    if not hasattr(value, "__array__") and hasattr(value, "__dlpack__"):
        return np.from_dlpack(value)
    return np.asarray(value)
