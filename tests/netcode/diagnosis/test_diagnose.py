"""One call for whatever a reader has: functions or gradients, rows or columns, tuples or dicts, and surprises."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import numpy as np
import pytest

import netcode
from netcode import Diagnosis, Parameters, diagnose
from netcode.diagnosis.architecture import Architecture
from netcode.diagnosis.layout import LAYOUTS, Layout
from netcode.diagnosis.points import distinct_sizes, random_points
from netcode.errors import InputError
from netcode.mistakes.catalogue import MISTAKES
from netcode.mistakes.mistake import GRADIENTS, backward_with, touches
from netcode.shapes import Array
from tests.netcode.diagnosis.readers import by_einsum, in_layout

pytestmark = pytest.mark.usefixtures("unchecked_shapes")

MISTAKE_OF = {line: mistake for mistake in MISTAKES for line in mistake.lines}
SITE = Architecture()
POINT = random_points(distinct_sizes(2), seed=5)[0]
PARAMETERS = Parameters(**POINT.parameters)
EACH_LAYOUT = pytest.mark.parametrize("layout", LAYOUTS, ids=str)


def named(diagnosis: Diagnosis) -> dict[str, set[str]]:
    """The mistakes behind each gradient that is not right."""
    return {
        finding.gradient: {cause.mistake.name for way in finding.causes for cause in way}
        for finding in diagnosis.findings
        if finding.verdict != "right"
    }


def wrong(names: str, *gradients: str) -> dict[str, set[str]]:
    return {gradient: {names} for gradient in gradients}


def my_rows(X: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array, lam: float) -> tuple[Array, ...]:
    """As it is often written: rows, labels, biases that are flat."""
    m = len(X)
    A1 = np.maximum(0, X @ W1 + b1)
    scores = A1 @ W2 + b2
    P = np.exp(scores)
    P /= P.sum(axis=1, keepdims=True)
    P[np.arange(m), y] -= 1
    P /= m
    hidden = P @ W2.T
    hidden[A1 <= 0] = 0
    return X.T @ hidden + lam * W1, hidden.sum(axis=0), A1.T @ P + lam * W2, P.sum(axis=0)


# Functions


def test_the_training_codes_own_backward_pass_is_right() -> None:
    assert diagnose(netcode.backward).ok


@pytest.mark.parametrize("line", MISTAKE_OF)
def test_each_wrong_line_is_named_and_no_other(line: str) -> None:
    """Also where shapes don't fit, and where it takes a second call."""
    diagnosis = diagnose(backward_with(line), network=SITE)
    assert named(diagnosis) == wrong(MISTAKE_OF[line].name, *touches(line))
    assert diagnosis.ok == MISTAKE_OF[line].choice


@EACH_LAYOUT
def test_the_layout_is_found_by_trying(layout: Layout) -> None:
    diagnosis = diagnose(in_layout(layout))
    assert diagnosis.ok
    examples, _, weights = str(layout).split(", b1")[0].partition(", W1")  # NumPy takes flat biases for rows
    assert any(remark.startswith(f"Read with {examples}, W1{weights}") for remark in diagnosis.remarks)
    assert named(diagnose(in_layout(layout, "dZ2 = P - Y"))) == wrong("mean-forgotten", *GRADIENTS)
    assert diagnose(in_layout(layout, "dZ2 = P - Y")).ok  # it's right for the sum
    two = diagnose(in_layout(layout, "dZ1 = dA1", "dW2 = dZ2 @ A1 + lam * W2"), rows=layout.rows)
    assert named(two) == wrong("mask-missing", "dW1", "db1") | wrong("transpose-forgotten", "dW2")


def test_examples_as_rows_with_labels() -> None:
    diagnosis = diagnose(my_rows)
    assert diagnosis.ok
    assert "examples as rows, X (m, n), W1 (n, h), b1 (" in " ".join(str(diagnosis).split())

    def not_masked(X: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array, lam: float) -> dict[str, Array]:
        right = dict(zip(GRADIENTS, my_rows(X, y, W1, b1, W2, b2, lam), strict=True))
        return right | {"dW2": right["dW2"] - lam * W2}

    assert named(diagnose(not_masked)) == wrong("penalty-missing", "dW2")
    assert "right:  dW2 = A1.T @ dZ2 + lam * W2" in str(diagnose(not_masked))


