"""The local derivative on each edge of a graph: how one quantity changes with one that it is computed from.

The edge from Q to S has the derivative of each entry of S with respect to each entry of Q, with all other quantities
held. The chain rule multiplies these along a path, and adds up the paths. Nobody writes them down: each is worked out
from the definitions of the names along its edge, and the chain that comes out is proven like any other.

    >>> from derivations import network
    >>> print(network.local["Z2_by_b2"].prove().text())
    network.local['Z2_by_b2']: The derivative of Z2 with respect to b2
    <BLANKLINE>
        d(Z2[c, i])/d(b2[k, 0])
      = delta(c, k)
            the definition of Z2, differentiated: each entry of b2 depends only on itself
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sympy import Add, Expr, Symbol

from derivations.calculus import Definitions, Index, Partial, sum_over
from derivations.calculus.assumptions import Assumption
from derivations.calculus.definitions import by_name, name_of, names_in
from derivations.graph.model import Edge
from derivations.proofs.derivation import Derivation
from derivations.reverse.contraction import contract
from derivations.reverse.folding import alike, fold
from derivations.reverse.shortening import length, simplest
from derivations.reverse.slopes import slope
from derivations.reverse.walk import apart, axes_of

__all__ = ["derivative_on", "local_derivative", "local_derivatives"]

Step = tuple[Expr, str]


def local_derivatives(
    edges: Iterable[Edge], where: Definitions, wrt: Iterable[Expr], assumptions: Iterable[Assumption] = ()
) -> dict[str, Derivation]:
    """The derivation for each edge that leaves a quantity in `wrt`, by names such as Z1_by_W1.

    `wrt` are scalars, and entries with letters that the definitions don't use: W1[w, t], if Z1[v, i] is defined.
    """
    sources = {name_of(quantity): quantity for quantity in wrt}
    return {
        edge.derivative: local_derivative(edge, where, sources[edge.source], assumptions)
        for edge in edges
        if edge.source in sources
    }


def derivative_on(edge: Edge, local: Mapping[str, Derivation]) -> Derivation:
    """The edge's derivation, proven; KeyError if there is none."""
    if edge.derivative not in local:
        raise KeyError(f"no derivative of {edge.target} with respect to {edge.source} among {', '.join(local)}")
    return local[edge.derivative].prove()


def local_derivative(edge: Edge, where: Definitions, wrt: Expr, assumptions: Iterable[Assumption] = ()) -> Derivation:
    """The derivation for one edge, from the definitions of the names along it; all other names are held.

    An edge through hidden names is one path, and its start is the derivative along all paths between these names: where
    there is another one, as from Q to S = Q + H with H = 2 * Q, the derivation is refuted.
    """
    bodies = by_name(where)
    along = dict(bodies[name] for name in edge.names[1:])
    named = names_in(Add(*along.values()))
    known = [fact for fact in assumptions if fact.array in named]
    target = _apart_from([wrt], bodies[edge.target][0])
    steps = _through_hidden(edge, target, where, wrt) if edge.through else _differentiated(target, where, wrt)
    through = f", through {' and '.join(edge.through)}" if edge.through else ""
    return Derivation(
        f"The derivative of {edge.target} with respect to {edge.source}{through}",
        Partial(target, wrt),
        *_until_short(steps, along, known),
        where=along,
        assumptions=known,
    )


def _differentiated(target: Expr, where: Definitions, wrt: Expr) -> list[Step]:
    """The derivative of the target's definition, as it is written."""
    pattern, body = by_name(where)[name_of(target)]
    here = body.xreplace(dict(zip(axes_of(pattern), axes_of(target), strict=True)))
    entries = "" if isinstance(wrt, Symbol) else f": each entry of `{name_of(wrt)}` depends only on itself"
    return [(slope(here, wrt), f"the definition of `{name_of(target)}`, differentiated{entries}")]


def _through_hidden(edge: Edge, target: Expr, where: Definitions, wrt: Expr) -> list[Step]:
    """The chain rule through the last of the hidden names, on whose both sides there are shorter edges."""
    name = edge.through[-1]
    hidden = _apart_from([target, wrt], by_name(where)[name][0])
    after = local_derivative(Edge(name, edge.target), where, hidden).result
    before = local_derivative(Edge(edge.source, name, edge.through[:-1]), where, wrt).result
    return [
        (_summed(hidden, Partial(target, hidden) * Partial(hidden, wrt)), f"chain rule through `{name}`"),
        (_summed(hidden, after * before), "the two derivatives multiplied"),
    ]


def _until_short(steps: Sequence[Step], where: Definitions, assumptions: Sequence[Assumption]) -> Iterator[Step]:
    """The steps, and then a shorter form after the other; what changes nothing is no step."""
    yield from steps
    last = steps[-1][0]
    for shorten, reason in (
        (contract, "the deltas pick out one entry of each sum"),
        (lambda expr: fold(expr, where), "known parts by their names"),
        (lambda expr: _simplified(expr, where, assumptions), "; ".join(["simplified", *map(str, assumptions)])),
    ):
        found = shorten(last)
        if not alike(found, last):
            yield found, reason
            last = found


def _simplified(expr: Expr, where: Definitions, assumptions: Iterable[Assumption]) -> Expr:
    found = fold(simplest(expr, assumptions, [*where, *where.values()]), where)
    return found if length(found) < length(expr) else expr


def _apart_from(others: Iterable[Expr], quantity: Expr) -> Expr:
    """The entry in letters that none of the others has."""
    return quantity.xreplace(apart(axes_of(quantity), [index for other in others for index in axes_of(other)]))


def _summed(quantity: Expr, term: Expr) -> Expr:
    indices = tuple(index for index in axes_of(quantity) if isinstance(index, Index))
    return sum_over(indices, term) if indices else term
