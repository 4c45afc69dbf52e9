"""One change in a formula: a factor left out, a sign, another name, another function. Each kind is one function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sympy import Add, Expr, Function, Indexed, Integer, Mul, Pow, Rational, Sum, exp, tanh
from sympy.core.parameters import distribute
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import name_of
from derivations.calculus.evaluate import shape_of
from derivations.calculus.functions import sigmoid
from derivations.calculus.grammar import Index, entry, sum_over
from derivations.calculus.writers.text import text

__all__ = ["Change", "Context", "changes", "same_entry"]


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
    sums: Sequence[Add] = ()
    """Sums such as `n[i] + eps` that occur in the layer: one of them may have been written for its name."""


Edited = tuple[Expr, str, float]
"""What a node becomes, what that is in words, and what it costs to believe it."""

Edit = Callable[[Expr, Context], Iterator[Edited]]


def changes(expr: Expr, context: Context) -> Iterator[Change]:
    """Every change at every node."""
    with distribute(False):
        yield from _changes(expr, context, lambda new: new)


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
    # SymPy writes tanh(-z) as -tanh(z), again and again where products aren't distributed over sums: never evaluated.
    unevaluated = {"evaluate": False} if isinstance(node, Function) else {}
    return lambda new: whole(node.func(*before, new, *after, **unevaluated))


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


def factor_missing_and_sign_wrong(node: Expr, context: Context) -> Iterator[Edited]:
    """a - b c becomes a + b."""
    if isinstance(node, Add):
        for term in node.args:
            for factor in term.args if isinstance(term, Mul) else ():
                if not factor.is_number:
                    words = f"in {text(term)} the factor {text(factor)} is missing and the sign is wrong"
                    yield node - term - term / factor, words, 1.7


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
                new = other(argument, evaluate=False)
                yield new, f"{text(new)} stands where {text(node)} belongs", 1.5


def name_wrong(node: Expr, context: Context) -> Iterator[Edited]:
    """X[i, j] becomes Z[i, j], an array of the same shape; or W[i, j] becomes W[j, i], where it is square."""
    if not isinstance(node, (MatrixElement, Indexed)):
        return
    indices, shape = entry(node)[1], shape_of(node)
    for other in context.names:
        if name_of(other) != name_of(node) and shape_of(other) == shape:
            yield same_entry(other, indices), f"{name_of(other)} stands where {name_of(node)} belongs", 1.3


def first_entry(node: Expr, context: Context) -> Iterator[Edited]:
    """M[t, i] becomes M[0, i]: the first one is used for all."""
    if isinstance(node, (MatrixElement, Indexed)):
        indices = entry(node)[1]
        for number in (number for number, index in enumerate(indices) if isinstance(index, Index)):
            new = same_entry(node, (*indices[:number], Integer(0), *indices[number + 1 :]))
            yield new, f"{text(new)} stands where {text(node)} belongs", 1.4


def sum_from_the_second(node: Expr, context: Context) -> Iterator[Edited]:
    """sum_k a[k] leaves out the first k, as `range(1, n)` does."""
    if isinstance(node, Sum) and len(node.limits) == 1:
        ((bound, *_),) = node.limits
        words = f"the sum {text(node)} leaves out the first {text(bound)}"
        yield node - node.function.xreplace({bound: Integer(0)}), words, 1.3


def name_in_a_sum(node: Expr, context: Context) -> Iterator[Edited]:
    """n[i] becomes n[i] + eps, if the layer has that sum."""
    if isinstance(node, (MatrixElement, Indexed)):
        for total in context.sums:
            if node in total.args:
                yield total, f"{text(total)} stands where {text(node)} belongs", 1.2


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
    factor_missing_and_sign_wrong,
    factor_twice,
    power_wrong,
    function_wrong,
    name_wrong,
    name_in_a_sum,
    first_entry,
    sum_missing,
    sum_from_the_second,
    sum_over_another_axis,
    factor_out_of_the_sum,
    one_minus,
)


def same_entry(other: Expr, indices: Sequence[Expr]) -> Expr:
    """The other array's entry at these indices; a vector of the chapters has a second index 0."""
    if isinstance(other, MatrixElement):
        return other.parent[tuple(indices) if len(indices) == 2 else (*indices, 0)]
    return other.base[tuple(indices)]