def test_a_function_gets_what_its_parameters_are_named_after() -> None:
    def second_layer(P: Array, Y: Array, *, lam: float, w2: Array, A1: Array, scale: float = 1.0) -> dict[str, Array]:
        assert scale == 1.0
        right = netcode.backward(POINT.X, POINT.Y, PARAMETERS, netcode.forward(POINT.X, PARAMETERS), 0.3)
        dZ2 = (P - Y) / P.shape[1]
        return {
            "dW1": right.dW1,
            "db1": right.db1,
            "dW2": dZ2 @ A1.T + lam * w2,
            "db2": dZ2.sum(axis=1, keepdims=True),
        }

    findings = diagnose(second_layer).findings
    assert [finding.verdict for finding in findings] == [*["not a known mistake"] * 2, *["right"] * 2]


def test_a_function_of_any_arguments_gets_them_in_order() -> None:
    assert diagnose(lambda *arguments: my_rows(arguments[0], arguments[1].argmax(axis=1), *arguments[2:])).ok


@pytest.mark.parametrize("form", [tuple, list, lambda found: dict(zip(GRADIENTS, found, strict=True))])
def test_gradients_may_come_in_any_form(form: Any) -> None:
    assert diagnose(lambda X, y, W1, b1, W2, b2, lam: form(my_rows(X, y, W1, b1, W2, b2, lam))).ok


def test_nothing_of_the_callers_is_changed() -> None:
    given = [POINT.X, POINT.Y, *PARAMETERS]
    before = [array.copy() for array in given]

    def spoils(X: Array, Y: Array, parameters: Parameters, forward: netcode.Forward, lam: float) -> netcode.Backward:
        gradients = netcode.backward(X, Y, parameters, forward, lam)
        parameters.W1[:] = 0
        X[:] = 0
        return gradients

    diagnosis = diagnose(spoils, POINT.X, POINT.Y, PARAMETERS, 0.3)
    assert diagnosis.ok
    assert any("changes its argument W1, X in place" in remark for remark in diagnosis.remarks)
    for one, other in zip(given, before, strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_a_function_raises_is_shown_as_its_own() -> None:
    def boom(X: Array, Y: Array, W1: Array, b1: Array, W2: Array, b2: Array, lam: float) -> NoReturn:
        raise RuntimeError("not ready")

    diagnosis = diagnose(boom)
    assert not diagnosis.ok
    assert diagnosis.error.endswith("RuntimeError: not ready")
    assert "in boom" in diagnosis.error
    assert "netcode/diagnosis" not in diagnosis.error.replace("tests/netcode/diagnosis", "")
    assert [finding.verdict for finding in diagnosis.findings] == ["no answer"] * 4
    assert diagnosis.error in str(diagnosis).replace("\n    ", "\n")


def test_the_error_is_that_of_the_layout_in_which_the_function_got_furthest() -> None:
    def rows(X: Array, Y: Array, W1: Array, b1: Array, W2: Array, b2: Array, lam: float) -> Any:
        Z1 = X @ W1 + b1
        return Z1 + undefined_name  # type: ignore[name-defined]

    assert "NameError" in diagnose(rows).error


def test_a_function_that_works_for_equal_sizes_alone_is_not_called_right() -> None:
    def equal_sizes(X: Array, Y: Array, parameters: Parameters, forward: netcode.Forward, lam: float) -> Any:
        if X.shape[0] != X.shape[1]:
            raise ValueError("shapes")
        return netcode.backward(X, Y, parameters, forward, lam)

    assert not diagnose(equal_sizes).ok
    assert "ValueError: shapes" in diagnose(equal_sizes).misfit
    assert diagnose(equal_sizes).summary.startswith("The function fails where sizes differ. Line ")


def test_values_kept_from_outside_are_found_at_the_callers_own_place() -> None:
    """As in a notebook, where another cell has computed P."""
    kept = netcode.forward(POINT.X, PARAMETERS)

    def stale(X: Array, Y: Array, parameters: Parameters, lam: float) -> netcode.Backward:
        return netcode.backward(X, Y, parameters, kept, lam)

    diagnosis = diagnose(stale, POINT.X, POINT.Y, PARAMETERS, POINT.lam)
    assert named(diagnosis) == wrong("stale-forward-pass", *GRADIENTS)


def test_what_no_mistake_explains_is_said_with_its_place() -> None:
    def odd(X: Array, Y: Array, parameters: Parameters, forward: netcode.Forward, lam: float) -> netcode.Backward:
        right = netcode.backward(X, Y, parameters, forward, lam)
        dW2 = right.dW2.copy()
        dW2[2, 1] += 7
        return right._replace(dW2=dW2, db1=right.db1[:2])

    diagnosis = diagnose(odd)
    assert [finding.verdict for finding in diagnosis.findings] == [
        "right",
        "not a known mistake",
        "not a known mistake",
        "right",
    ]
    said = str(diagnosis)
    assert "✗ db1  wrong, and not a known mistake: shape (2, 1); expected (5, 1)" in said
    assert "at (2, 1); expected" in said
    assert "(1 of 20 entries differ)" in said


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e308])
def test_what_is_not_finite_is_wrong(value: float) -> None:
    def overflown(X: Array, Y: Array, parameters: Parameters, forward: netcode.Forward, lam: float) -> netcode.Backward:
        right = netcode.backward(X, Y, parameters, forward, lam)
        dW2 = right.dW2.copy()
        dW2[1, 1] = value
        return right._replace(dW2=dW2, db1=np.full(right.db1.shape, value))

    verdicts = [finding.verdict for finding in diagnose(overflown).findings]
    assert verdicts == ["right", "not a known mistake", "not a known mistake", "right"]
    assert f"{value:.6g} at (1, 1)" in str(diagnose(overflown))


