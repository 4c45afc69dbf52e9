"""Where formulas meet numbers: each derived result is evaluated on arrays and compared with what `netcode` computes.

The comparison is made at random arrays of pairwise distinct sizes, on the spiral and on the digits, before and after
training. Shape and dtype are compared first, then each entry, at 8 eps S (see `derivations.calculus.rounding`). The
line of NumPy that a derivation writes is run as well; and where the network has its own line for the same quantity,
the two must be equal to the letter.
"""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sympy import Expr

import netcode
from derivations.calculus.evaluate import free_quantities, sizes_of
from derivations.calculus.rounding import rounding_scale
from derivations.calculus.writers.latex import code_in_latex
from derivations.proofs.claims import Claim
from derivations.proofs.counterexample import ShapeMismatch, ValueMismatch
from derivations.proofs.decision import Decision
from derivations.proofs.derivation import Derivation
from netcode import data, network
from netcode.problem import Problem

__all__ = ["TOLERANCE", "claims_against_netcode", "left_out", "problem"]

EPS = float(np.finfo(np.float64).eps)
TOLERANCE = 8 * EPS
"""Relative to S. Both sides round, each within some eps S of the exact value: 8 holds here with room to spare."""

LAM = 1e-3

THE_NETWORK = "network."
"""The chapter that netcode's lines are compared with."""


def _random() -> Problem:
    """Pairwise distinct sizes, so that no transpose can hide."""
    n, m, h, C = 3, 7, 5, 4
    rng = np.random.default_rng(0)
    parameters = netcode.Parameters(*[rng.normal(size=shape) for shape in ((h, n), (h, 1), (C, h), (C, 1))])
    X = rng.normal(size=(n, m))
    return Problem(X, netcode.one_hot(rng.integers(C, size=m), C), parameters, lam=0.3)


def _initial(name: str) -> Problem:
    rows, y = {"spiral": data.spiral, "digits": data.digits}[name]()
    n, h, C = rows.shape[1], {"spiral": 25, "digits": 100}[name], int(y.max()) + 1
    return Problem(rows.T, netcode.one_hot(y, C), netcode.initialize(n, h, C, seed=0), LAM)


def _trained(name: str) -> Problem:
    """After some updates: far enough for weights that are neither random nor small."""
    X, Y, parameters, lam = problem(f"{name}, initial")
    updates, learning_rate = {"spiral": (1000, 1.0), "digits": (100, 0.5)}[name]
    descent = netcode.GradientDescent(X, Y, parameters, learning_rate=learning_rate, lam=lam, updates=updates)
    for _ in descent:
        pass
    return Problem(X, Y, descent.parameters, lam)


_PROBLEMS: Mapping[str, Callable[[], Problem]] = {
    "random": _random,
    "spiral, initial": partial(_initial, "spiral"),
    "spiral, trained": partial(_trained, "spiral"),
    "digits, initial": partial(_initial, "digits"),
    "digits, trained": partial(_trained, "digits"),
}


@cache
def problem(name: str) -> Problem:
    """A problem by its name; it is made once."""
    return _PROBLEMS[name]()


def left_out() -> tuple[str, ...]:
    """The problems that can't be made here, since they need an extra that isn't installed."""
    return tuple(filter(_is_left_out, _PROBLEMS))


def _is_left_out(name: str) -> bool:
    """The digits come with scikit-learn. To see whether that is there takes no import, which would be slow."""
    return name.startswith("digits") and find_spec("sklearn") is None


class _Quantities(NamedTuple):
    """What netcode computes, by the formulas' names; and the scale of numbers that are differences of larger ones."""

    values: Mapping[str, Any]
    slack: Mapping[str, float]


@cache
def _quantities(data_name: str, with_penalty: bool) -> _Quantities:
    X, Y, parameters, lam = problem(data_name)
    lam = lam if with_penalty else 0.0
    forward = netcode.forward(X, parameters)
    backward = netcode.backward(X, Y, parameters, forward, lam)
    unpenalized = netcode.backward(X, Y, parameters, forward, 0.0)
    at_zero = netcode.forward(X, netcode.Parameters(*[np.zeros_like(array) for array in parameters]))
    L, J = (netcode.loss(forward.Z2, Y, parameters, strength) for strength in (0.0, lam))
    arrays = {"X": X, "Y": Y} | parameters._asdict() | forward._asdict() | backward._asdict()
    differences = {"R": J - L, "dR1": backward.dW1 - unpenalized.dW1, "dR2": backward.dW2 - unpenalized.dW2}
    scale = {"R": L + J, "dR1": _largest(backward.dW1), "dR2": _largest(backward.dW2)}
    transposed = {f"{name}_rows": array.T for name, array in arrays.items()}
    scalars = {"lam": lam, "L": L, "J": J, "L at zero weights": netcode.loss(at_zero.Z2, Y, parameters, 0.0)}
    return _Quantities(arrays | transposed | differences | scalars | {"y": Y.argmax(axis=0)}, scale)


