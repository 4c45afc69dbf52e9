"""What the derivations give and what netcode computes are the same, at random sizes and values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netcode
from derivations import network
from derivations.calculus import Index
from derivations.calculus.definitions import name_of
from derivations.calculus.evaluate import free_quantities
from derivations.calculus.rounding import rounding_scale
from derivations.checking import statements
from derivations.checking.against_netcode import claims_against_netcode
from derivations.proofs.derivation import Derivation

EPS = np.finfo(np.float64).eps
NAMES = ("forward_Z1", "forward_A1", "forward_Z2", "forward_P", "backward_dZ2", "backward_dW2", "backward_db2",
         "backward_dA1", "backward_dZ1", "backward_dW1", "backward_db1")  # fmt: skip
DERIVATIONS: dict[str, Derivation] = {name: getattr(network, name) for name in NAMES}


@st.composite
def problems(draw: st.DrawFn) -> dict[str, Any]:
    """All that netcode computes for a random network, by the formulas' names; some preactivations are exactly 0."""
    n, h, C, m = draw(st.permutations([1, 2, 3, 4, 5, 7, 9]))[:4]
    scale = draw(st.sampled_from([1e-3, 1.0, 3.0]))
    lam = draw(st.sampled_from([0.0, 1e-3, 2.0]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shapes = ((h, n), (h, 1), (C, h), (C, 1))
    parameters = netcode.Parameters(*[scale * rng.normal(size=shape) for shape in shapes])
    if draw(st.booleans()):
        parameters = parameters._replace(b1=np.zeros((h, 1)))
    X = rng.normal(size=(n, m)) * (rng.random(m) < 0.8)
    Y = netcode.one_hot(rng.integers(C, size=m), C)
    forward = netcode.forward(X, parameters)
    backward = netcode.backward(X, Y, parameters, forward, lam)
    return {"X": X, "Y": Y, "lam": lam, **parameters._asdict(), **forward._asdict(), **backward._asdict()}


def test_a_derivation_outside_of_the_network_claims_nothing_of_netcode() -> None:
    row = statements()["relu.row_by_diagonal"]
    assert isinstance(row, Derivation)
    assert (row.result_name, row.instances) == ("dz", ())
    assert list(claims_against_netcode(row)) == []


def test_every_quantity_of_netcode_is_an_instance_of_what_a_layers_chapter_derives() -> None:
    """Without an instance a layer's formula would be compared with nothing, and nobody would see it."""
    compared = {
        names.get(found.result_name, found.result_name)
        for name, found in statements().items()
        if isinstance(found, Derivation) and found.result_name and name.startswith(("affine.", "relu.", "softmax_"))
        for names in found.instances
    }
    assert {*netcode.network.Forward._fields, *netcode.network.Backward._fields} <= compared


@pytest.mark.parametrize("columns", [getattr(network, name) for name in NAMES], ids=NAMES)
def test_a_line_for_rows_is_the_networks_transposed(columns: Derivation) -> None:
    """Proven from the same definitions and under the same assumptions, and not from its own result."""
    as_rows = statements()[f"rows.{columns.result_name}_as_rows"]
    assert isinstance(as_rows, Derivation)
    assert as_rows.assumptions == columns.assumptions
    assert as_rows.where.items() >= network.where.items()
    (shown,) = {as_rows.where[pattern] for pattern in as_rows.where if name_of(pattern) == as_rows.result_name}
    assert name_of(shown) == columns.result_name


@settings(max_examples=60)
@given(values=problems(), name=st.sampled_from(NAMES))
def test_a_derived_result_is_what_netcode_computes(values: dict[str, Any], name: str) -> None:
    derivation = DERIVATIONS[name]
    assert derivation.result_name is not None
    expected = values[derivation.result_name]
    inputs = {key: values[key] for key in free_quantities([derivation.result])}
    found = derivation.evaluate(**inputs)
    assert found.shape == expected.shape
    assert found.dtype == expected.dtype == np.float64
    scale = rounding_scale(derivation.result, derivation.axes, inputs, _all_sizes(values), derivation.where)
    assert np.all(np.abs(found - expected) <= 8 * EPS * scale.reshape(expected.shape))


def _all_sizes(values: dict[str, Any]) -> dict[Any, int]:
    (h, n), (C, m) = values["W1"].shape, values["Y"].shape
    indices = {index for found in DERIVATIONS.values() for pattern in found.where for index in pattern.atoms(Index)}
    lengths = {"m": m, "n": n, "h": h, "C": C}
    return {index.size: lengths[str(index.size)] for index in indices}


@settings(max_examples=30)
@given(values=problems(), name=st.sampled_from(NAMES))
def test_the_line_of_numpy_is_the_line_of_netcode(values: dict[str, Any], name: str) -> None:
    """Run on the same arrays it gives the same floating-point numbers, bit for bit, softmax's shift apart."""
    derivation = DERIVATIONS[name]
    target, _, code = derivation.numpy.partition(" = ")
    sizes = {str(size): number for size, number in _all_sizes(values).items()}
    with np.errstate(over="ignore", invalid="ignore"):
        found = eval(code, {"np": np, **sizes, **values})
    if name == "forward_P":
        if np.abs(values["Z2"]).max() < 300:
            np.testing.assert_allclose(found, values[target], rtol=1e-12, atol=1e-300)
    else:
        np.testing.assert_array_equal(found, values[target])


@settings(max_examples=30)
@given(values=problems())
def test_the_layers_results_hold_for_both_layers(values: dict[str, Any]) -> None:
    """A layer's gradients, from the arrays that netcode has there; without the penalty's part."""
    for name in ("affine.dW_contracted", "affine.db_contracted", "affine.dA_contracted", "relu.dZ_elementwise"):
        derivation = statements()[name]
        assert isinstance(derivation, Derivation)
        assert derivation.result_name is not None
        for names in derivation.instances:
            inputs = {key: values[names[key]] for key in free_quantities([derivation.result])}
            found = derivation.evaluate(**inputs)
            target = names[derivation.result_name]
            decay = values["lam"] * values[target[1:]] if target in {"dW1", "dW2"} else 0.0
            expected = values[target] - decay
            assert found.shape == values[target].shape
            largest = float(np.abs(values[target]).max()) + float(np.abs(decay).max())
            total = max(np.abs(value).sum() for value in inputs.values())
            terms = max(total, total**2)  # sums of entries, as in db, or of products of two
            tolerance = 16 * EPS * (largest + terms)
            np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance)
