"""The figures show the whole graph, and the numbers that netcode computes."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import pytest

from derivations import network, sum_over
from derivations.calculus import array
from derivations.figures import Drawing, Units, Walk
from derivations.figures.layout import places
from derivations.figures.numbers import array_as_html
from derivations.graph import Graph
from derivations.graph.typeset import name_in_latex
from derivations.notation import W1, Z1, L, X, b1, h, i, n, u, v
from tests.derivations.graph.whole import BACKWARD, FORWARD, GRADIENTS, SIMPLE, WHOLE, numbers


@cache
def walk() -> Walk:
    return Walk(WHOLE, FORWARD, BACKWARD, numbers(), network.local)


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
