"""Which function is the backward pass? The one that looks most like it, and what speaks against the others."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from netcode.diagnosis.reading.code import Code
from netcode.diagnosis.reading.names import gradient_of, is_upstream, meanings
from netcode.diagnosis.reading.reader import Reader

BACKWARD = ("back", "grad", "bprop", "b_prop")
ALSO = ("loss", "cost", "train", "fit", "step", "update", "optimize", "objective", "learn")
LOSSES = ("loss", "cost", "objective", "criterion")
NUMERIC = ("numeric", "check", "approx", "finite", "test")


class Passed(NamedTuple):
    """A function that was not asked."""

    name: str
    reason: str


class Choice(NamedTuple):
    """The function to ask, and those passed over."""

    reader: Reader | None
    passed: tuple[Passed, ...]


def reader_of(thing: Any, names: Mapping[str, str] | None = None) -> Reader | None:
    """How to ask a function, a class or an object; None if it is none of these but gradients."""
    if inspect.isclass(thing) or (_has_methods(thing) and not callable(thing)):
        return choose({"": thing}, names).reader
    return Reader(thing, names=names) if callable(thing) else None


def choose(things: Mapping[str, Any], names: Mapping[str, str] | None = None, method: str | None = None) -> Choice:
    """The likeliest of functions and classes by name; no reader if none computes a gradient.

    If `method` is given, it is that method of a single class, or, being empty, the only function, whatever it is like.
    """
    found = sorted(_rated(things, names), key=lambda one: -one[0])
    if method is not None:
        wanted = [reader for _, reader in found if method in ("", reader.name)]
        return Choice(wanted[0] if wanted else None, ())
    if not found or found[0][0] <= 0:
        return Choice(None, tuple(Passed(reader.name, _reason(reader)) for _, reader in found))
    best = found[0][1]
    best.losses = tuple(reader for _, reader in found[1:] if reader.owner is best.owner and _is_loss(reader))
    return Choice(best, tuple(Passed(reader.name, _reason(reader)) for _, reader in found[1:]))


def _rated(things: Mapping[str, Any], names: Mapping[str, str] | None) -> Iterator[tuple[float, Reader]]:
    for thing in things.values():
        if inspect.isfunction(thing):
            reader = Reader(thing, names=names)
            yield rating(reader), reader
        elif inspect.isclass(thing) or _has_methods(thing):
            kind = thing if inspect.isclass(thing) else type(thing)
            for name, method in vars(kind).items():
                if inspect.isfunction(method) and not name.startswith("__"):
                    reader = Reader(method, thing, names)
                    yield rating(reader), reader


def rating(reader: Reader) -> float:
    """How much it looks like a backward pass; 0 or less if it computes no gradient."""
    name = reader.name.lower()
    gradients = len(gradients_named(reader.code))
    if any(word in name for word in NUMERIC):
        return -1.0
    likely = 3.0 * any(word in name for word in BACKWARD) + 0.5 * any(word in name for word in ALSO)
    if not gradients and not likely:
        return 0.2 if _could_be(reader) else -1.0
    if len(reader.parameters) < 2 and reader.owner is None and not reader.globals:
        return -1.0 if not gradients else 0.1
    if gets_gradient(reader):
        return min(0.1, gradients)
    return min(gradients, 4) + likely - 2.0 * (name.startswith("update") and not _could_be(reader))


def gets_gradient(reader: Reader) -> bool:
    """Whether it is the backward pass of a single layer, which is given a gradient, and no targets."""
    kinds = {meaning.kind for name in reader.parameters for meaning in meanings(name)[:1]}
    return "Y" not in kinds and any(map(is_upstream, reader.parameters))


def _could_be(reader: Reader) -> bool:
    """Whether it takes weights, examples and targets, and returns several things."""
    kinds = {meaning.kind for name in reader.parameters for meaning in meanings(name)[:1]}
    given = {"X", "Y"} <= kinds and bool(kinds & {"W", "weights", "parameters", "vector"})
    return given and len(reader.code.returned) > 1


def gradients_named(code: Code) -> set[str]:
    """The gradients that the code assigns or returns by name."""
    named = {*code.assigned, *code.texts}
    found = {gradient_of(name) for name in named if name[:1] in "dDgGn" and not _is_plain(name)}
    return {str(one) for one in found if one}


def _is_loss(reader: Reader) -> bool:
    name = reader.name.lower()
    slopes = any(word in name for word in (*BACKWARD, *NUMERIC, "deriv", "prime", "delta"))
    return any(word in name for word in LOSSES) and not slopes and not gradients_named(reader.code)


def _is_plain(name: str) -> bool:
    return any(meaning.kind in ("X", "n", "m", "Y") for meaning in meanings(name)[:1])


def _reason(reader: Reader) -> str:
    if any(word in reader.name.lower() for word in NUMERIC):
        return "it differentiates numerically"
    if not gradients_named(reader.code):
        return "it computes no gradient of a weight"
    return "another one looks more like a backward pass"


def _has_methods(thing: Any) -> bool:
    kind = type(thing)
    return kind.__module__ not in ("builtins", "numpy") and not hasattr(kind, "_fields") and bool(
        [name for name, value in vars(kind).items() if inspect.isfunction(value) and not name.startswith("__")]
    )  # fmt: skip


def listed(passed: Iterable[Passed]) -> str:
    """As in "softmax (it computes no gradient of a weight), train (...)"."""
    return ", ".join(f"{one.name} ({one.reason})" for one in passed)
