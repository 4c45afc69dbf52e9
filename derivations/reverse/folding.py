"""Named parts recognized: exp(S[c, i]) / sum[d](exp(S[d, i])) is written P[c, i] where P is defined so.

A definition is found in a product if the product has all of its factors, to powers at least as large and of the same
sign, for some choice of the definition's indices. Names of bound indices do not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from sympy import Add, Basic, Expr, Indexed, MatrixSymbol, Mul, Pow, S, Sum, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus.definitions import Definitions, name_of
from derivations.calculus.grammar import Index, entry, free_indices
from derivations.reverse.contraction import summed

__all__ = ["alike", "fold", "key"]


def fold(expr: Expr, definitions: Definitions, spare: frozenset[str] = frozenset()) -> Expr:
    """The expression with every part that some definition names written as that name; names in `spare` are not used."""
    usable = {p: body for p, body in definitions.items() if name_of(p) not in spare and _worth_naming(body)}
    return _folded(expr, usable)


def alike(one: Expr, other: Expr) -> bool:
    """Whether two expressions are the same but for the names of bound indices and the order of terms and factors."""
    return key(one) == key(other)


def _worth_naming(body: Expr) -> bool:
    return not isinstance(body, (MatrixElement, Indexed, Symbol)) and not body.is_number


def _folded(expr: Expr, definitions: Definitions) -> Expr:
    if not expr.args or isinstance(expr, (MatrixElement, Indexed, MatrixSymbol)):
        return expr
    if isinstance(expr, Sum):
        return Sum(_folded(expr.function, definitions), *expr.limits)
    inner = expr.func(*[_folded(arg, definitions) for arg in expr.args])
    for pattern, body in definitions.items():
        for named, instance in _instances(pattern, body, inner):
            found = _divided(inner, instance, named) if isinstance(inner, (Mul, Pow)) else None
            if found is not None:
                return _folded(found, definitions)
            if key(inner) == key(instance):
                return named
    if isinstance(inner, Mul) and (drawn_in := _across_a_sum(inner, definitions)) is not None:
        return _folded(drawn_in, definitions)
    return inner


def _across_a_sum(expr: Expr, definitions: Definitions) -> Expr | None:
    """a sum_c(f(c)) = sum_c(a f(c)), if a f(c) contains a definition with the index c that f(c) alone does not."""
    for total in (factor for factor in expr.args if isinstance(factor, Sum)):
        others = [factor for factor in expr.args if factor is not total]
        inside, bound = Mul(*others, total.function), [limit[0] for limit in reversed(total.limits)]
        for pattern, body in definitions.items():
            for named, instance in _instances(pattern, body, inside):
                found = _divided(inside, instance, named) if named.free_symbols & set(bound) else None
                if found is not None:
                    return summed(bound, list(Mul.make_args(found)))
    return None


def _instances(pattern: Expr, body: Expr, expr: Expr) -> Iterator[tuple[Expr, Expr]]:
    """The definition for each choice of its indices among those of the expression."""
    if not _arrays(body) <= _arrays(expr):
        return
    indices = [index for index in _indices(pattern) if isinstance(index, Index)]
    there = sorted(free_indices(expr), key=str)
    for choice in product(*[[other for other in there if other.size == index.size] for index in indices]):
        new = dict(zip(indices, choice, strict=True))
        yield pattern.xreplace(new), body.xreplace(new)


def _arrays(expr: Expr) -> set[str]:
    return {name_of(part) for part in expr.atoms(MatrixElement, Indexed)}


def _indices(pattern: Expr) -> tuple[Expr, ...]:
    return () if isinstance(pattern, Symbol) else entry(pattern)[1]


Factors = Mapping[object, tuple[Expr, Expr]]
"""By its key: a factor, and its power."""


def _divided(expr: Expr, body: Expr, named: Expr) -> Expr | None:
    """The product with `named` in place of the factors of `body`, if it has them all; else None.

    Each to a power at least as large and of the same sign; a body with one factor to any multiple of its power, so that
    1 / sqrt(v) is 1 / s where s is sqrt(v).
    """
    factors, wanted = _factors(expr), _factors(body)
    needed = {name: power for name, (base, power) in wanted.items() if not base.is_number}
    if not needed or not needed.keys() <= factors.keys():
        return None
    times = S.One
    if len(needed) == 1:
        ((name, power),) = needed.items()
        times = factors[name][1] / power
    if not times.is_Integer or times == 0 or not all(_contains(factors[n][1], p * times) for n, p in needed.items()):
        return None
    rest = [Pow(base, power - times * needed.get(name, 0)) for name, (base, power) in factors.items()]
    numbers = [Pow(base, -power * times) for name, (base, power) in wanted.items() if name not in needed]
    return Mul(Pow(named, times), *rest, *numbers)


def _contains(there: Expr, power: Expr) -> bool:
    return bool(there * power > 0 and abs(there) >= abs(power))


def _factors(expr: Expr) -> Factors:
    found: dict[object, tuple[Expr, Expr]] = {}
    for factor in Mul.make_args(expr):
        base, power = factor.as_base_exp() if isinstance(factor, Pow) and factor.exp.is_Rational else (factor, S.One)
        for part in Mul.make_args(base):
            before = found.get(key(part), (part, S.Zero))
            found[key(part)] = (before[0], before[1] + power)
    return found


def key(expr: Basic) -> object:
    """Equal for expressions that differ only in the names of bound indices and in the order of terms and factors."""
    return _key(expr, {})


def _key(expr: Basic, bound: Mapping[Index, int]) -> object:
    if isinstance(expr, Index):
        return ("bound", bound[expr]) if expr in bound else ("free", str(expr), str(expr.size))
    if isinstance(expr, (MatrixElement, Indexed)):
        name, indices = entry(expr)
        return ("entry", name, *[_key(index, bound) for index in indices])
    if isinstance(expr, Sum):
        inner = dict(bound) | {limit[0]: len(bound) + n for n, limit in enumerate(expr.limits)}
        return ("sum", tuple(str(limit[0].size) for limit in expr.limits), _key(expr.function, inner))
    if not expr.args:
        return str(expr)
    parts = [_key(arg, bound) for arg in expr.args]
    return (type(expr).__name__, *(sorted(parts, key=repr) if isinstance(expr, (Add, Mul)) else parts))
