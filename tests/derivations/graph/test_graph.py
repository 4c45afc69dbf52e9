"""The graph is the definitions', its local derivatives give netcode's gradients, and each term has its edge."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from derivations import ClaimError, Derivation, network, sum_over
from derivations.calculus.evaluate import free_quantities
from derivations.graph import Edge, Graph
from derivations.graph.derivatives import derivative_on
from derivations.graph.steps import backward_step, forward_step
from derivations.notation import A1, W1, W2, Z1, J, L, R, X, i, lam, u, v
from tests.derivations.graph.whole import GRADIENTS, SIMPLE, WHOLE, numbers

# The graph


def arrows(graph: Graph) -> set[tuple[str, str]]:
    return {(edge.source, edge.target) for edge in graph.edges}


def test_the_graph_of_the_network() -> None:
    assert arrows(SIMPLE) == {
        ("X", "Z1"), ("W1", "Z1"), ("b1", "Z1"), ("Z1", "A1"),
        ("A1", "Z2"), ("W2", "Z2"), ("b2", "Z2"), ("Z2", "L"), ("Y", "L"),
    }  # fmt: skip
    assert arrows(WHOLE) - arrows(SIMPLE) == {
        ("Z2", "P"), ("P", "L"), ("L", "J"), ("R", "J"), ("W1", "R"), ("W2", "R"),
    }  # fmt: skip


def test_a_changed_definition_changes_the_graph() -> None:
    without_bias = network.where | {Z1[v, i]: sum_over(u, W1[v, u] * X[u, i])}
    assert arrows(WHOLE) - arrows(Graph(J, without_bias)) == {("b1", "Z1")}
    rectified_scores = network.where | {J: L + R + A1[0, 0]}
    assert arrows(Graph(J, rectified_scores)) - arrows(WHOLE) == {("A1", "J")}


def test_a_node_left_out_leads_on() -> None:
    assert SIMPLE.edge("Z2", "L").names == ("Z2", "P", "L")
    assert WHOLE.without("P", "L").edge("Z2", "J").names == ("Z2", "P", "L", "J")
    assert "Y" not in Graph(L, network.where).without("Y").quantities
    assert arrows(WHOLE) > arrows(WHOLE.without("Y"))


def test_each_quantity_stands_before_what_is_computed_from_it() -> None:
    order = list(WHOLE.quantities)
    assert all(order.index(edge.source) < order.index(edge.target) for edge in WHOLE.edges)
    assert WHOLE.last == "J"


def test_what_is_given_learned_and_computed() -> None:
    kinds = {name: WHOLE.kind(name) for name in WHOLE.quantities}
    assert {name for name, kind in kinds.items() if kind == "data"} == {"X", "Y"}
    assert {name for name, kind in kinds.items() if kind == "parameter"} == {"W1", "b1", "W2", "b2"}


def test_paths() -> None:
    assert [len(WHOLE.paths(name, "J")) for name in ("W1", "b1", "W2", "X", "J")] == [2, 1, 2, 1, 1]
    with pytest.raises(KeyError, match="2 paths lead from W1 to J"):
        WHOLE.path("W1", "J")
    with pytest.raises(KeyError, match="0 paths lead from J to W1"):
        WHOLE.path("J", "W1")
    with pytest.raises(KeyError, match="no edge leads from X to Z2"):
        WHOLE.edge("X", "Z2")


# The local derivatives


def local(edge: Edge) -> npt.NDArray[Any]:
    """What stands on an edge, as an array: the target's axes, then the source's."""
    derivation = derivative_on(edge, network.local)
    known = free_quantities([derivation.start, *derivation.where, *derivation.where.values()])
    given = {name: numbers()[name] for name in known if not name.startswith("d")}
    return derivation.evaluate(**given)


@cache
def gradient(graph: Graph, name: str) -> npt.NDArray[Any]:
    """Multiplied along each edge, and added up over the edges that leave a node."""
    if name == graph.last:
        return np.ones(())
    brought = []
    for edge in graph.edges:
        if edge.source == name:
            arrived = gradient(graph, edge.target)
            brought.append(np.tensordot(arrived, local(edge), axes=arrived.ndim))
    return np.asarray(sum(brought))


@pytest.mark.parametrize("graph", [WHOLE, WHOLE.without("P")], ids=["all nodes", "without P"])
@pytest.mark.parametrize("name", [gradient.removeprefix("d") for gradient in GRADIENTS])
def test_the_local_derivatives_give_the_gradients_of_netcode(graph: Graph, name: str) -> None:
    expected = numbers()[f"d{name}"]
    found = gradient(graph, name).reshape(expected.shape)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15 * max(1, np.abs(expected).max() * 8))


def test_an_edge_without_a_derivation_is_named() -> None:
    with pytest.raises(KeyError, match="no derivative of L with respect to Y among Z1_by_W1, "):
        derivative_on(WHOLE.edge("Y", "L"), network.local)


# The steps


def ways(name: str) -> list[list[str]]:
    step = backward_step(WHOLE, getattr(network, f"backward_{name}"), GRADIENTS)
    return [[edge.source for edge in way.edges] + [way.edges[-1].target] for way in step.ways]


def test_a_weight_acts_through_its_layer_and_through_the_penalty() -> None:
    assert ways("dW2") == [["W2", "Z2"], ["W2", "R", "J"]]
    assert ways("dW1") == [["W1", "Z1"], ["W1", "R", "J"]]
    assert ways("db2") == [["b2", "Z2"]]
    assert ways("dZ1") == [["Z1", "A1"]]
    assert ways("dZ2") == [["Z2", "P", "L", "J"]]


def test_each_term_lights_up_with_its_own_edge() -> None:
    formula = backward_step(WHOLE, network.backward_dW2, GRADIENTS).formula()
    assert formula == (
        r"dW^{[2]} = \htmlClass{part part-1}{dZ^{[2]} \, A^{[1]\top}} + \htmlClass{part part-2}{\lambda \, W^{[2]}}"
    )


def test_each_quantity_lights_up_with_the_edge_that_it_comes_along() -> None:
    step = forward_step(WHOLE, network.forward_Z1)
    marks = dict(re.findall(r"\\htmlClass\{part part-(\d)\}\{([^{}]+(?:\{[^}]*\})?)\}", step.formula()))
    sources = {str(mark): way.edges[0].source for mark, way in enumerate(step.ways, start=1)}
    assert {mark: marks[mark] for mark in sources} == {
        mark: {"W1": "W^{[1]}", "X": "X", "b1": "b^{[1]}"}[source] for mark, source in sources.items()
    }


def test_a_wrong_gradient_is_not_walked() -> None:
    chain, reason = network.backward_dW2.steps[0]
    wrong = Derivation(
        "Without the penalty",
        network.backward_dW2.start,
        (chain, reason),
        (network.backward_dW2.result - lam * W2[network.backward_dW2.axes], "forgotten"),
        where=network.where,
        assumptions=network.one_class_each,
    )
    with pytest.raises(ClaimError, match="refuted"):
        backward_step(WHOLE, wrong, GRADIENTS)


def test_what_does_not_come_along_the_graph_s_edges_is_not_walked() -> None:
    with pytest.raises(KeyError, match="0 paths lead from W2 to R"):
        backward_step(Graph(L, network.where), network.backward_dW2, GRADIENTS)
