"""A derivation's line of NumPy is run and compared with its formula; whatever is wrong with it is seen."""

from __future__ import annotations

import re

import pytest
from sympy import exp, log

from derivations import Derivation, array, size, sum_over
from derivations.calculus import Index, Positive
from derivations.checking import statements
from derivations.proofs.claims import ClaimError
from derivations.proofs.numpy_line import NumpyLine
from derivations.reverse import Layer

m, n = size("m"), size("n")
i, k, s = Index("i", m), Index("k", n), Index("s", n)
X, Z, p = array("X", m, n), array("Z", m, n), array("p", m, 1)
RESULT = X[i, k] - sum_over(s, X[i, s]) / n

centred = Derivation(
    "Minus the mean", Z[i, k], (RESULT, "the definition"), where={Z[i, k]: X[i, k] - sum_over(s, X[i, s]) / n}
)


def test_every_derivation_has_a_line_that_was_run() -> None:
    claims = [c for statement in statements().values() for c in statement.claims() if c.id.endswith(".numpy")]
    chapters = list(statements().values())
    layers = [statement for statement in chapters if isinstance(statement, Layer)]
    derivations = [statement for statement in chapters if isinstance(statement, Derivation)]
    derivations += [step for layer in layers for step in layer.steps]
    without = {d.id for d in derivations} - {claim.id.removesuffix(".numpy") for claim in claims}
    of_any_activation = {"depth.jacobian", "depth.back_to_Z", "depth.step"}
    assert without == {*of_any_activation, "derived.convolution.dX"}  # which adds up where windows overlap
    assert len(claims) == len(derivations) - len(without) > 40
    decision = claims[0].check().decision
    assert decision.verdict == "cross-checked"
    assert decision.compared > 10
    assert len(decision.sizes or {}) > 1


def test_the_line_of_a_derivation() -> None:
    assert centred.numpy == "Z = X - X.mean(axis=1, keepdims=True)"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        pytest.param("X - X.mean(axis=0, keepdims=True)", "the left side is", id="the wrong axis"),
        pytest.param("X - X.sum(axis=1, keepdims=True)", "the left side is", id="a sum for a mean"),
        pytest.param("X - X.mean(axis=1)", r"broadcast|shape|left side", id="an axis dropped"),
        pytest.param("(X - X.mean(axis=1, keepdims=True)).T", "shape", id="transposed"),
        pytest.param("X - X / n", "the left side is", id="a sum forgotten"),
        pytest.param("X - Q", "name 'Q' is not defined", id="no such name"),
        pytest.param("X -", "invalid syntax", id="no code"),
    ],
)
def test_a_wrong_line_is_refuted(code: str, message: str) -> None:
    decision = NumpyLine(code, RESULT, (i, k), {}).compare()
    assert decision.verdict == "refuted"
    assert re.search(message, f"{decision.reason} {decision.counterexample}")


def test_a_wrong_line_is_not_shown() -> None:
    derivation = Derivation("", Z[i, k], (RESULT, ""), where=centred.where)
    wrong = NumpyLine("X - X.sum(axis=1, keepdims=True)", RESULT, (i, k), {})
    derivation.__dict__["_numpy_line"] = wrong
    with pytest.raises(ClaimError, match=r"X - X\.sum"):
        _ = derivation.numpy
    assert [claim.check().as_expected for claim in derivation.claims()][-1] is False


def test_no_line_is_shown_of_a_derivation_that_was_refuted() -> None:
    derivation = Derivation("", Z[i, k], (X[i, k], "the mean is forgotten"), where=centred.where)
    assert derivation.numpy == "Z = X"
    with pytest.raises(ClaimError, match="the mean is forgotten"):
        derivation.prove()
    with pytest.raises(ClaimError, match=r"refuted.*the mean is forgotten"):
        _ = derivation.numpy


def test_a_line_is_run_where_its_formula_has_numbers() -> None:
    """The logarithm of what may be negative: assumed positive, or drawn anew until there is something to compare."""
    for assumptions in ((Positive("p"),), ()):
        decision = NumpyLine("np.log(p)", log(p[i, 0]), (i, 0), {}, assumptions).compare()
        assert decision.verdict == "cross-checked"
    nowhere = NumpyLine("np.log(-np.exp(p))", log(-exp(p[i, 0])), (i, 0), {}).compare()
    assert nowhere.verdict == "undecided"
    assert "no finite numbers" in nowhere.reason


def test_one_column_is_not_the_matrix() -> None:
    column = Derivation("", Z[i, 0], (X[i, 0], ""), where={Z[i, k]: X[i, k]})
    assert column.matrix is None
    assert column.numpy == "X[:, :1]"
    assert column.latex().startswith("\\begin{aligned}\nZ_{i1} &= X_{i1}")
    assert "Z[i, 0]" in column.text()