def _largest(array: npt.NDArray[Any]) -> float:
    return float(np.abs(array).max())


# The claims


def claims_against_netcode(derivation: Derivation) -> Iterator[Claim]:
    """That netcode computes what this derivation gives, and in the same line of NumPy, where it has such a line."""
    source = derivation.address.source
    if derivation.result_name is not None and derivation.instances:
        statement = derivation.matrix_latex or derivation.statement_latex
        numbers, compare = f"{derivation.id}.netcode", partial(_compare_everywhere, derivation)
        yield Claim(numbers, statement, source, compare, step="the training code's numbers")
    if derivation.id.startswith(THE_NETWORK) and derivation.result_name in _netcode_lines():
        statement = code_in_latex(derivation.numpy)
        line, compare = f"{derivation.id}.line", partial(_compare_line, derivation)
        yield Claim(line, statement, source, compare, step="the training code's line")


@cache
def _netcode_lines() -> dict[str, str]:
    """The line of netcode that computes each quantity of the forward and the backward pass.

    P is left out: its line calls a function that shifts the scores first, so that exp does not overflow. That a shift
    changes nothing is proven by itself.
    """
    names = {*network.Forward._fields, *network.Backward._fields} - {"P"}
    code = (inspect.getsource(network.forward) + inspect.getsource(network.backward)).splitlines()
    lines = [line.partition("#")[0].strip() for line in code]
    return {line.partition(" = ")[0]: line for line in lines if line.partition(" = ")[0] in names}


def _compare_line(derivation: Derivation) -> Decision:
    there = _netcode_lines()[derivation.result_name or ""]
    if there == derivation.numpy:
        return Decision("cross-checked", compared=1)
    return Decision("refuted", reason=f"netcode has the line `{there}`, the derivation gives `{derivation.numpy}`")


def _compare_everywhere(derivation: Derivation) -> Decision:
    worst, sizes, compared = 0.0, None, 0
    for names in derivation.instances:
        for data_name in itertools.filterfalse(_is_left_out, _PROBLEMS):
            decision = _compare(derivation, names, data_name)
            if decision.verdict != "cross-checked":
                return decision
            worst, sizes = max(worst, decision.max_error or 0.0), sizes or decision.sizes
            compared += decision.compared
    return Decision("cross-checked", sizes, worst, TOLERANCE, compared=compared)


def _compare(derivation: Derivation, names: Mapping[str, str], data_name: str) -> Decision:
    known = free_quantities([derivation.start, derivation.result, *derivation.where, *derivation.where.values()])
    quantities = _quantities(data_name, with_penalty="lam" in known)
    there = names.get(derivation.result_name or "", derivation.result_name or "")
    if there not in quantities.values:
        return Decision("undecided", reason=f"netcode has no {there}: say in `instances` which of its names are meant")
    expected = quantities.values[there]
    given = {
        name: quantities.values[names.get(name, name)]
        for name in known
        if name != derivation.result_name and names.get(name, name) in quantities.values
    }
    sizes = sizes_of({known[name]: value for name, value in given.items()})
    written = {str(name): number for name, number in sizes.items()}
    worst, compared = 0.0, 0
    for how, derived in (
        ("in index form", derivation.evaluate(**given)),
        ("as a line of NumPy", _run(derivation, given, sizes)),
    ):
        if np.shape(derived) != np.shape(expected):
            mismatch = ShapeMismatch(written, np.shape(derived), np.shape(expected))
            return Decision("refuted", written, counterexample=mismatch, reason=how)
        if np.asarray(derived).dtype != np.asarray(expected).dtype:
            types = f"{np.asarray(derived).dtype}, netcode gives {np.asarray(expected).dtype}"
            return Decision("refuted", written, reason=f"on {data_name}, {how}: the derivation gives {types}")
        scale = np.reshape(
            rounding_scale(derivation.result, derivation.axes, given, sizes, derivation.where), np.shape(expected)
        )
        scale = scale + quantities.slack.get(there, 0.0)
        apart = np.abs(derived - expected)
        error = float(np.max(np.divide(apart, scale, out=np.where(apart > 0, np.inf, 0.0), where=scale > 0)))
        if not error <= TOLERANCE:
            place = tuple(int(number) for number in np.unravel_index(int(np.argmax(apart)), np.shape(expected)))
            at = {f"axis {axis}": number for axis, number in enumerate(place)}
            one, other = (float(np.asarray(value)[place]) for value in (derived, expected))
            apart_at = ValueMismatch(written, at, {"data": data_name, "form": how}, one, other)
            return Decision("refuted", written, error, TOLERANCE, apart_at)
        worst, compared = max(worst, error), compared + apart.size
    return Decision("cross-checked", written, worst, TOLERANCE, compared=compared)


def _run(derivation: Derivation, given: Mapping[str, Any], sizes: Mapping[Expr, int]) -> Any:
    """The right side of the derivation's line of NumPy."""
    code = derivation.numpy.partition(" = ")[2]
    return eval(code, {"np": np}, {**given, **{str(name): number for name, number in sizes.items()}})
