"""The operations of the forward and the backward pass, and along which edges of the graph each of them goes.

On each step some edges are active, and with each the part of the step's formula that belongs to it. Forward, that is
the quantity that comes along the edge. Backward, it is the term that the edge brings: the gradient at its end times
the local derivative. Which term belongs to which edge is proven, not looked up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sympy import Add, Basic, Expr, HadamardPower, MatrixSymbol, Symbol, Transpose, preorder_traversal
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.calculus import Index, Partial, matrix_form
from derivations.calculus.definitions import name_of
from derivations.calculus.grammar import entry
from derivations.graph.model import Edge, Graph
from derivations.graph.typeset import latex, name_in_latex
from derivations.proofs import Equation, decide
from derivations.proofs.claims import ClaimError
from derivations.proofs.derivation import Derivation

__all__ = ["Step", "Way", "backward_step", "forward_step"]


@dataclass(frozen=True)
class Way:
    """Edges that are active together, and the part of the formula that lights up with them: a name or a term.

    Backward, the gradient arrives at the node `arrives`.
    """

    edges: tuple[Edge, ...]
    part: Expr | str
    arrives: str = ""


@dataclass(frozen=True)
class Step:
    """One operation: what it computes (`gives`), by which proven formula, and along which ways."""

    gives: str
    derivation: Derivation
    ways: tuple[Way, ...]
    backward: bool

    @property
    def node(self) -> str:
        """The node of the graph at which this happens."""
        return self.gives.removeprefix("d") if self.backward else self.gives

    def formula(self) -> str:
        """The step's equation in LaTeX, in which each way's part has the class part-1, part-2, ..."""
        derivation, matrix = self.derivation, self.derivation.matrix
        # A matrix form with a division entry by entry, or of a scalar, has vectors of ones: more to read than indices.
        if isinstance(derivation.start, MatrixElement) and matrix is not None and not matrix.has(HadamardPower):
            left, shown = name_in_latex(self.gives), matrix
        else:
            left, shown = latex(derivation.start), derivation.result
        classes = {
            place: f"part part-{mark}"
            for mark, way in enumerate(self.ways, start=1)
            for place in self._places(shown, way.part)
        }
        written = latex(shown, classes=classes)
        for mark in range(1, len(self.ways) + 1):
            if f"part-{mark}" not in written:
                raise ValueError(f"{derivation.id}: nothing in {latex(shown)} belongs to way {mark} of the step")
        return f"{left} = {written}"

    def _places(self, shown: Expr, part: Expr | str) -> Iterator[Basic]:
        """Where a part stands in the expression that is shown."""
        if isinstance(part, str):
            for place in preorder_traversal(shown):
                inner = place.arg if isinstance(place, Transpose) else place
                if isinstance(inner, (MatrixSymbol, MatrixElement, Symbol)) and _name(inner) == part:
                    yield place
        elif len(self.ways) == 1:
            yield shown
        elif shown == self.derivation.matrix:
            row, column = (axis if isinstance(axis, Index) else 0 for axis in entry(self.derivation.start)[1])
            yield matrix_form(part, row, column)
        else:
            yield part


def forward_step(graph: Graph, derivation: Derivation) -> Step:
    """The step that computes a node from those before it."""
    name = derivation.result_name or ""
    ways = tuple(Way((graph.edge(source, name),), source) for source in graph.inputs(name))
    return Step(name, derivation.prove(), ways, backward=False)


def backward_step(graph: Graph, derivation: Derivation, gradients: Collection[str]) -> Step:
    """The step that computes a node's gradient from those in `gradients`.

    The chain rule's line in the derivation has a term for each quantity that the node enters, and so has the result.
    Raises ClaimError if the derivation isn't proven, or a term isn't equal to one of the other terms.
    """
    gives = derivation.result_name or ""
    node = gives.removeprefix("d")
    chain = next(
        expr for expr, _ in reversed(derivation.steps) if any(name_of(p.wrt) == node for p in expr.atoms(Partial))
    )
    ways = []
    for brought, term in _matched(derivation.prove(), Add.make_args(chain), Add.make_args(derivation.result)):
        (partial,) = brought.atoms(Partial)
        target = name_of(partial.expr)
        edges = graph.path(node, target)
        if f"d{target}" not in gradients:
            edges, target = edges + graph.path(target, graph.last), graph.last
        ways.append(Way(tuple(edges), term, target))
    ways.sort(key=lambda way: f"d{way.arrives}" not in gradients)
    return Step(gives, derivation, tuple(ways), backward=True)


def _matched(derivation: Derivation, left: Sequence[Expr], right: Sequence[Expr]) -> Iterator[tuple[Expr, Expr]]:
    """The terms of two sums that are equal one by one; that the sums are equal is proven before."""
    rest = list(right)
    for term in left[:-1]:
        equal = next((other for other in rest if _is_equal(derivation, term, other)), None)
        if equal is None:
            raise ClaimError(f"{derivation.id}: no term of the result is proven to be {latex(term)}")
        rest.remove(equal)
        yield term, equal
    yield left[-1], sum(rest)  # the last follows from the others


def _is_equal(derivation: Derivation, left: Expr, right: Expr) -> bool:
    equation = Equation(left, right, derivation.axes, where=derivation.where, assumptions=derivation.assumptions)
    return decide(equation).verdict == "proven"


def _name(place: Basic) -> str:
    return str(place.name) if isinstance(place, MatrixSymbol) else name_of(place)
