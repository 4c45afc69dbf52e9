"""Files as people write them, each with its answer in the first line: other forms, other networks, mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from netcode import Diagnosis
from netcode.diagnosis.diagnose import diagnose_reader
from netcode.diagnosis.layout import LAYOUTS
from netcode.diagnosis.reading.choice import choose
from netcode.diagnosis.reading.definitions import definitions
from netcode.errors import InputError

CASES = sorted((Path(__file__).parent / "cases").glob("*.py"))

pytestmark = pytest.mark.usefixtures("unchecked_shapes")


def diagnosed(path: Path) -> Diagnosis:
    reader = choose(definitions(path)).reader
    assert reader is not None
    return diagnose_reader(reader, LAYOUTS)


def test_there_are_cases() -> None:
    assert len(CASES) >= 30


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_file_gets_its_answer(path: Path) -> None:
    kind, _, answer = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ").partition(": ")
    diagnosis = diagnosed(path)
    names = [causes[0].mistake.name for _, causes in diagnosis.causes]
    if kind == "right":
        assert diagnosis.ok
        assert diagnosis.network == answer
    elif kind == "more than two":
        assert names == answer.split()
        assert "more than two things are wrong; the first is" in diagnosis.summary
    else:
        assert names == [kind]
        wrong = ", ".join(finding.gradient for finding in diagnosis.findings if not finding.ok)
        assert wrong == answer or diagnosis.misfit


def test_the_readers_line_is_shown() -> None:
    (case,) = [path for path in CASES if path.stem == "slope_of_sigmoid_at_scores"]
    assert "yours:  line 14: d1 = d2 @ w2.T * z * (1 - z)" in str(diagnosed(case))


def test_one_bias_of_one_output_is_right_and_what_more_outputs_would_need_is_said() -> None:
    (case,) = [path for path in CASES if path.stem == "logistic_regression_with_one_bias"]
    said = diagnosed(case).summary
    assert (
        "both gradients are right. That holds for one output; with more of them, db1 is wrong: A sum without an" in said
    )


def test_a_gradient_of_another_loss_than_the_returned_one_is_not_called_right(tmp_path: Path) -> None:
    (case,) = [path for path in CASES if path.stem == "linear_classifier_in_loops"]
    file = tmp_path / "l1.py"
    file.write_text(case.read_text(encoding="utf-8").replace("reg * np.sum(W * W)", "reg * np.abs(W).sum()"))
    diagnosis = diagnosed(file)
    assert not diagnosis.ok
    assert diagnosis.summary.startswith("For the loss that it returns: dW1 is wrong")
    assert (
        "would be right for this one: one layer, softmax output, mean cross-entropy, penalty lam" in diagnosis.summary
    )


def test_nothing_that_is_right_for_no_known_network_is_called_wrong(tmp_path: Path) -> None:
    """Unless its own loss says so."""
    (case,) = [path for path in CASES if path.stem == "silu_and_squared_error"]
    text = case.read_text(encoding="utf-8")
    file = tmp_path / "softsign.py"
    file.write_text(
        text.replace("A = Z * s", "A = Z / (1 + abs(Z))").replace("(s + Z * s * (1 - s))", "(1 + abs(Z))**-2")
    )
    diagnosis = diagnosed(file)
    assert not diagnosis.ok
    assert diagnosis.summary.startswith("No network that is known here has these gradients.")
    file.write_text(file.read_text().replace("return X.T", "return ((out - Y) ** 2).sum() / m, X.T", 1))
    assert diagnosed(file).summary == "For the loss that it returns: all four gradients are right."


def test_what_is_wrong_for_several_examples_is_not_called_right_for_one(tmp_path: Path) -> None:
    """Every example gets the mean of the others' errors too: with one example that is right."""
    (case,) = [path for path in CASES if path.stem == "class_for_one_example"]
    text = case.read_text(encoding="utf-8").replace("nabla_b[-l] = delta", "nabla_b[-l] = delta.sum(1, keepdims=True)")
    text = text.replace("nabla_b[-1] = delta", "nabla_b[-1] = delta.sum(1, keepdims=True)")
    file = tmp_path / "mixed.py"
    file.write_text(text.replace("output_activations - y", "(output_activations - y).mean(1, keepdims=True) + 0 * y"))
    diagnosis = diagnosed(file)
    assert not diagnosis.ok
    assert "one example" not in str(diagnosis)


def test_the_backward_pass_of_a_layer_is_told_to_be_one(tmp_path: Path) -> None:
    file = tmp_path / "dense.py"
    file.write_text(
        "class Dense:\n"
        "    def backward(self, dvalues):\n"
        "        self.dweights = self.inputs.T @ dvalues\n"
        "        self.dbiases = dvalues.sum(axis=0, keepdims=True)\n"
    )
    with pytest.raises(InputError, match="is given a gradient, dvalues: it is the backward pass of a layer"):
        diagnosed(file)


def test_a_small_number_is_not_taken_for_single_precision(tmp_path: Path) -> None:
    (case,) = [path for path in CASES if path.stem == "first_row_for_the_sum"]
    text = case.read_text(encoding="utf-8").replace("dh[0]", "dh.sum(0)").replace("ds[0]", "ds.sum(0)")
    file = tmp_path / "small.py"
    file.write_text(text.replace("p.sum(1, keepdims=True)", "p.sum(1, keepdims=True) + 1e-12"))
    diagnosis = diagnosed(file)
    assert diagnosis.ok
    assert {causes[0].mistake.name for _, causes in diagnosis.causes} <= {"small-number-in-softmax"}


def test_where_a_product_fails_its_shapes_are_told() -> None:
    (case,) = [path for path in CASES if path.stem == "product_without_transpose"]
    assert diagnosed(case).misfit == "line 10: (4, 5) @ (4, 7): the shapes don't fit"
