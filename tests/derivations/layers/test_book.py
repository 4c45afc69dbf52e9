"""Every entry of the book: proven through all names, and with code that was run; the network's against netcode."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import netcode
from derivations.calculus.prover import prove_equal
from derivations.layers import KINDS, Operator, operators
from derivations.reverse.execution import functions
from netcode import Parameters

ENTRIES = list(operators().values())


def test_the_book_has_its_kinds() -> None:
    assert len(ENTRIES) >= 60
    assert {operator.kind for operator in ENTRIES} == set(KINDS)


@pytest.mark.parametrize("operator", ENTRIES, ids=lambda operator: operator.name)
def test_an_entry_is_a_formula_and_a_few_words(operator: Operator) -> None:
    assert len(operator.forward.strip().splitlines()) <= 6
    assert operator.sentence.endswith(".")
    assert operator.title
    assert operator.source


@pytest.mark.parametrize("operator", ENTRIES, ids=lambda operator: operator.name)
def test_every_gradient_is_proven_and_its_code_is_right(operator: Operator) -> None:
    layer = operator.layer
    assert set(layer.program.gradients) == {f"d{name.strip()}" for name in operator.wrt.split(",")}
    for name, equation in layer.end_to_end.items():
        proof = prove_equal(equation.left, equation.right, equation.where, equation.assumptions)
        assert proof.equal, f"{name}: {proof.reason}{proof.left_over}"
    assert f"def {operator.name}_backward" in layer.numpy


def test_the_network_from_its_loss_alone_is_the_one_of_netcode() -> None:
    rng = np.random.default_rng(0)
    n, h, C, m = 3, 5, 4, 7
    shapes = {"W1": (h, n), "b1": (h,), "W2": (C, h), "b2": (C,)}
    values: dict[str, Any] = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    values |= {"X": rng.normal(size=(n, m)), "Y": np.eye(C)[:, rng.integers(C, size=m)], "lam": 0.3}
    layer = operators()["two_layer_network"].layer
    forward, backward = functions(layer.numpy, layer.name)
    J, saved = forward(*[values[name] for name in layer.program.inputs])
    gradients = dict(zip(layer.program.gradients, backward(saved), strict=True))

    parameters = Parameters(values["W1"], values["b1"][:, None], values["W2"], values["b2"][:, None])
    wanted = netcode.backward(values["X"], values["Y"], parameters, netcode.forward(values["X"], parameters), 0.3)
    assert pytest.approx(netcode.loss(netcode.forward(values["X"], parameters).Z2, values["Y"], parameters, 0.3)) == J
    for name, gradient in gradients.items():
        assert np.allclose(gradient, np.squeeze(getattr(wanted, name)), rtol=1e-13, atol=1e-15)
