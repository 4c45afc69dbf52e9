"""Statements that stay finite: softmax and log-sum-exp as what they are, and logarithms taken before exponentials.

exp(s) overflows from s = 710 on, and exp(s) / sum exp(s) is then inf / inf. Code that subtracts the largest score first
has the same value and never overflows. So in the code, and only there,

    exp(f[c]) / sum_d exp(f[d])      is softmax(f), along c
    log(sum_c exp(f[c]))             is logsumexp(f), along c
    log(P[k])                        is f[k] - logsumexp(f), where P is softmax(f)
    log(sigmoid(z)), log(1 - sigmoid(z))     are -softplus(-z), -softplus(z)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sympy import Add, Expr, Indexed, Mul, Pow, S, Sum, Symbol, exp, log
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import name_of
from derivations.calculus.functions import sigmoid, softplus
from derivations.calculus.grammar import Index, array, entry, free_indices
from derivations.reverse.folding import key
from derivations.reverse.program import Reduction, Statement

__all__ = ["stabilized"]


def stabilized(statements: Iterable[Statement], known: Mapping[str, Statement] | None = None) -> list[Statement]:
    """The same statements, with new ones before them for each softmax and log-sum-exp.

    `known` are statements before these, whose names may be used.
    """
    return list(_Stable(known or {}).statements(statements))


class _Stable:
    def __init__(self, known: Mapping[str, Statement]) -> None:
        self.by_name = dict(known)
        self.made: dict[object, Expr] = {}
        self.new: list[Statement] = []

    def statements(self, statements: Iterable[Statement]) -> Iterator[Statement]:
        for statement in statements:
            assert isinstance(statement.value, Expr)
            made = self.as_softmax(statement.value, statement.target)
            value = made if made is not None else self.stable(statement.value)
            yield from self.new
            self.new = []
            self.by_name[statement.name] = Statement(statement.target, value)
            yield self.by_name[statement.name]

    def as_softmax(self, value: Expr, target: Expr) -> Reduction | None:
        """The whole value as a softmax of the shape of the target."""
        found = _softmax(value)
        if found is None or found.rest != 1 or isinstance(target, Symbol) or found.index not in entry(target)[1]:
            return None
        return Reduction("softmax", self.stable(found.argument), found.index)

    def stable(self, expr: Expr) -> Expr:
        if not expr.args or isinstance(expr, (MatrixElement, Indexed)):
            return expr
        if isinstance(expr, log):
            return self.logarithm(expr.args[0])
        if (found := _softmax(expr)) is not None and isinstance(found.index, Index):
            named = self.named("softmax", found.argument, found.index, free_indices(found.argument))
            return Mul(named, self.stable(found.rest))
        if isinstance(expr, Sum):
            return Sum(self.stable(expr.function), *expr.limits)
        return expr.func(*[self.stable(arg) for arg in expr.args])

    def logarithm(self, inner: Expr) -> Expr:
        if isinstance(inner, Sum) and isinstance(inner.function, exp) and len(inner.limits) == 1:
            return self.total(inner.function.args[0], inner.limits[0][0])
        if isinstance(inner, (MatrixElement, Indexed)):
            return self.logarithm_of_entry(inner)
        if isinstance(inner, sigmoid):
            return -softplus(-self.stable(inner.args[0]))
        if (z := self.one_minus_sigmoid(inner)) is not None:
            return -softplus(self.stable(z))
        if (found := _softmax(inner)) is not None and found.rest == 1:
            return found.argument - self.total(found.body, found.bound)
        return log(self.stable(inner))

    def logarithm_of_entry(self, quantity: Expr) -> Expr:
        statement = self.by_name.get(name_of(quantity))
        if statement is not None and isinstance(statement.value, Reduction) and statement.value.function == "softmax":
            argument, over = statement.value.argument, statement.value.over
            others = dict(zip(entry(statement.target)[1], entry(quantity)[1], strict=True))
            above = argument.xreplace(dict(others))
            free = (others.pop(over), over, Index(f"{over.name}'", over.size))  # in P[i, i] the first isn't
            bound = next(index for index in free if isinstance(index, Index) and index not in others.values())
            return above - self.total(argument.xreplace({**others, over: bound}), bound)
        value = self.value_of(quantity)
        return self.logarithm(value) if isinstance(value, sigmoid) else log(quantity)

    def total(self, argument: Expr, index: Index) -> Expr:
        """logsumexp along one index."""
        others = tuple(other for other in free_indices(argument) if other != index)
        return self.named("logsumexp", argument, index, others)

    def one_minus_sigmoid(self, expr: Expr) -> Expr | None:
        """z, if the expression is 1 - sigmoid(z), by itself or by name."""
        if not isinstance(expr, Add) or len(expr.args) != 2 or S.One not in expr.args:
            return None
        other = -(expr - 1)
        if isinstance(other, (MatrixElement, Indexed)):
            value = self.value_of(other)
            other = value if isinstance(value, Expr) else other
        return other.args[0] if isinstance(other, sigmoid) else None

    def value_of(self, quantity: Expr) -> Expr | Reduction | None:
        """What a name stands for, at these indices."""
        statement = self.by_name.get(name_of(quantity))
        if statement is None:
            return None
        new = dict(zip(entry(statement.target)[1], entry(quantity)[1], strict=True))
        if isinstance(statement.value, Expr):
            return statement.value.xreplace(new)
        over = new.get(statement.value.over)
        return statement.value.at(new) if isinstance(over, Index) else None

    def named(self, function: str, argument: Expr, over: Index, axes: tuple[Index, ...]) -> Expr:
        """The name of a statement that computes this, made if there is none yet."""
        known = (function, key(argument), str(over), axes)
        if known not in self.made:
            self.made[known] = self.statement(function, self.stable(argument), over, axes)
        return self.made[known]

    def statement(self, function: str, argument: Expr, over: Index, axes: tuple[Index, ...]) -> Expr:
        of = name_of(argument) if isinstance(argument, (MatrixElement, Indexed)) else str(len(self.made) + 1)
        name = f"{function}_{of}"
        taken = {*self.by_name, *(statement.name for statement in self.new)}
        while name in taken:
            name += "_"
        target = array(name, *[index.size for index in axes])[axes] if axes else Symbol(name, real=True)
        self.new.append(Statement(target, Reduction(function, argument, over)))
        return target


class _Softmax(NamedTuple):
    """exp(f[k]) / sum_c(exp(f[c])) * rest: f[k], k, f[c], c and the rest. k is an index or a label."""

    argument: Expr
    index: Expr
    body: Expr
    bound: Index
    rest: Expr


def _softmax(expr: Expr) -> _Softmax | None:
    """A product with a softmax in it."""
    for factor in (part for part in Mul.make_args(expr) if isinstance(part, exp)):
        for other in (part for part in expr.args if _is_one_over_a_sum(part)):
            bound, body = other.base.limits[0][0], other.base.function
            for index in _places(factor):
                if key(body.xreplace({bound: index})) == key(factor):
                    rest = Mul(*[arg for arg in expr.args if arg not in (factor, other)])
                    return _Softmax(factor.args[0], index, body.args[0], bound, rest)
    return None


def _is_one_over_a_sum(expr: Expr) -> bool:
    """1 / sum_c(exp(...))."""
    is_inverse = isinstance(expr, Pow) and expr.exp == -1 and isinstance(expr.base, Sum)
    return bool(is_inverse and len(expr.base.limits) == 1 and isinstance(expr.base.function, exp))


def _places(expr: Expr) -> list[Expr]:
    """Whatever is between brackets in it: indices and labels."""
    return sorted({index for part in expr.atoms(MatrixElement, Indexed) for index in entry(part)[1]}, key=str)
