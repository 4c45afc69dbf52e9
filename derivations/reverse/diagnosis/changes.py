"""One change in a formula: a factor left out, a sign, another name, another function. Each kind is one function."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sympy import Add, Expr, Function, Indexed, Integer, Mul, Pow, Rational, Sum, exp, tanh
from sympy.core.parameters import distribute
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import name_of
from derivations.calculus.functions import sigmoid
from derivations.calculus.grammar import Index, entry, sum_over
from derivations.calculus.writers.text import text

__all__ = ["Change", "Context", "changes", "changes_of_the_whole"]


@dataclass(frozen=True)
class Change:
    """What a formula became, and what was done to it: `the factor gamma[j] is missing`."""

    words: str
    expr: Expr
    cost: float = 1.0


@dataclass(frozen=True)
class Context:
    """What a formula stands among: entries of the arrays that may have been confused, and its free indices."""

    names: Sequence[Expr]
    axes: tuple[Index, ...]


Edited = tuple[Expr, str, float]
"""What a node becomes, what that is in words, and what it costs to believe it."""

Edit = Callable[[Expr, Context], Iterator[Edited]]


def changes(expr: Expr, context: Context) -> Iterator[Change]:
    """Every change at every node."""
    with distribute(False):
        yield from _changes(expr, context, lambda new: new)


def changes_of_the_whole(expr: Expr, context: Context) -> Iterator[Change]:
    """Those that are made in more than one place at once."""
    yield from names_exchanged(expr)
    for change in (name_wrong_everywhere, slope_again, all_sums_over_another_axis):
        yield from change(expr, context)


def _changes(node: Expr, context: Context, whole: Callable[[Expr], Expr]) -> Iterator[Change]:
    for edit in EDITS:
        for new, words, cost in edit(node, context):
            yield Change(words, whole(new), cost)
    if isinstance(node, Sum):
        yield from _changes(node.function, context, lambda new: whole(Sum(new, *node.limits)))
    elif not isinstance(node, (MatrixElement, Indexed)):
        for number, arg in enumerate(node.args):
            before, after = node.args[:number], node.args[number + 1 :]
            yield from _changes(arg, context, _put_back(node, before, after, whole))


def _put_back(
    node: Expr, before: tuple[Expr, ...], after: tuple[Expr, ...], whole: Callable[[Expr], Expr]
) -> Callable[[Expr], Expr]:
    return lambda new: whole(node.func(*before, new, *after))


def term_missing(node: Expr, context: Context) -> Iterator[Edited]:
    """a + b becomes b."""
    if isinstance(node, Add):
        for term in node.args:
            yield node - term, f"the term {text(term)} is missing", 0.9


def sign_wrong(node: Expr, context: Context) -> Iterator[Edited]:
    """a + b becomes a - b."""
    if isinstance(node, Add):
        for term in node.args:
            yield node - 2 * term, f"the term {text(term)} has the wrong sign", 1.0


def factor_missing(node: Expr, context: Context) -> Iterator[Edited]:
    """a b becomes b; a / n becomes a."""
    if isinstance(node, Mul):
        for factor in node.args:
            if factor != -1:
                yield node / factor, f"the factor {text(factor)} is missing", 1.0


def factor_twice(node: Expr, context: Context) -> Iterator[Edited]:
    """a b becomes a**2 b."""
    if isinstance(node, Mul):
        for factor in node.args:
            if not factor.is_number:
                yield node * factor, f"the factor {text(factor)} is there twice", 1.5


def power_wrong(node: Expr, context: Context) -> Iterator[Edited]:
    """x**2 becomes x, 1 / sqrt(x) becomes 1 / x, and so on."""
    if isinstance(node, Pow) and isinstance(node.exp, Rational):
        half = Rational(1, 2)
        others = {Integer(1), -node.exp, *(node.exp + k * half for k in (-2, -1, 1, 2)), node.exp / 2, 2 * node.exp}
        for new in sorted(others - {0, node.exp}):
            words = f"{text(node.base**new)} stands where {text(node)} belongs"
            yield node.base**new, words, 1.2


def function_wrong(node: Expr, context: Context) -> Iterator[Edited]:
    """f(x) becomes x, or another function of x."""
    if isinstance(node, Function) and len(node.args) == 1:
        (argument,) = node.args
        yield argument, f"{text(argument)} stands where {text(node)} belongs", 1.2
        for other in (tanh, sigmoid, exp):
            if not isinstance(node, other):
                yield other(argument), f"{text(other(argument))} stands where {text(node)} belongs", 1.5


def name_wrong(node: Expr, context: Context) -> Iterator[Edited]:
    """X[i, j] becomes Z[i, j], an array of the same shape; or W[i, j] becomes W[j, i], where it is square."""
    if not isinstance(node, (MatrixElement, Indexed)):
        return
    indices, shape = entry(node)[1], _shape(node)
    for other in context.names:
        if name_of(other) != name_of(node) and _shape(other) == shape:
            yield _at(other, indices), f"{name_of(other)} stands where {name_of(node)} belongs", 1.3


def names_exchanged(expr: Expr) -> Iterator[Change]:
    """In the whole formula, X is where Z belongs, and Z where X belongs."""
    entries = sorted(expr.atoms(MatrixElement, Indexed), key=str)
    arrays = {name_of(found): found for found in entries}
    for one, other in itertools.combinations(arrays.values(), 2):
        if _shape(one) == _shape(other):
            exchanged = {name_of(one): other, name_of(other): one}
            new = {e: _at(exchanged[name_of(e)], entry(e)[1]) for e in entries if name_of(e) in exchanged}
            words = f"{name_of(one)} and {name_of(other)} are exchanged"
            yield Change(words, expr.xreplace(new), 1.2)


def name_wrong_everywhere(expr: Expr, context: Context) -> Iterator[Change]:
    """In the whole formula, Z stands where X belongs; where X is there once, that is `name_wrong`."""
    for name in sorted({name_of(found) for found in expr.atoms(MatrixElement, Indexed)}):
        entries = [found for found in expr.atoms(MatrixElement, Indexed) if name_of(found) == name]
        for other in context.names if len(entries) > 1 else ():
            if name_of(other) != name and _shape(other) == _shape(entries[0]):
                new = {found: _at(other, entry(found)[1]) for found in entries}
                yield Change(f"{name_of(other)} stands where {name} belongs", expr.xreplace(new), 1.3)


def slope_again(expr: Expr, context: Context) -> Iterator[Change]:
    """The whole formula is multiplied by the slope of an activation once more, or by an array of its shape."""
    for name in context.names:
        if len(entry(name)[1]) == len(context.axes) and _shape(name) == tuple(axis.size for axis in context.axes):
            value = _at(name, context.axes)
            yield Change(f"the slope {text(value * (1 - value))} is there, too", expr * value * (1 - value), 1.2)
            yield Change(f"the factor {text(value)} is there, too", expr * value, 1.3)


def all_sums_over_another_axis(expr: Expr, context: Context) -> Iterator[Change]:
    """Each sum over one index runs over the other one instead, as with the wrong `axis`; means are over its size."""
    sums = [total for total in expr.atoms(Sum) if len(total.limits) == 1]
    sizes = {total.limits[0][0].size for total in sums}
    for size in sorted(sizes, key=str) if len(sums) > 1 else ():
        for other in (index for index in context.axes if index.size != size):
            own = next((index for index in context.axes if index.size == size), None)
            of_size = [total for total in sums if total.limits[0][0].size == size and total.has(other)]
            if own is None or not of_size:
                continue
            running = Index(f"{other.name}''", other.size)
            new = {
                total: sum_over(running, total.function.xreplace({total.limits[0][0]: own, other: running}))
                for total in of_size
            }
            words = f"the sums over {own} run over {other} instead"
            yield Change(words, expr.xreplace(new), 1.2)
            yield Change(words, expr.xreplace({total: value * size / other.size for total, value in new.items()}), 1.2)


def sum_missing(node: Expr, context: Context) -> Iterator[Edited]:
    """sum_k a[k] becomes a[j], the entry of the result's own index."""
    if isinstance(node, Sum) and len(node.limits) == 1:
        ((bound, *_),) = node.limits
        for index in context.axes:
            if index.size == bound.size:
                yield node.function.xreplace({bound: index}), f"the sum {text(node)} is missing", 1.1


