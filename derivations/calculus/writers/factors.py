"""The factors of an expression, with sums of products taken apart as far as they go.

sum_i(2 * P[k, i] * x[i] * y[k])     has the factors 2, y[k] and the Total over i of P[k, i] * x[i]
sum_i_j(x[i] * y[j])                 has two Totals, one over i and one over j
sum_i(y[k])                          has the factors y[k] and m, the number of i
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sympy import Expr, Mul, Pow, Rational, Sum

from derivations.calculus.grammar import Index, free_indices
from derivations.calculus.writers.letters import bound_indices

__all__ = ["Part", "Total", "connected", "factors_of", "indices_of", "quotient", "totals", "without"]


@dataclass(frozen=True)
class Total:
    """The sum over `bound` of a product. No factor is without a bound index, and no part can be summed by itself."""

    factors: tuple[Expr | Total, ...]
    bound: tuple[Index, ...]


Part: TypeAlias = "Expr | Total"


def indices_of(part: Part) -> tuple[Index, ...]:
    """The free indices of a part."""
    if isinstance(part, Total):
        inside = (index for factor in part.factors for index in indices_of(factor))
        return tuple(dict.fromkeys(index for index in inside if index not in part.bound))
    return free_indices(part)


def factors_of(expr: Expr) -> Iterator[Part]:
    """The factors of a product; those that don't depend on a sum's index are taken out of it."""
    if isinstance(expr, Mul):
        for arg in expr.args:
            yield from factors_of(arg)
    elif isinstance(expr, Sum):
        bound = bound_indices(expr)
        yield from totals(tuple(factors_of(expr.function)), bound)
    else:
        yield expr


def totals(factors: tuple[Part, ...], bound: tuple[Index, ...]) -> Iterator[Part]:
    """The sum of a product, as a product of sums that share no index."""
    flat: list[Part] = []
    inner: list[Index] = []
    for factor in factors:
        if isinstance(factor, Total) and set(bound) & set(indices_of(factor)):
            flat += factor.factors
            inner += factor.bound
        else:
            flat.append(factor)
    for group, own in connected(flat, (*bound, *inner)):
        if own:
            yield Total(tuple(group), own)
        else:
            yield from group
    used = {index for factor in flat for index in indices_of(factor)}
    yield from (index.size for index in bound if index not in used)


def connected(factors: Sequence[Part], bound: tuple[Index, ...]) -> list[tuple[list[Part], tuple[Index, ...]]]:
    """The factors in groups that share no bound index, each with its own bound indices."""
    groups: list[tuple[list[Part], set[Index]]] = []
    for factor in factors:
        own = set(indices_of(factor)) & set(bound)
        touched = [group for group in groups if group[1] & own]
        groups = [group for group in groups if not group[1] & own]
        merged = [part for group in touched for part in group[0]]
        groups.append(([*merged, factor], own.union(*[group[1] for group in touched])))
    return [(group, tuple(index for index in bound if index in own)) for group, own in groups]


def quotient(factors: Iterable[Part]) -> tuple[Rational, list[Part], list[Part]]:
    """A product as a rational number, the other factors, and what these are divided by."""
    coefficient, above, below = Rational(1), list[Part](), list[Part]()
    for factor in factors:
        if isinstance(factor, Rational):
            coefficient *= factor
        elif isinstance(factor, Pow) and factor.exp.could_extract_minus_sign():
            below += factors_of(factor.base**-factor.exp)
        else:
            above.append(factor)
    return coefficient, above, below


def without(sizes: list[Expr], below: list[Part]) -> list[Part] | None:
    """What remains of the divisors when these sizes are taken away; None if they are not all there."""
    rest = list(below)
    for size in sizes:
        if size not in rest:
            return None
        rest.remove(size)
    return rest
