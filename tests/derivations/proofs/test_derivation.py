"""A derivation and an misconception as objects: results, numbers, proofs and how they are written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sympy import exp

from derivations import ClaimError, Derivation, Misconception, ShapeError, SumsToOne, array, delta, size, sum_over
from derivations.calculus import Index, Partial
from derivations.calculus.writers.latex import power_of_ten
from derivations.checking import statements
from derivations.network import backward_db2, backward_dW1, backward_dW2, forward_P
from derivations.notation import A1, W2, Z2, J, X, Y, dW2, dZ2, i, j, k, lam, u, w
from derivations.proofs.statement import PROVENANCE
from publishing.formulas import katex

HERE = Path(__file__)
DERIVATIONS = {name: found for name, found in statements().items() if isinstance(found, Derivation)}

sum_of_Y = Derivation(
    "A derivation of this module",
    sum_over(k, Y[k, i] * Z2[k, j]) - sum_over(k, Y[k, i]),
    (sum_over(k, Y[k, i] * Z2[k, j]) - 1, "columns sum to 1"),
    assumptions=[SumsToOne("Y")],
)
_wrong = Derivation(
    "Right at first, then wrong",
    dW2[k, w],
    (sum_over(i, dZ2[k, i] * A1[w, i]), "the definition"),
    (sum_over((i, j), dZ2[k, i] * A1[w, j]), "an index is wrong"),
    where={dW2[k, w]: sum_over(i, dZ2[k, i] * A1[w, i])},
)
_true_after_all = Misconception(
    "E0", "Something true", X[u, i] + X[u, i], 2 * X[u, i], correction="it does", axes=(u, i)
)


def arrays(*names: str, **sizes: int) -> dict[str, Any]:
    shapes = {"dZ2": "Cm", "A1": "hm", "W2": "Ch", "Z2": "Cm", "X": "nm", "dZ1": "hm", "W1": "hn"}
    rng = np.random.default_rng(0)
    return {name: rng.normal(size=[sizes[letter] for letter in shapes[name]]) for name in names}


SIZES = {"m": 7, "n": 2, "h": 5, "C": 3}


def test_the_result_in_three_forms() -> None:
    assert backward_dW2.result == sum_over(i, dZ2[k, i] * A1[w, i]) + lam * W2[k, w]
    assert backward_dW2.result_name == "dW2"
    assert backward_dW2.numpy == "dW2 = dZ2 @ A1.T + lam * W2"
    assert backward_dW2.matrix is not None
    assert backward_dW2.matrix.shape == dW2.shape
    assert DERIVATIONS["affine.Z_by_W"].matrix is None
    assert DERIVATIONS["affine.Z_by_W"].matrix_latex == ""


def test_it_evaluates_itself() -> None:
    given = arrays("dZ2", "A1", "W2", **SIZES)
    found = backward_dW2.evaluate(**given, lam=0.1)
    np.testing.assert_allclose(found, given["dZ2"] @ given["A1"].T + 0.1 * given["W2"], rtol=1e-13)
    assert found.dtype == np.float64
    db2 = backward_db2.evaluate(dZ2=given["dZ2"])
    assert db2.shape == (3, 1)
    P = forward_P.evaluate(Z2=given["A1"][:3])
    np.testing.assert_allclose(P.sum(axis=0), 1, rtol=1e-14)


def test_names_that_are_not_given_are_computed() -> None:
    """dW1 needs dZ1 and W1; from the data alone everything is worked out, derivatives by the complex step."""
    rng = np.random.default_rng(1)
    shapes = {"X": (2, 4), "W1": (3, 2), "b1": (3, 1), "W2": (3, 3), "b2": (3, 1)}
    given = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    given["Y"] = np.eye(3)[rng.integers(3, size=4)].T
    whole = backward_dW1.evaluate(**given, lam=0.2)
    Z = given["W1"] @ given["X"] + given["b1"]
    scores = given["W2"] @ np.maximum(Z, 0) + given["b2"]
    P = np.exp(scores) / np.exp(scores).sum(axis=0)
    dZ1 = (given["W2"].T @ ((P - given["Y"]) / 4)) * (Z > 0)
    np.testing.assert_allclose(whole, dZ1 @ given["X"].T + 0.2 * given["W1"], rtol=1e-11, atol=1e-14)


def test_nothing_given_is_changed() -> None:
    given = arrays("dZ2", "A1", "W2", **SIZES)
    before = {name: value.copy() for name, value in given.items()}
    for value in given.values():
        value.setflags(write=False)
    backward_dW2.evaluate(**given, lam=0.1)
    assert all(np.array_equal(given[name], value) for name, value in before.items())
    where = {dW2[k, w]: sum_over(i, dZ2[k, i] * A1[w, i])}
    derivation = Derivation("", dW2[k, w], (where[dW2[k, w]], ""), where=where)
    where.clear()
    assert derivation.claims()[0].check().as_expected


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        pytest.param({"A1": np.zeros((7, 5))}, ShapeError, r"A1\[.*\]: expected the shape \(h, m = 7\), got \(7, 5\)",
                     id="transposed"),
        pytest.param({"W2": np.zeros((4, 5))}, ShapeError, r"W2\[.*\]: expected the shape", id="another size"),
        pytest.param({"A1": np.zeros(5)}, ShapeError, r"A1\[.*\]: expected the shape \(.*\), got \(5,\)", id="axes"),
        pytest.param({"lam": np.zeros((2, 2))}, ShapeError, r"lam: expected the shape \(\), got \(2, 2\)", id="scalar"),
        pytest.param({"W2": np.zeros((3, 1))}, ShapeError, r"W2\[.*\]: .*\(C = 3, h = 5\), got \(3, 1\)",
                     id="a vector"),
        pytest.param({"A2": 1.0}, KeyError, "backward_dW2: there is no A2 here, only A1", id="unknown name"),
    ],
)  # fmt: skip
def test_arrays_that_do_not_fit(changes: dict[str, Any], error: type[Exception], message: str) -> None:
    given = {**arrays("dZ2", "A1", "W2", **SIZES), "lam": 0.1, **changes}
    with pytest.raises(error, match=message) as raised:
        backward_dW2.evaluate(**given)
    assert "\n" not in str(raised.value)


def test_an_array_that_is_missing() -> None:
    given = arrays("dZ2", "W2", **SIZES)
    with pytest.raises((KeyError, ShapeError), match=r"A1|X|h|n"):
        backward_dW2.evaluate(**given, lam=0.1)


def test_proven_or_an_error_that_names_the_claim() -> None:
    assert backward_dW2.verify() is backward_dW2
    with pytest.raises(ClaimError, match=r"test_derivation\._wrong\.2 \(.*test_derivation\.py:\d+\): refuted"):
        _wrong.verify()
    with pytest.raises(ClaimError, match=r"true_after_all .*: proven, expected that it fails"):
        _true_after_all.verify()


def test_a_claim_stands_at_its_line() -> None:
    lines = HERE.read_text(encoding="utf-8").splitlines()
    for claim, reason in zip(_wrong.claims(), ("the definition", "an index is wrong"), strict=False):
        line = int(claim.source.rpartition(":")[2])
        assert reason in lines[line - 1]
    (claim,) = _true_after_all.claims()
    assert "_true_after_all = " in lines[int(claim.source.rpartition(":")[2]) - 1]
    assert "sum_of_Y = " in lines[int(sum_of_Y.address.source.rpartition(":")[2]) - 1]


def test_without_its_assumption_a_step_fails() -> None:
    assert sum_of_Y.claims()[0].check().as_expected
    for name, derivation in DERIVATIONS.items():
        if name in {"softmax_cross_entropy.dZ2_with_matrix", "softmax_cross_entropy.first_loss"}:
            bare = Derivation(name, derivation.start, *derivation.steps, where=derivation.where, axes=derivation.axes)
            assert derivation.assumptions
            verdicts = {claim.check().decision.verdict for claim in bare.claims()}
            assert "refuted" in verdicts, name


def test_what_a_derivation_needs() -> None:
    with pytest.raises(ValueError, match="at least one step"):
        Derivation("empty", X[u, i])
    with pytest.raises(TypeError):
        Partial(J, exp(lam))


def test_a_matrix_form_that_is_wrong_is_refuted() -> None:
    """The matrix form is not trusted: another matrix in its place does not have the entries of the index form."""
    derivation = Derivation("", dW2[k, w], (sum_over(i, dZ2[k, i] * A1[w, i]), ""),
                            where={dW2[k, w]: sum_over(i, dZ2[k, i] * A1[w, i])})  # fmt: skip
    assert [claim.check().as_expected for claim in derivation.claims()] == [True, True, True]
    derivation.__dict__["matrix"] = 2 * dZ2 * A1.T
    assert [claim.check().as_expected for claim in derivation.claims()] == [True, False, True]


def test_whole_numbers_and_arrays_of_any_number_of_axes() -> None:
    square = size("s")
    p, q = Index("p", square), Index("q", square)
    B = array("B", square, square)
    trace = Derivation("", sum_over((p, q), delta(p, q) * B[p, q]), (sum_over(p, B[p, p]), "only p = q"))
    assert trace.verify() is trace
    assert trace.evaluate(B=np.arange(9.0).reshape(3, 3)) == 12
    four = DERIVATIONS["affine.Z_by_W"]
    values = four.evaluate(A=np.arange(6.0).reshape(2, 3), W=np.ones((4, 2)))
    assert values.shape == (4, 3, 4, 2)
    np.testing.assert_array_equal(values[1, 2, 1], [2.0, 5.0])
    assert not values[1, 2, 0].any()


def test_text_tells_every_step_reason_and_assumption() -> None:
    for derivation in DERIVATIONS.values():
        written = derivation.text()
        assert repr(derivation) == f"{written}\n  {derivation.verdict()}"
        assert all(reason.replace("`", "") in written for _, reason in derivation.steps)
        assert written.count("\n  = ") == len(derivation.steps)
        assert all(str(fact) in written for fact in derivation.assumptions)


def test_the_report_of_a_claim_is_json() -> None:
    outcomes = [claim.check() for claim in (*_wrong.claims(), *_true_after_all.claims())]
    for outcome in outcomes:
        entry = json.loads(json.dumps(outcome.as_json(), allow_nan=False))
        assert entry["id"] == outcome.claim.id
    found = outcomes[1].as_json()["counterexample"]
    assert set(found) == {"sizes", "at", "values", "left", "right"}
    assert found["left"] != found["right"]


def test_an_misconception_tells_what_holds() -> None:
    for name, misconception in statements().items():
        if isinstance(misconception, Misconception):
            assert misconception.verify() is misconception
            assert misconception.correction in misconception.text()
            assert f"{name} ({misconception.number})" in misconception.text()
            assert misconception.verdict().startswith("refuted: at ")
            assert misconception._repr_mimebundle_()[PROVENANCE]["correction"] == misconception.correction


# LaTeX


def test_a_page_gets_the_lines_with_a_claim_for_each() -> None:
    shown = 0
    for name, derivation in DERIVATIONS.items():
        lines = derivation.lines()
        claims = {claim.id: claim for claim in derivation.claims()}
        for line in lines:
            claim = claims[f"{name}.{line['part']}"]
            right = _without_names(line["latex"])
            assert _without_names(claim.statement).endswith(right), (
                "the line that is shown is not the one that was decided"
            )
            shown += 1
        assert len(lines) >= len(derivation.steps)
    assert shown > 50


def _without_names(latex: str) -> str:
    """LaTeX without the names of its arrays, and without braces."""
    return re.sub(r"\\htmlData\{q=\w+\}|[{}]", "", latex)


def test_the_lines_of_a_page_mark_each_array() -> None:
    (line, *_) = DERIVATIONS["network.backward_dW2"].lines()
    assert re.findall(r"\{\\htmlData\{q=(\w+)\}", line["latex"]) == ["C", "m", "dZ2", "Z2", "W2", "R", "W2"]


def test_katex_can_typeset_all_that_is_shown() -> None:
    written = {}
    for statement in statements().values():
        written[statement.id] = statement.latex()
        for claim in statement.claims():
            written[claim.id] = claim.statement
    typeset = katex.typeset(katex.Formula(latex, True) for latex in written.values())
    bad = {name: typeset[katex.Formula(latex, True)] for name, latex in written.items()}
    assert not {name: str(result) for name, result in bad.items() if isinstance(result, katex.BadFormula)}


def test_a_step_that_changes_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="changes nothing"):
        Derivation("", X[u, i], (1 * X[u, i], "times 1"))


def test_every_step_is_claimed_however_it_is_handed_over() -> None:
    handed_over = [derivation for name, derivation in DERIVATIONS.items() if name.startswith("network.")]
    assert len(handed_over) > 5
    for derivation in handed_over:
        steps = list(derivation.steps)
        other = Derivation("", derivation.start, *steps, where=derivation.where, axes=derivation.axes)
        assert len(other.claims()) == len(derivation.claims()) >= len(steps)


@pytest.mark.parametrize(
    ("number", "latex"),
    [(2.6e-11, r"3 \cdot 10^{-11}"), (-9.6, r"-1 \cdot 10^{1}"), (np.float64(1), r"1 \cdot 10^{0}")],
)
def test_a_number_is_written_with_its_power_of_ten(number: float, latex: str) -> None:
    assert power_of_ten(number) == latex
