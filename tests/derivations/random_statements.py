"""Random equations of the calculus: expressions, rewritten by rules that hold, or with a mistake put in.

The expressions have quotients, roots, several denominators, |z|, tanh, the sigmoid, sums, deltas and labels.
Whether an equation is true is decided by plain loops at random numbers, which share nothing with the calculus.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from sympy import (
    Add,
    Expr,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    im,
    log,
    nan,
    oo,
    re,
    sign,
    sqrt,
    tanh,
    zoo,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus import (
    Index,
    Positive,
    SumsToOne,
    absolute,
    array,
    delta,
    label,
    relu,
    sigmoid,
    size,
    softplus,
    step,
    sum_over,
)
from derivations.calculus.grammar import free_indices
from derivations.proofs import Equation
from derivations.proofs.counterexample import ValueMismatch
from tests.derivations.by_loops import Loops, sides_at

__all__ = ["Statement", "refuted_rightly", "statements", "truth"]

m, n = size("m"), size("n")
INDICES = {m: [Index(name, m) for name in "ijk"], n: [Index(name, n) for name in "uvw"]}
X, Y, A, B, P = array("X", m, n), array("Y", m, n), array("A", m, m), array("B", n, n), array("P", n, m)
a, b = array("a", m, 1), array("b", n, 1)
ARRAYS = (X, Y, A, B, a, b, P)
x, s = Symbol("x", real=True), Symbol("s", positive=True)
labels = label("y", n)
ASSUMPTIONS = (Positive("P"), SumsToOne("B", 0))

Free = frozenset[Index]
Truth = Literal["true", "false", "unknown"]


@dataclass(frozen=True)
class Statement:
    """An equation, and the rules and mistakes by which its right side came from its left."""

    equation: Equation
    changes: tuple[str, ...]


def statements(seed: int, count: int) -> Iterator[Statement]:
    """Random statements: some six of ten rewritten by rules that hold, the others with a mistake."""
    random, made = Random(seed), 0
    while made < count:
        statement = _statement(random)
        if statement is not None:
            made += 1
            yield statement


def _statement(random: Random) -> Statement | None:
    free = frozenset(random.sample(INDICES[m] + INDICES[n], random.choice([0, 1, 2])))
    left = Expressions(random).expression(free, random.choice([2, 2, 3, 3]))
    right, changes = left, list[str]()
    for _ in range(random.choice([1, 1, 2, 3])):
        right = changed(right, rules, random, changes)
    if random.random() < 0.4:
        right = changed(right, mistakes, random, changes)
    axes = tuple(sorted({*free, *free_indices(left), *free_indices(right)}, key=str))
    if left == right or not all(map(_well_formed, (left, right))):
        return None
    arrays = {element.parent.name for side in (left, right) for element in side.atoms(MatrixElement)}
    assumptions = tuple(fact for fact in ASSUMPTIONS if fact.array in arrays)
    return Statement(Equation(left, right, axes, assumptions=assumptions), tuple(changes))


def _well_formed(expr: Expr) -> bool:
    """Not so where SymPy made nonsense of a change: 1/0, nested sums over one index, |exp(X[u, i])| as exp(re(...))."""
    sums = ([limit[0] for limit in total.limits] for total in expr.atoms(Sum))
    twice = any(len(set(bound)) < len(bound) for bound in sums)
    return not twice and not expr.has(zoo, nan, oo, S.ImaginaryUnit, re, im)


class Expressions:
    """Draws expressions."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def expression(self, free: Free, depth: int) -> Expr:
        """An expression whose free indices are among these."""
        if depth <= 0:
            return self.leaf(free)
        kinds, weights = zip(*_KINDS.items(), strict=True)
        return self.random.choices(kinds, weights)[0](self, free, depth - 1)

    def leaf(self, free: Free) -> Expr:
        kind = self.random.random()
        if kind < 0.12:
            return self.random.choice([x, s])
        if kind < 0.25:
            return self.random.choice([S(1), S(2), S(3), S(-1), Rational(1, 2), Rational(-2, 3), m, n])
        if kind < 0.4 and free:
            return self.delta(free)
        chosen = self.random.choice(ARRAYS)
        return chosen[tuple(self.subscript(length, free) for length in chosen.shape)]

    def delta(self, free: Free) -> Expr:
        one = self.random.choice(sorted(free, key=str))
        others = [index for index in sorted(free, key=str) if index.size == one.size and index != one]
        return delta(one, self.random.choice(others)) if others else delta(one, 0)

    def subscript(self, length: Expr, free: Free) -> Expr:
        fitting = [index for index in sorted(free, key=str) if index.size == length]
        examples = [index for index in sorted(free, key=str) if index.size == m]
        if length == n and examples and self.random.random() < 0.08:
            return labels(self.random.choice(examples))
        return self.random.choice(fitting) if fitting and self.random.random() > 0.1 else Integer(0)

    def sum(self, free: Free, depth: int) -> Expr:
        index = self.random.choice(INDICES[self.random.choice([m, n])])
        return _sum(index, self.expression(free | {index}, depth))

    def positive(self, free: Free, depth: int) -> Expr:
        """An expression that is certain to be positive."""
        index = self.random.choice(INDICES[self.random.choice([m, n])])
        makers: list[Callable[[], Expr]] = [
            lambda: exp(self.expression(free, depth - 1)),
            lambda: s,
            lambda: P[self.subscript(n, free), self.subscript(m, free)],
            lambda: s + self.expression(free, depth - 1) ** 2,
            lambda: sigmoid(self.expression(free, depth - 1)),
        ]
        if depth > 0:
            makers.append(lambda: _sum(index, self.positive(free | {index}, depth - 1)))
            makers.append(lambda: 1 + self.positive(free, depth - 1))
        return self.random.choice(makers)()


