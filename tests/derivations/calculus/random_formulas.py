"""Random formulas with quotients, roots, sums and every function of the table, and other ways to write them.

`rewritten` keeps a formula's value by an identity that the prover isn't told; `broken` changes it, as a slip of the pen
would. Values are computed by `evaluate`, which shares nothing with the prover.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
from sympy import Add, Expr, Integer, Mul, Pow, Rational, Sum, Symbol, cos, erf, exp, log, sign, sin, sqrt, tanh

from derivations.calculus import (
    Index,
    absolute,
    array,
    delta,
    evaluate,
    relu,
    sigmoid,
    size,
    softplus,
    step,
    sum_over,
)  # fmt: skip
from derivations.calculus.functions import FUNCTIONS

__all__ = ["AXES", "broken", "formula", "rewritten", "values_of"]

m = size("m")
i, j = AXES = (Index("i", m), Index("j", m))
BOUND = [Index(name, m) for name in "abc"]
x, y = Symbol("x", real=True), Symbol("y", real=True)
s = Symbol("s", positive=True)
A, v = array("A", m, m), array("v", m)


def leaf(random: Random) -> Expr:
    entries = [A[i, j], A[j, i], A[i, i], v[i], v[j], x, y, s]
    return random.choice([*entries, *entries, Integer(2), Integer(-1), Rational(1, 2), Rational(1, 3)])


def positive(random: Random, depth: int) -> Expr:
    """What may be divided by, or taken the root or logarithm of."""
    inner = formula(random, depth - 1)
    return random.choice([inner**2 + s, exp(inner) + 1, s * sigmoid(inner), 2 + tanh(inner), exp(inner)])


def formula(random: Random, depth: int = 3) -> Expr:
    """A random formula with the free indices i and j."""
    if depth <= 0 or random.random() < 0.1:
        return leaf(random)
    grow: list[Callable[[], Expr]] = [
        lambda: formula(random, depth - 1) + formula(random, depth - 1),
        lambda: formula(random, depth - 1) - formula(random, depth - 1),
        lambda: formula(random, depth - 1) * formula(random, depth - 1),
        lambda: formula(random, depth - 1) * formula(random, depth - 1),
        lambda: formula(random, depth - 1) / positive(random, depth - 1),
        lambda: formula(random, depth - 2) / formula(random, depth - 2) if depth > 1 else leaf(random),
        lambda: formula(random, depth - 1) ** random.choice([2, 3]),
        lambda: sqrt(positive(random, depth - 1)) ** random.choice([1, -1]),
        lambda: log(positive(random, depth - 1)),
        lambda: random.choice(_SMOOTH)(formula(random, depth - 1)),
        lambda: random.choice(_KINKED)(formula(random, depth - 1)),
        lambda: summed(formula(random, depth - 1), random),
        lambda: summed(formula(random, depth - 1), random),
    ]
    return random.choice(grow)()


_SMOOTH = [exp, tanh, sigmoid, softplus, sin, cos, erf, lambda z: exp(-(z**2))]
_KINKED = [relu, absolute, step, sign]


def summed(expr: Expr, random: Random) -> Expr:
    """The sum over one of the free indices, by a name that isn't used inside."""
    index = random.choice(AXES)
    name = random.choice([bound for bound in BOUND if not expr.has(bound)] or [Index("d", m)])
    return sum_over(name, expr.xreplace({index: name}))


# Other ways to write it

Rule = Callable[[Expr, Random], Expr]


def _conjugate(expr: Expr, random: Random) -> Expr:
    other = positive(random, 1)
    return expr * other / other if random.random() < 0.3 else Mul(expr * other, 1 / (2 * other), 2, evaluate=False)


def _split(expr: Expr, random: Random) -> Expr:
    q = formula(random, 1)
    return random.choice([expr * sigmoid(q) + expr * sigmoid(-q), expr * (1 - tanh(q)) / 2 + expr * (1 + tanh(q)) / 2])


def _partial_fractions(expr: Expr, random: Random) -> Expr:
    q = positive(random, 1)
    return expr / q - expr / (q + 1) + expr - expr / (q * (q + 1))


def _sifted(expr: Expr, random: Random) -> Expr:
    index = random.choice(AXES)
    name = Index("e", m)
    return expr if expr.has(name) else sum_over(name, delta(name, index) * expr.xreplace({index: name}))


_ANYWHERE: list[Rule] = [_conjugate, _split, _partial_fractions, _sifted]

