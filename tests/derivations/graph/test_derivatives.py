"""Local derivatives are worked out from the definitions: other definitions, other derivatives."""

from __future__ import annotations

import pytest
from sympy import tanh

from derivations import ClaimError, delta, network, sum_over
from derivations.calculus.writers.text import text
from derivations.graph import Edge, Graph, local_derivatives
from derivations.graph.derivatives import local_derivative
from derivations.notation import A1, Z1, Z2, J, L, P, R, c, i, j, k, m, v, w


def test_every_edge_of_the_network_has_a_proven_derivative() -> None:
    assert [name for name in network.local if "_by_Y" in name] == []
    assert len(network.local) == len(network.graph.edges)  # without that from Y, and with one through P
    for name, derivation in network.local.items():
        assert derivation.prove().id == f"network.local['{name}']"


def test_another_activation_has_another_slope_in_its_known_name() -> None:
    edge, where = Edge("Z1", "A1"), network.where | {A1[v, i]: tanh(Z1[v, i])}
    found = local_derivative(edge, where, Z1[w, j]).prove()
    assert found.result == (1 - A1[v, i] ** 2) * delta(v, w) * delta(i, j)


def test_letters_in_use_are_kept_apart() -> None:
    found = local_derivative(Edge("Z2", "P"), network.where, Z2[c, i]).prove()
    assert len(found.axes) == 4
    assert {str(index) for index in found.axes} == {"c", "i", "c'", "i'"}


def test_the_chain_goes_through_all_hidden_names() -> None:
    edge = network.graph.without("P", "L").edge("Z2", "J")
    found = local_derivative(edge, network.where, Z2[k, j], network.one_class_each).prove()
    assert found.title == "The derivative of J with respect to Z2, through P and L"
    assert found.result == network.local["L_by_Z2"].result
    assert found.steps[-1][1] == "simplified; each column of Y sums to 1"


def test_without_the_assumption_the_columns_sums_remain() -> None:
    found = local_derivative(Edge("Z2", "L", ("P",)), network.where, Z2[k, j]).prove()
    assert found.result != network.local["L_by_Z2"].result
    assert "sum" in text(found.result)


def test_a_path_beside_the_hidden_one_is_not_forgotten() -> None:
    """The edge through P says less than how L changes with Z2, if L uses Z2 itself as well."""
    where = network.where | {L: sum_over((c, i), P[c, i] + Z2[c, i] ** 2) / m}
    with pytest.raises(ClaimError, match="refuted"):
        local_derivative(Edge("Z2", "L", ("P",)), where, Z2[k, j]).prove()


def test_another_quantity_on_the_way_is_held() -> None:
    where = network.where | {J: L + R + A1[0, 0] ** 2}
    found = local_derivatives(Graph(J, where).edges, where, wrt=[A1[w, j]])
    assert found.keys() == {"Z2_by_A1", "J_by_A1"}
    assert found["J_by_A1"].prove().result == 2 * A1[0, 0] * delta(0, w) * delta(0, j)