def _sum(index: Index, term: Expr) -> Expr:
    bound = {limit[0] for limit in term.limits} if isinstance(term, Sum) else set()
    return term if index in bound else sum_over(index, term)


def _function(make: Callable[[Expr], Expr]) -> Callable[[Expressions, Free, int], Expr]:
    return lambda draw, free, depth: make(draw.expression(free, depth))


def _of_positive(make: Callable[[Expr], Expr]) -> Callable[[Expressions, Free, int], Expr]:
    return lambda draw, free, depth: make(draw.positive(free, depth))


_KINDS: dict[Callable[[Expressions, Free, int], Expr], float] = {
    lambda draw, free, depth: draw.expression(free, depth) + draw.expression(free, depth): 20,
    lambda draw, free, depth: draw.expression(free, depth) * draw.expression(free, depth): 20,
    lambda draw, free, depth: draw.expression(free, depth) / draw.positive(free, depth): 10,
    lambda draw, free, depth: 1 / draw.positive(free, depth) - 1 / draw.positive(free, depth): 5,
    Expressions.sum: 18,
    _function(exp): 6,
    _function(relu): 4,
    _function(step): 3,
    _function(absolute): 4,
    _function(sign): 2,
    _function(tanh): 5,
    _function(sigmoid): 5,
    _function(softplus): 2,
    _function(lambda inner: inner**2): 4,
    _function(lambda inner: inner**3): 2,
    _function(lambda inner: sqrt(inner**2)): 2,
    _of_positive(log): 5,
    _of_positive(sqrt): 4,
    _of_positive(lambda inner: inner ** Rational(-3, 2)): 2,
}


# Changes at one random node


Change = tuple[str, Expr]


def changed(expr: Expr, of: Callable[[Expr], list[Change]], random: Random, names: list[str]) -> Expr:
    """The expression with one of the changes that are possible at a random node."""
    nodes = list(_nodes(expr))
    random.shuffle(nodes)
    for path, node in nodes:
        possible = of(node)
        if possible:
            name, new = random.choice(possible)
            names.append(name)
            return _put(expr, path, new)
    return expr


def _nodes(expr: Expr, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Expr]]:
    yield path, expr
    if isinstance(expr, Sum):
        yield from _nodes(expr.function, (*path, 0))
    elif not isinstance(expr, (MatrixElement, KroneckerDelta, Symbol)):
        for number, part in enumerate(expr.args):
            yield from _nodes(part, (*path, number))


def _put(expr: Expr, path: tuple[int, ...], new: Expr) -> Expr:
    if not path:
        return new
    if isinstance(expr, Sum):
        return Sum(_put(expr.function, path[1:], new), *expr.limits)
    return expr.func(*[_put(part, path[1:], new) if k == path[0] else part for k, part in enumerate(expr.args)])


def _used(expr: Expr) -> set[Index]:
    """All indices, free and bound."""
    return set(expr.atoms(Index))