def test_a_random_function_is_told_to_be() -> None:
    def dropped(X: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array, lam: float) -> list[Array]:
        return [gradient * (np.random.random() < 0.5) for gradient in my_rows(X, y, W1, b1, W2, b2, lam)]

    assert "The function is random" in diagnose(dropped).summary


# Gradients alone


@pytest.mark.parametrize("labels", [False, True], ids=["one-hot", "labels"])
@pytest.mark.parametrize("rows", [False, True], ids=["columns", "rows"])
def test_gradients_alone_are_diagnosed(rows: bool, labels: bool) -> None:
    wrong_one = backward_with("dW1 = dZ1 @ X.T - lam * W1")
    computed = wrong_one(POINT.X, POINT.Y, PARAMETERS, netcode.forward(POINT.X, PARAMETERS), POINT.lam)
    gradients = [getattr(computed, name) for name in GRADIENTS]
    arrays = [POINT.X, POINT.Y, *PARAMETERS]
    if rows:
        gradients, arrays = [one.T for one in gradients], [one.T for one in arrays]
    X, Y, *parameters = arrays
    Y = POINT.Y.argmax(axis=0) if labels else Y
    diagnosis = diagnose(gradients, X, Y, parameters, POINT.lam)
    assert named(diagnosis) == wrong("penalty-subtracted", "dW1")
    assert "give the function itself" in " ".join(str(diagnosis).split())


def test_biases_that_are_flat_have_flat_gradients() -> None:
    W1, b1, W2, b2 = PARAMETERS
    right = by_einsum(POINT)
    flat = right | {"db1": right["db1"].ravel(), "db2": right["db2"].ravel()}
    assert diagnose(flat, POINT.X, POINT.Y, (W1, b1.ravel(), W2, b2.ravel()), POINT.lam).ok
    diagnosis = diagnose(flat, POINT.X, POINT.Y, PARAMETERS, POINT.lam)
    assert named(diagnosis) == wrong("bias-of-one-axis", "db1", "db2")


def test_mistakes_that_look_alike_are_both_named() -> None:
    X, Y = POINT.X[:, :2], POINT.Y[:, :2]
    halved = backward_with("dW2 = dZ2 @ A1.T + lam / 2 * W2")
    gradients = halved(X, Y, PARAMETERS, netcode.forward(X, PARAMETERS), POINT.lam)
    diagnosis = diagnose(gradients, X, Y, PARAMETERS, POINT.lam)
    assert named(diagnosis) == {"dW2": {"penalty-halved", "penalty-averaged"}}
    assert not diagnosis.unambiguous
    assert "can't tell the mistakes apart" in str(diagnosis)


# What can't be used


