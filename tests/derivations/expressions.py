"""Random index expressions for hypothesis, and other ways to write the same."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st
from sympy import Add, Expr, Integer, KroneckerDelta, Mul, Pow, Rational, Sum, Symbol, exp, expand, log
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus import Index, array, delta, relu, size, step, sum_over

__all__ = ["SIZES", "A", "expressions", "lam", "rewritten", "values"]

m, n = size("m"), size("n")
SIZES: dict[Expr, int] = {m: 2, n: 3}
AXES = (Index("i", m), Index("j", m), Index("u", n), Index("t", n))
A, B, x = array("A", m, n), array("B", m, m), array("x", n, 1)
lam = Symbol("lam", real=True)

values = st.integers(0, 2**32 - 1).map(
    lambda seed: {
        name: np.random.default_rng([seed, k]).uniform(-1.5, 1.5, shape)
        for k, (name, shape) in enumerate({"A": (2, 3), "B": (2, 2), "x": (3, 1), "lam": ()}.items())
    }
)
"""Numbers for the arrays above."""


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3, free: tuple[Index, ...] = AXES, functions: bool = True) -> Expr:
    """An expression whose free indices are among `free`; names of bound indices hide others now and then."""
    kinds = ["entry", "entry", "number", "delta"]
    if depth:
        kinds += ["sum", "sum", "add", "add", "mul", "mul", "mul", "square"]
        kinds += ["exp", "relu", "step", "divide", "log"] if functions else []
    inner = expressions(depth - 1, free, functions)
    match draw(st.sampled_from(kinds)):
        case "entry":
            return draw(_entries(free))
        case "number":
            return draw(st.sampled_from([Integer(-1), Integer(2), Rational(1, 3), m, 1 / n, lam]))
        case "delta":
            length = draw(st.sampled_from([m, n]))
            return delta(draw(_index(free, length)), draw(_index(free, length)))
        case "sum":
            bound = Index(draw(st.sampled_from("ijutrs")), draw(st.sampled_from([m, n])))
            inside = (*(index for index in free if index.name != bound.name), bound)
            term = draw(expressions(depth - 1, inside, functions))
            doubled = isinstance(term, Sum) and bound.name in {limit[0].name for limit in term.limits}
            return term if doubled else sum_over(bound, term)
        case "add":
            return draw(inner) + draw(inner)
        case "mul":
            return draw(inner) * draw(inner)
        case "square":
            return draw(inner) ** 2
        case "exp":
            return exp(draw(expressions(min(depth - 1, 1), free, functions=False)))
        case "relu":
            return relu(draw(inner))
        case "step":
            return step(draw(inner))
        case "divide":
            return draw(inner) / draw(_positive(free))
    return log(draw(_positive(free)))


@st.composite
def _positive(draw: st.DrawFn, free: tuple[Index, ...]) -> Expr:
    """The sum of exponentials, as in softmax, or one of them."""
    bound = Index("r", draw(st.sampled_from([m, n])))
    total = sum_over(bound, exp(draw(_entries((*free, bound)))))
    score = draw(_entries(free))
    return draw(st.sampled_from([total, exp(score), 1 + exp(score)]))


@st.composite
def _entries(draw: st.DrawFn, free: tuple[Index, ...]) -> Expr:
    matrix = draw(st.sampled_from([A, B, x]))
    row, column = (Integer(0) if length == 1 else draw(_index(free, length)) for length in matrix.shape)
    return matrix[row, column]


def _index(free: tuple[Index, ...], length: Expr) -> st.SearchStrategy[Index | Integer]:
    fitting = [index for index in free if index.size == length]
    return st.sampled_from(fitting or [Integer(0)])


def rewritten(expr: Expr, random: Random) -> Expr:
    """The same value, written differently: at each node one of the rules below, or none."""
    if not expr.args or isinstance(expr, (MatrixElement, KroneckerDelta, Index)):
        return _elsewhere(expr, random)
    if isinstance(expr, Sum):
        new = _sum_rewritten(rewritten(expr.function, random), [limit[0] for limit in expr.limits], random)
    else:
        new = expr.func(*[rewritten(arg, random) for arg in expr.args])
    rules = [rule for kind, own in _RULES.items() if isinstance(new, kind) for rule in own]
    return random.choice([*rules, lambda e: e])(new)


def _elsewhere(expr: Expr, random: Random) -> Expr:
    """An entry as a sum that a delta ends: x[i] = sum_k delta(k, i) x[k]."""
    indices = [index for index in expr.free_symbols if isinstance(index, Index)]
    if not isinstance(expr, MatrixElement) or not indices or random.random() < 0.8:
        return expr
    index = random.choice(sorted(indices, key=str))
    other = Index("k", index.size)
    return sum_over(other, delta(other, index) * expr.xreplace({index: other}))


def _sum_rewritten(term: Expr, bound: list[Index], random: Random) -> Expr:
    new = {index: _unbound(index, term, random) for index in bound}
    term = term.xreplace(new) if not term.has(Sum) else _renamed(term, new)
    bound = [new[index] for index in bound]
    if isinstance(term, Add) and random.random() < 0.5:
        return Add(*[sum_over(tuple(bound), part) for part in term.args])
    return sum_over(tuple(bound), term)


def _unbound(index: Index, term: Expr, random: Random) -> Index:
    """Another letter, which no sum inside has: SymPy makes one sum of two."""
    inside = {limit[0] for part in term.atoms(Sum) for limit in part.limits}
    start = random.randrange(2)
    letters = (Index(f"{index.name}{number}_", index.size) for number in itertools.count(start))
    return next(letter for letter in letters if letter not in inside)


def _renamed(term: Expr, new: dict[Index, Index]) -> Expr:
    """Free indices renamed; those that a sum inside binds are left alone."""
    if isinstance(term, Sum):
        free = {old: image for old, image in new.items() if old not in {limit[0] for limit in term.limits}}
        return Sum(_renamed(term.function, free), *term.limits)
    if isinstance(term, MatrixElement) or not term.args:
        return term.xreplace(new)
    return term.func(*[_renamed(arg, new) for arg in term.args])


def _split_exp(expr: Any) -> Expr:
    return Mul(*[exp(part) for part in Add.make_args(expr.args[0])])


_RULES: dict[type, list[Callable[[Any], Expr]]] = {
    Add: [lambda e: Add(*reversed(e.args)), lambda e: m * e / m, lambda e: e + lam - lam],
    Mul: [lambda e: Mul(*reversed(e.args)), lambda e: expand(e, deep=False), lambda e: 2 * e / 2],
    Pow: [lambda e: e.base * e.base if e.exp == 2 else e, lambda e: e * (1 + lam) - lam * e],
    exp: [_split_exp, lambda e: e**2 * exp(-e.args[0])],
    relu: [lambda e: e.args[0] * step(e.args[0]), lambda e: relu(m * e.args[0]) / m],
    step: [lambda e: step(2 * e.args[0]), lambda e: e**2],
    log: [lambda e: log(m * e.args[0], evaluate=False) - log(m)],
}