def _unused(expr: Expr, length: Expr) -> list[Index]:
    return [index for index in INDICES[length] if index not in _used(expr)]


def rules(expr: Expr) -> list[Change]:
    """Other ways to write the same."""
    found: list[Change] = []
    if isinstance(expr, Mul):
        found += _distributed(expr)
    if isinstance(expr, Sum):
        found += _sums(expr)
    if isinstance(expr, Pow) and expr.exp == 2:
        found.append(("square", Mul(expr.base, expr.base, evaluate=False)))
    found += [(name, rewrite(expr.args[0])) for kind, name, rewrite in _IDENTITIES if isinstance(expr, kind)]
    return found + _anywhere(expr)


_IDENTITIES: list[tuple[Any, str, Callable[[Expr], Expr]]] = [
    (exp, "exp split", lambda z: Mul(*[exp(term) for term in Add.make_args(z)])),
    (exp, "exp squared", lambda z: exp(2 * z) * exp(-z, evaluate=False)),
    (relu, "relu by step", lambda z: z * step(z)),
    (relu, "relu by |z|", lambda z: (z + absolute(z)) / 2),
    (relu, "relu mirrored", lambda z: z + relu(-z)),
    (step, "step scaled", lambda z: step(s * z)),
    (step, "step of exp", lambda z: step(z * exp(x))),
    (step, "step squared", lambda z: Mul(step(z), step(z), evaluate=False)),
    (absolute, "|z| by relu", lambda z: relu(z) + relu(-z)),
    (absolute, "|z| by sign", lambda z: z * sign(z)),
    (sign, "sign by step", lambda z: step(z) - step(-z)),
    (tanh, "tanh by exp", lambda z: (exp(2 * z) - 1) / (exp(2 * z) + 1)),
    (tanh, "tanh by sigmoid", lambda z: 2 * sigmoid(2 * z) - 1),
    (sigmoid, "sigmoid by exp", lambda z: 1 / (1 + exp(-z))),
    (sigmoid, "sigmoid mirrored", lambda z: 1 - sigmoid(-z)),
    (softplus, "softplus by log", lambda z: log(1 + exp(z))),
    (softplus, "softplus mirrored", lambda z: z + softplus(-z)),
    (log, "log scaled", lambda z: log(s * z) - log(s)),
]


def _distributed(expr: Mul) -> list[Change]:
    found: list[Change] = []
    for number, factor in enumerate(expr.args):
        rest = Mul(*[other for k, other in enumerate(expr.args) if k != number])
        if isinstance(factor, Add):
            found.append(("distribute", Add(*[term * rest for term in factor.args])))
        if isinstance(factor, Sum) and not {limit[0] for limit in factor.limits} & _used(rest):
            found.append(("into the sum", Sum(factor.function * rest, *factor.limits)))
    return found


def _sums(expr: Sum) -> list[Change]:
    found: list[Change] = []
    bound = [limit[0] for limit in expr.limits]
    if isinstance(expr.function, Add):
        found.append(("split the sum", Add(*[Sum(term, *expr.limits) for term in expr.function.args])))
    if len(bound) > 1:
        found.append(("swap sums", Sum(expr.function, *reversed(expr.limits))))
    inner = {limit[0] for total in expr.function.atoms(Sum) for limit in total.limits}
    for index in bound:
        unused = _unused(expr, index.size)
        if unused and index not in inner:
            found.append(("rename", expr.xreplace({index: unused[0]})))
    return found


def _anywhere(expr: Expr) -> list[Change]:
    found: list[Change] = [
        ("two shares", expr * s / (s + exp(x)) + expr * exp(x) / (s + exp(x))),
        ("partial fractions", expr + 1 / (s * (s + 1)) - 1 / s + 1 / (s + 1)),
        ("root squared", sqrt(1 + s) * expr / sqrt(1 + s, evaluate=False)),
    ]
    bound = {limit[0] for total in expr.atoms(Sum) for limit in total.limits}
    for length in (m, n):
        unused = _unused(expr, length)
        if not unused:
            continue
        found.append(("a sum of equal terms", sum_over(unused[0], expr) / length))
        found += [
            ("delta", sum_over(unused[0], delta(index, unused[0]) * expr.xreplace({index: unused[0]})))
            for index in sorted(set(free_indices(expr)) - bound, key=str)
            if index.size == length
        ]
        if length == n and isinstance(expr, MatrixElement):
            found.append(("sums to one", sum_over(unused[0], B[unused[0], 0] * expr)))
    return found