_AT: Mapping[Any, list[Callable[[Expr], Expr]]] = {
    tanh: [lambda z: 1 - 2 / (exp(2 * z) + 1), lambda z: 2 * sigmoid(2 * z) - 1,
           lambda z: (exp(z) - exp(-z)) / (exp(z) + exp(-z))],
    sigmoid: [lambda z: 1 / (1 + exp(-z)), lambda z: 1 - sigmoid(-z), lambda z: (1 + tanh(z / 2)) / 2],
    softplus: [lambda z: log(1 + exp(z)), lambda z: z + softplus(-z)],
    absolute: [lambda z: relu(z) + relu(-z), lambda z: sqrt(Pow(z, 2, evaluate=False), evaluate=False),
               lambda z: 2 * relu(z) - z],
    relu: [lambda z: z * step(z), lambda z: (z + absolute(z)) / 2, lambda z: z + relu(-z)],
    sign: [lambda z: step(z) - step(-z), lambda z: -sign(-z)],
    sin: [lambda z: -sin(-z)], cos: [lambda z: cos(-z)], erf: [lambda z: -erf(-z)],
    exp: [lambda z: 1 / exp(-z), lambda z: exp(z / 2) ** 2],
}  # fmt: skip


def _here(expr: Expr, random: Random) -> Expr:
    if type(expr) in _AT and random.random() < 0.8:
        return random.choice(_AT[type(expr)])(expr.args[0])
    if isinstance(expr, Mul) and random.random() < 0.5:
        return expr.expand(deep=False)
    return random.choice(_ANYWHERE)(expr, random)


def rewritten(expr: Expr, random: Random, times: int = 2) -> Expr:
    """The same value, written in another way at some places."""
    for _ in range(times):
        expr = _at_random(expr, random, _here)
    return expr


def _at_random(expr: Expr, random: Random, change: Rule) -> Expr:
    parts = [arg for arg in (expr.args[:1] if isinstance(expr, Sum) else expr.args) if _is_formula(arg)]
    if not parts or random.random() < 0.3:
        return change(expr, random)
    part = random.choice(parts)
    new = _at_random(part, random, change)
    return expr.func(*[new if arg is part else arg for arg in expr.args])


def _is_formula(expr: Expr) -> bool:
    inner = (Add, Mul, Pow, Sum, *[function.apply for function in FUNCTIONS if isinstance(function.apply, type)])
    return isinstance(expr, inner) and not expr.is_number


def broken(expr: Expr, random: Random) -> Expr:
    """Another value, in most cases: a sign, a factor, an index, or a term too many at some place."""

    def slip(part: Expr, random: Random) -> Expr:
        other = part.xreplace(random.choice([{i: j, j: i}, {i: j}, {x: y}, {v: array("w", m)}, {x: -x}]))
        return random.choice([-part, 2 * part, part + 1, part**2, other, other])

    return _at_random(expr, random, slip)


# Values


def values_of(expr: Expr, draws: int = 3) -> npt.NDArray[Any]:
    """The formula's entries at random numbers of both signs and sizes 2 and 3, one after another.

    A step is taken a little beyond 0: else rounding would decide on which side of it a sum that is 0 falls.
    """
    found = []
    expr = _with_late_jumps(expr)
    for seed in range(draws):
        generator, length = np.random.default_rng(seed), 2 + seed % 2
        numbers = {"x": generator.normal(), "y": generator.normal(), "s": abs(generator.normal()) + 0.1}
        arrays = {"A": generator.normal(size=(length, length)), "v": generator.normal(size=length)}
        with np.errstate(all="ignore"):
            values: Mapping[str, Any] = {**numbers, **arrays, "w": arrays["v"][::-1]}
            found.append(evaluate(expr, AXES, values, {m: length}).astype(float).ravel())
    return np.concatenate(found)


def _with_late_jumps(expr: Expr) -> Expr:
    """With nothing else changed: SymPy would make a product of the exponential of a sum."""
    if not expr.has(step, sign):
        return expr
    args = [_with_late_jumps(arg) for arg in expr.args]
    if isinstance(expr, step):
        return _late(args[0])
    if isinstance(expr, sign):
        return _late(args[0]) - _late(-args[0])
    return Sum(*args) if isinstance(expr, Sum) else expr.func(*args, evaluate=False)


def _late(z: Expr) -> Expr:
    return step(z - Rational(1, 10**9))