def test_what_cannot_be_used_gets_one_clear_line() -> None:
    X, Y, parameters, lam = POINT
    right = by_einsum(POINT)
    complaints: list[tuple[str, tuple[Any, ...]]] = [
        ("gradients without X, Y and parameters; expected all of them", (right,)),
        ("X without Y or parameters", (right, X)),
        (r"the shapes don't fit: X \(3, 6\), Y \(4, 7\), W1 \(5, 3\)", (right, X[:, :6], Y, parameters)),
        ("the parameters lack b1, b2; expected W1", (right, X, Y, {"W1": parameters["W1"], "W2": parameters["W2"]})),
        ("2 parameters; expected W1, b1, W2, b2", (right, X, Y, list(parameters.values())[:2])),
        ("lam is -1; expected a finite number from 0", (right, X, Y, parameters, -1)),
        ("the gradients lack db2; expected dW1", (dict(list(right.items())[:3]), X, Y, parameters, lam)),
        ("the gradients are 3 values; expected dW1", (list(right.values())[:3], X, Y, parameters, lam)),
        ("<lambda> returns nothing; expected dW1", (lambda X, Y, W1, b1, W2, b2: None,)),
        ("dW1 is str of type <U1; expected an array of real numbers", ({**right, "dW1": "a"}, X, Y, parameters, lam)),
        ("my has a parameter qqq, and what it means can't be guessed", (_my,)),
    ]
    for complaint, arguments in complaints:
        with pytest.raises(InputError, match=complaint) as raised:
            diagnose(*arguments)
        assert "\n" not in str(raised.value)


def _my(qqq: Array) -> None:
    """A function that wants what is not there."""


_my.__name__ = "my"


# How it reads


def test_the_report_in_html_says_the_same_and_leads_on() -> None:
    diagnosis = diagnose(backward_with("dZ1 = dA1 * (dA1 > 0)", "db2 = dZ2"), site="../mistakes/#")
    html = diagnosis._repr_html_()
    assert "db2 is wrong: Every example uses the same bias" in html
    assert html.count("<td>✗") == 3
    assert html.count("<td>✓") == 1
    assert html.count('<th scope="row">') == 4
    assert 'href="../mistakes/#mask-from-the-gradient" aria-label="More on mask-from-the-gradient"' in html
    assert "<code>dZ1 = dA1 * (dA1 &gt; 0)</code>" in html
    text = str(diagnosis)
    assert "  ✗ db2  wrong: bias-not-summed" in text
    assert "    more:   ../mistakes/#bias-not-summed" in text
    assert "<a " not in diagnosis._replace(site="")._repr_html_()
    assert "more:" not in str(diagnosis._replace(site=""))
    assert max(map(len, text.splitlines())) <= 120


def test_another_choice_is_not_called_wrong() -> None:
    diagnosis = diagnose(backward_with("dZ1 = dA1 * (Z1 >= 0)"))
    assert diagnosis.ok
    assert "db1  right, by another choice: mask-at-zero" in str(diagnosis)
    assert diagnosis.summary.endswith(": all four gradients are right, by another choice (mask-at-zero).")


def test_a_learning_rate_is_told() -> None:
    def scaled(X: Array, Y: Array, parameters: Parameters, forward: netcode.Forward, lam: float) -> dict[str, Array]:
        right = netcode.backward(X, Y, parameters, forward, lam)
        return {name: 0.03 * getattr(right, name) for name in GRADIENTS}

    diagnosis = diagnose(scaled)
    assert named(diagnosis) == wrong("learning-rate-folded-in", *GRADIENTS)
    assert "The number is 0.03 here." in str(diagnosis)


def tanh_without_its_slope(X: Array, Y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> tuple[Array, ...]:
    A1 = np.tanh(W1 @ X + b1)
    E = np.exp(W2 @ A1 + b2)
    dZ2 = (E / E.sum(axis=0) - Y) / X.shape[1]
    dZ1 = W2.T @ dZ2
    return dZ1 @ X.T, dZ1.sum(axis=1, keepdims=True), dZ2 @ A1.T, dZ2.sum(axis=1, keepdims=True)


def test_a_mistake_is_told_of_the_reader_s_activation() -> None:
    """No word of ReLU to somebody whose hidden layer is a tanh."""
    found = str(diagnose(tanh_without_its_slope))
    assert "What comes back through tanh is multiplied by its slope at each entry." in found
    assert "ReLU" not in found


@pytest.mark.parametrize("backward", [tanh_without_its_slope, in_layout(LAYOUTS[0], "dZ2 = P - Y")])
def test_as_data_it_says_the_same(backward: Any) -> None:
    """A file is asked in another process, whose answer comes as JSON."""
    found = diagnose(backward)
    assert str(Diagnosis.from_data(json.loads(json.dumps(found.as_data())))) == str(found)
