"""The graph is the definitions', its local derivatives give netcode's gradients, and the figures show both."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import pytest

import netcode
from derivations import ClaimError, Derivation, network, regularization, softmax_cross_entropy, sum_over
from derivations.calculus import array
from derivations.calculus.evaluate import free_quantities
from derivations.graph import Drawing, Edge, Graph, Units, Walk
from derivations.graph.derivatives import derivative_on
from derivations.graph.layout import places
from derivations.graph.numbers import array_as_html
from derivations.graph.steps import backward_step, forward_step
from derivations.graph.typeset import name_in_latex
from derivations.notation import A1, W1, W2, Z1, J, L, R, X, b1, h, i, lam, n, u, v

Numbers = dict[str, npt.NDArray[Any]]

WHOLE = Graph(J, network.where)
SIMPLE = Graph(L, network.where).without("P")
FORWARD = [
    network.forward_Z1,
    network.forward_A1,
    network.forward_Z2,
    network.forward_P,
    softmax_cross_entropy.loss,
    regularization.penalty,
    network.forward_J,
]
BACKWARD = [
    network.backward_dZ2,
    network.backward_dW2,
    network.backward_db2,
    network.backward_dA1,
    network.backward_dZ1,
    network.backward_dW1,
    network.backward_db1,
]
GRADIENTS = [derivation.result_name or "" for derivation in BACKWARD]


@cache
def numbers(seed: int = 0) -> Numbers:
    """A random network of pairwise distinct sizes, and all that netcode computes of it."""
    rng = np.random.default_rng(seed)
    data, labels, strength = rng.normal(size=(2, 5)), netcode.one_hot(rng.integers(3, size=5), 3), 0.3
    parameters = netcode.Parameters(*[p + 0.1 * rng.normal(size=p.shape) for p in netcode.initialize(2, 4, 3, seed)])
    forward = netcode.forward(data, parameters)
    backward = netcode.backward(data, labels, parameters, forward, strength)
    loss, total = (netcode.loss(forward.Z2, labels, parameters, lam) for lam in (0.0, strength))
    scalars = {"L": loss, "R": total - loss, "J": total, "lam": strength}
    arrays = {"X": data, "Y": labels, **parameters._asdict(), **forward._asdict(), **backward._asdict(), **scalars}
    return {name: np.asarray(value) for name, value in arrays.items()}


@cache
def walk() -> Walk:
    return Walk(WHOLE, FORWARD, BACKWARD, numbers(), network.local)


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


# The layout and the drawing


@pytest.mark.parametrize("graph", [WHOLE, SIMPLE, WHOLE.without("Y", "R")], ids=["whole", "simple", "no penalty"])
def test_no_two_nodes_share_a_place(graph: Graph) -> None:
    found = places(graph)
    assert set(found) == set(graph.quantities)
    assert len(set(found.values())) == len(found)
    along = [edge for edge in graph.edges if found[edge.source][1] == found[edge.target][1]]
    assert all(found[edge.source][0] < found[edge.target][0] for edge in along)


def test_nodes_at_the_same_place_are_refused() -> None:
    V1 = array("V1", h, n)
    two_weights = network.where | {Z1[v, i]: sum_over(u, (W1[v, u] + V1[v, u]) * X[u, i]) + b1[v, 0]}
    with pytest.raises(ValueError, match="same place"):
        places(Graph(L, two_weights))


def svg(figure: str) -> ElementTree.Element:
    found = re.search(r"<svg.*?</svg>", figure, re.DOTALL)
    assert found is not None
    return ElementTree.fromstring(found[0])


def drawn(figure: str, kind: str) -> int:
    return sum(kind in element.get("class", "").split() for element in svg(figure).iter())


def test_a_drawing_has_all_nodes_and_edges() -> None:
    figure = Drawing(SIMPLE, "A <caption>.")._repr_html_()
    assert drawn(figure, "node") == len(SIMPLE.quantities)
    assert drawn(figure, "edge") == len(SIMPLE.edges)
    assert drawn(figure, "back") == 0
    assert "<figcaption>A &lt;caption&gt;.</figcaption>" in figure
    assert r"\(W^{[1]}\)" in figure


def test_a_drawing_says_what_it_shows() -> None:
    label = svg(Drawing(SIMPLE, back=[SIMPLE.edge("Z2", "L")])._repr_html_()).get("aria-label") or ""
    assert "Z1 is computed from W1, X and b1; A1 is computed from Z1" in label
    assert "The gradient comes back from L to Z2." in label


def test_the_way_back_is_drawn_with_what_stands_on_it() -> None:
    edges = [edge for edge in SIMPLE.edges if edge.source != "Y"]
    figure = Drawing(SIMPLE, back=edges, gradients=["W2"], derivatives="equations", local=network.local)._repr_html_()
    assert drawn(figure, "back") == len(edges)
    assert r"= \delta_{ck} \, A^{[1]}_{wi}" in figure
    assert r"\(dW^{[2]}\)" in figure
    assert r"\frac{P_{kj} - Y_{kj}}{m}" in figure


def test_all_is_inside_of_the_drawing() -> None:
    for figure in (walk()._repr_html_(), Units(L, network.where, {"n": 2, "h": 4, "C": 3})._repr_html_()):
        _, _, width, height = map(float, (svg(figure).get("viewBox") or "").split())
        for path in svg(figure).iter("path"):
            at = [float(number) for number in re.findall(r"-?[\d.]+", path.get("d") or "")]
            assert min(at[::2]) >= 0
            assert max(at[::2]) <= width
            assert min(at[1::2]) >= 0
            assert max(at[1::2]) <= height
        placed = [float(percent) for percent in re.findall(r"(?:left|top):([-\d.e]+)%", figure)]
        assert min(placed) > 0
        assert max(placed) < 100


# Single units


@pytest.mark.parametrize("sizes", [(2, 4, 3), (3, 2, 5), (1, 1, 1)])
def test_every_use_of_a_number_is_an_arrow(sizes: tuple[int, int, int]) -> None:
    features, hidden, classes = sizes
    units = Units(L, network.where, {"n": features, "h": hidden, "C": classes})
    between = features * hidden + hidden + hidden * classes + classes**2 + classes
    assert len(units.edges) == between + hidden + classes  # and the biases
    assert len(set(units.edges)) == len(units.edges)
    assert (("X", (features - 1, 0)), ("Z1", (hidden - 1, 0))) in units.edges
    assert (("b2", (0, 0)), ("Z2", (0, 0))) in units.edges
    assert f"with {between} arrows" in units.alternative()
    assert units.layers == ["X", "Z1", "A1", "Z2", "P", "L"]


def test_relu_joins_each_unit_with_itself_alone() -> None:
    units = Units(L, network.where, {"n": 2, "h": 4, "C": 3})
    assert [edge for edge in units.edges if edge[0][0] == "Z1"] == [
        (("Z1", (unit, 0)), ("A1", (unit, 0))) for unit in range(4)
    ]


def test_a_unit_that_stands_out() -> None:
    sizes = {"n": 2, "h": 4, "C": 3}
    assert "stand out" not in Units(L, network.where, sizes).alternative()
    assert "Those from Z1 4 stand out: they lead to A1 4." in Units(L, network.where, sizes, ("Z1", 4)).alternative()
    units = Units(L, network.where, sizes, emphasized=("A1", 2))
    assert drawn(units._repr_html_(), "lit") == 3
    assert "Those from A1 2 stand out: they lead to Z2 1, Z2 2, Z2 3." in units.alternative()


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


# The walk


def step_of(gives: str) -> str:
    items = re.findall(r'<li class="step".*?</li>(?=<li class="step"|</ol>)', walk()._repr_html_(), re.DOTALL)
    return str(items[[step.gives for step in walk().steps].index(gives) + 1])


def shown(gives: str, name: str) -> npt.NDArray[Any]:
    """An array as a step shows it."""
    found = re.search(
        rf'{re.escape(name_in_latex(name))}\\\)</span>.*?(<table.*?</table>|"number">([^<]*))', step_of(gives)
    )
    assert found is not None
    if found[2] is not None:
        return np.asarray(float(found[2].replace("\N{MINUS SIGN}", "-")))
    rows = re.findall(r"<tr>(.*?)</tr>", found[1])
    cells = [re.findall(r"<td>(.*?)</td>", row) for row in rows]
    return np.array([[float(cell.replace("\N{MINUS SIGN}", "-")) for cell in row] for row in cells])


@pytest.mark.parametrize("gives", [*(derivation.result_name for derivation in FORWARD), *GRADIENTS])
def test_a_step_shows_the_numbers_that_netcode_computes(gives: str) -> None:
    np.testing.assert_allclose(shown(gives, gives), numbers()[gives], rtol=0, atol=0.5001e-3)


def test_a_step_shows_all_that_its_formula_needs() -> None:
    for name in ("dZ2", "A1", "lam", "W2"):
        np.testing.assert_allclose(shown("dW2", name), numbers()[name], rtol=0, atol=0.5001e-3)
    assert "dW2 = dZ2 @ A1.T + lam * W2" in step_of("dW2")
    assert r"\delta_{ck} \, A^{[1]}_{wi}" in step_of("dW2")


def test_every_step_has_active_edges_of_the_colours_that_there_are() -> None:
    figure, style = walk()._repr_html_(), "part-1 part-2 part-3"
    active = [at.split(":") for found in re.findall(r'data-active="([^"]*)"', figure) for at in found.split()]
    assert {int(step) for step, mark in active if mark != "0"} == set(range(1, len(walk().steps) + 1))
    assert {mark for _, mark in active} == {"0", *(mark[-1] for mark in style.split())}


def test_nothing_is_active_before_it_is_there() -> None:
    for since, active in re.findall(r'data-since="(\d+)" data-active="([^"]*)"', walk()._repr_html_()):
        assert min(int(at.split(":")[0]) for at in active.split()) == int(since)


def test_numbers_are_short_and_true() -> None:
    assert array_as_html([[1.0, -0.5]]).count("<td>") == 2
    assert "<td>1.0</td><td>\N{MINUS SIGN}0.5</td>" in array_as_html([[1.0, -0.5]])
    assert "<td>0</td><td>1</td>" in array_as_html([[0, 1]])
    assert "<td>0.000</td><td>0.123</td>" in array_as_html([[-1e-9, 0.12345]])
    assert array_as_html(1.25) == '<span class="number">1.25</span>'
