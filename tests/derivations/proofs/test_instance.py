"""A layer's derivation under the names of a network, where it is proven anew."""

from __future__ import annotations

import pytest

from derivations import ClaimError, affine, network, sum_over
from derivations.notation import A1, W1, W2, X, c, dA1, db2, dW1, dW2, dZ1, dZ2, i, j, k, lam, t, v, w
from derivations.proofs.instance import instance

FIRST, SECOND = affine.layers


def test_arrays_sizes_indices_and_words_are_those_of_the_second_layer() -> None:
    found = instance(affine.dA_contracted, "Back", dA1[w, j], SECOND, network.where, network.one_class_each).prove()
    assert found.result == sum_over(c, W2[c, w] * dZ2[c, j])
    assert found.numpy == "dA1 = W2.T @ dZ2"
    assert found.steps[1][1] == "the derivative of `Z2` with respect to `A1`"
    assert affine.dA_contracted.steps[1][1] == "the derivative of `Z` with respect to `A`"


def test_indices_within_a_reason_are_renamed_too() -> None:
    found = instance(affine.db_contracted, "Back", db2[k, 0], SECOND, network.where)
    assert found.steps[-1] == (sum_over(i, dZ2[k, i]), "the delta picks out `c = k`; the sum over `i` remains")


def test_a_letter_that_the_start_has_is_not_summed_over() -> None:
    found = instance(affine.dW_contracted, "Back", dW1[v, t], FIRST, network.where)
    assert found.result == sum_over(i, dZ1[v, i] * X[t, i])
    assert len(found.equations) == 3


def test_what_holds_of_the_layer_alone_is_refuted_where_there_is_a_penalty() -> None:
    with pytest.raises(ClaimError, match="refuted"):
        instance(affine.dW_contracted, "No penalty", dW2[k, w], SECOND, network.where, network.one_class_each).prove()


def test_layers_taken_for_each_other_are_refuted_or_refused() -> None:
    wrong = {**SECOND, "dZ": "Z2"}
    with pytest.raises(ClaimError, match="refuted"):
        instance(affine.db_contracted, "Z2 for dZ2", db2[k, 0], wrong, network.where, network.one_class_each).prove()


def test_a_name_without_a_definition_is_said() -> None:
    with pytest.raises(KeyError, match="no definition has Z9, which is to be its Z"):
        instance(affine.db_contracted, "Back", db2[k, 0], {**SECOND, "Z": "Z9"}, network.where)


def test_the_penalty_adds_its_share_to_every_line() -> None:
    for derivation, weights, data in ((network.backward_dW2, W2[k, w], A1), (network.backward_dW1, W1[w, t], X)):
        assert derivation.prove().result.coeff(lam) == weights
        assert str(data) in derivation.numpy