def sum_over_another_axis(node: Expr, context: Context) -> Iterator[Edited]:
    """sum_k a[i, k] becomes sum_i a[i, j], and a mean is then one over the other size."""
    if not isinstance(node, Sum) or len(node.limits) != 1:
        return
    ((bound, *_),) = node.limits
    own = [index for index in context.axes if index.size == bound.size]
    for other in (index for index in context.axes if index.size != bound.size and node.has(index)):
        for index in own:
            running = Index(f"{other.name}''", other.size)
            new = sum_over(running, node.function.xreplace({bound: index, other: running}))
            words = f"the sum {text(node)} runs over {other} instead"
            yield new, words, 1.2
            yield new * bound.size / other.size, words, 1.2


def factor_out_of_the_sum(node: Expr, context: Context) -> Iterator[Edited]:
    """sum_k a[k] b[k] becomes a[j] sum_k b[k], with the result's own index."""
    if not isinstance(node, Sum) or len(node.limits) != 1 or not isinstance(node.function, Mul):
        return
    ((bound, *_),) = node.limits
    for index in (index for index in context.axes if index.size == bound.size):
        for factor in (factor for factor in node.function.args if factor.has(bound)):
            rest = Sum(node.function / factor, *node.limits)
            words = f"the factor {text(factor)} stands outside of the sum {text(node)}"
            yield factor.xreplace({bound: index}) * rest, words, 1.3


def one_minus(node: Expr, context: Context) -> Iterator[Edited]:
    """1 - x becomes x, and the reverse."""
    if isinstance(node, Add) and 1 in node.args and len(node.args) == 2:
        rest = node - 1
        yield -rest, f"{text(-rest)} stands where {text(node)} belongs", 1.2


EDITS: tuple[Edit, ...] = (
    term_missing,
    sign_wrong,
    factor_missing,
    factor_twice,
    power_wrong,
    function_wrong,
    name_wrong,
    sum_missing,
    sum_over_another_axis,
    factor_out_of_the_sum,
    one_minus,
)


def _shape(quantity: Expr) -> tuple[Expr, ...]:
    return tuple(quantity.parent.shape if isinstance(quantity, MatrixElement) else quantity.base.shape)


def _at(other: Expr, indices: Sequence[Expr]) -> Expr:
    """The other array's entry at these indices; a vector of the chapters has a second index 0."""
    if isinstance(other, MatrixElement):
        return other.parent[tuple(indices) if len(indices) == 2 else (*indices, 0)]
    return other.base[tuple(indices)]