def mistakes(expr: Expr) -> list[Change]:
    """Ways to get it wrong, most of which change the value."""
    found: list[Expr] = []
    if isinstance(expr, Add):
        found += [Add(*expr.args[1:]), expr - 2 * expr.args[0]]
    if isinstance(expr, Mul):
        found += [Mul(*expr.args[1:]), 2 * expr]
    if isinstance(expr, MatrixElement):
        found += _other_entries(expr)
    if isinstance(expr, Sum):
        found += [2 * expr, expr / expr.limits[0][0].size]
    if isinstance(expr, Pow) and expr.exp.is_Integer:
        found += [expr.base ** (expr.exp + 1), -expr]
    if isinstance(expr, KroneckerDelta):
        found += [S.One, S.Zero, 1 - expr]
    found += [wrong(expr.args[0]) for kind, wrong in _WRONG if isinstance(expr, kind)]
    return [("mistake", new) for new in found]


_WRONG: list[tuple[Any, Callable[[Expr], Expr]]] = [
    (step, lambda z: S.One), (step, lambda z: step(-z)), (step, lambda z: 1 - step(z)),
    (relu, lambda z: z), (relu, lambda z: -relu(-z)), (absolute, lambda z: z), (absolute, relu),
    (sign, step), (tanh, sigmoid), (tanh, lambda z: tanh(2 * z)), (sigmoid, lambda z: sigmoid(-z)), (sigmoid, tanh),
    (softplus, relu), (log, lambda z: log(z) + 1), (exp, lambda z: 1 + z), (exp, lambda z: exp(-z)),
]  # fmt: skip


def _other_entries(expr: MatrixElement) -> list[Expr]:
    array_, places = expr.parent, (expr.i, expr.j)
    found = [other[places] for other in ARRAYS if other.shape == array_.shape and other != array_]
    if array_.shape[0] == array_.shape[1]:
        found.append(array_[places[1], places[0]])
    return found


# The truth


def truth(equation: Equation, seed: int, points: int = 8) -> Truth:
    """By plain loops at random numbers: false if the sides differ somewhere, unknown without enough finite numbers."""
    random, compared = Random(seed), 0
    for _ in range(points):
        found = _differ(equation, random)
        if found:
            return "false"
        compared += found is not None
    return "true" if compared >= 3 else "unknown"


def refuted_rightly(equation: Equation, found: ValueMismatch) -> bool | None:
    """Whether the sides differ at a counterexample, by plain loops; None if rounding decides there."""
    try:
        left, right = sides_at(equation, found.sizes, found.at, found.values)
    except ArithmeticError:
        return None
    return abs(left - right) > 1e-7 * max(abs(left), abs(right))


def _differ(equation: Equation, random: Random) -> bool | None:
    """Whether the sides differ at random numbers; None if one of them isn't a finite number."""
    rows, columns = random.choice([(1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2)])
    sizes = {m: rows, n: columns}
    loops = Loops(_values(sizes, random), sizes)
    at = {index: random.randrange(sizes[index.size]) for index in equation.indices}
    try:
        left, right = loops.at(equation.left, at).value, loops.at(equation.right, at).value
    except (ArithmeticError, ValueError):
        return None
    larger = max(abs(left), abs(right))
    if not larger < 1e8:
        return None
    return abs(left - right) > 1e-6 * max(1.0, larger)


def _values(sizes: Mapping[Expr, int], random: Random) -> dict[str, Any]:
    kind = random.choice(["normal", "normal", "sparse", "whole"])

    def number() -> float:
        if kind == "whole":
            return float(random.randint(-2, 2))
        return 0.0 if kind == "sparse" and random.random() < 0.5 else random.gauss(0, 1)

    values: dict[str, Any] = {}
    for array_ in ARRAYS:
        rows, columns = (sizes.get(length, 1) for length in array_.shape)
        values[array_.name] = [[number() for _ in range(columns)] for _ in range(rows)]
    values["P"] = [[abs(entry) + 0.2 for entry in row] for row in values["P"]]
    for column in range(sizes[n]):
        values["B"][-1][column] = 1 - math.fsum(row[column] for row in values["B"][:-1])
    return values | {
        "y": [random.randrange(sizes[n]) for _ in range(sizes[m])],
        "x": number(),
        "s": abs(number()) + 0.3,
    }
