"""Lines of a backward pass, executed at each call of a reader's function side by side."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping, Sequence
from functools import cache
from types import CodeType, SimpleNamespace
from typing import Any

import numpy as np

from netcode.diagnosis.architecture import (
    Architecture,
    Point,
    forward,
    gelu_factor,
    gelu_slope,
    normal_cdf,
    normal_pdf,
    sigmoid,
)
from netcode.diagnosis.program import right_lines
from netcode.network import softmax
from netcode.shapes import Array

CALLS = 2  # with the same forward values: what one call spoils, the next one shows

Environment = Mapping[str, Any]
"""What the names in a line mean at one call."""

FUNCTIONS = {
    "np": np,
    **{one.__name__: one for one in (softmax, sigmoid, gelu_factor, gelu_slope, normal_cdf, normal_pdf)},
}


@np.errstate(all="ignore")
def environments(points: Sequence[Point], architecture: Architecture) -> list[Environment]:
    """The names of each call: at each point so many calls, which share the values of one forward pass."""
    return [environment for point in points for environment in [_environment(point, architecture)] * CALLS]


def execute(code: str, environments: Sequence[Environment]) -> Sequence[Environment] | None:
    """The environments in which the line's quantities have the values that it computes; None if NumPy refuses.

    What a line keeps in `backward`, or changes in place, the next call finds; what was given isn't changed.
    """
    kept = SimpleNamespace()
    shared: dict[int, Array] = {}
    names = code.partition(" = ")[0].split(", ")
    after: list[Environment] = []
    for environment in environments:
        local = {**environment, "backward": kept}
        if "-=" in code:
            local["P"] = shared.setdefault(id(environment["P"]), np.copy(environment["P"]))
        try:
            exec(_compiled(code), FUNCTIONS, local)
        except (ValueError, IndexError):
            return None
        after.append({**environment, **{name: _copied(local[name], code) for name in names if name != "_"}})
    return after


@np.errstate(all="ignore")
def right_gradients(points: Sequence[Point], architecture: Architecture) -> dict[str, list[Array]]:
    """The right gradients by name, at each call."""
    calls: Sequence[Environment] | None = environments(points, architecture)
    for line in right_lines(architecture):
        assert calls is not None
        calls = execute(line, calls)
    assert calls is not None
    return {name: [call[name] for call in calls] for name in architecture.gradients}


def _environment(point: Point, architecture: Architecture) -> Environment:
    values = forward(point, architecture)
    passed = _forward_type(tuple(values))(**values)
    parameters = SimpleNamespace(**point.parameters)
    sizes = {"m": point.X.shape[1], "lam": point.lam}
    return {"X": point.X, "Y": point.Y, **point.parameters, **sizes, "forward": passed, "parameters": parameters}


@cache
def _forward_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Forward", names)


@cache
def _compiled(code: str) -> CodeType:
    return compile(code, "a line of a backward pass", "exec")


def _copied(value: Any, code: str) -> Array:
    """What later calls can't change, where the line works in place."""
    return np.array(value) if "-=" in code else np.asarray(value)
