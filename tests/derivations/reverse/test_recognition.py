"""Spelled-out functions are recognized, and what they are taken for is proven."""

from __future__ import annotations

import pytest
from sympy import Symbol, exp, log, tanh
from sympy.core.parameters import distribute

from derivations.calculus.functions import sigmoid, softplus
from derivations.calculus.prover import prove_equal
from derivations.reverse import derive
from derivations.reverse.recognition import recognize

z = Symbol("z", real=True)

FORMS = [
    (1 / (1 + exp(-z)), sigmoid(z)),
    (exp(z) / (1 + exp(z)), sigmoid(z)),
    (1 / (1 + exp(z)), sigmoid(-z)),
    (3 * z / (1 + exp(-2 * z)) ** 2, 3 * z * sigmoid(2 * z) ** 2),
    (log(1 + exp(z)), softplus(z)),
    ((exp(z) - exp(-z)) / (exp(z) + exp(-z)), tanh(z)),
    (z * tanh(log(1 + exp(z))), z * tanh(softplus(z))),
]


@pytest.mark.parametrize(("spelled", "known"), FORMS, ids=str)
def test_a_form_is_recognized_and_proven(spelled: Symbol, known: Symbol) -> None:
    with distribute(False):
        found, pairs = recognize(spelled)
    assert found == known
    assert pairs
    for written, taken in pairs:
        assert prove_equal(written, taken).equal


@pytest.mark.parametrize(
    "other", [1 / (2 + exp(-z)), log(2 + exp(z)), 1 / (1 - exp(-z)), exp(z) / (1 + exp(-z))], ids=str
)
def test_what_looks_alike_is_left_alone(other: Symbol) -> None:
    with distribute(False):
        found, _ = recognize(other)
    assert prove_equal(found, other).equal
    assert found not in (sigmoid(z), softplus(z), tanh(z))


def test_a_layer_says_what_was_recognized() -> None:
    layer = derive("A[i] = x[i] / (1 + exp(-x[i]))", "x")
    assert [str(taken) for _, taken in layer.source.recognized] == ["sigmoid(x[i])"]


def test_binary_cross_entropy_comes_out_as_the_difference() -> None:
    layer = derive("L = -mean[i](t[i] * log(1 / (1 + exp(-z[i]))) + (1 - t[i]) * log(1 - 1 / (1 + exp(-z[i]))))", "z")
    (value,) = layer.gradients.values()
    assert str(value) == "(sigmoid(z[i]) - t[i])/n_i"
