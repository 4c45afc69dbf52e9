"""What is pasted is diagnosed as it is, and what stops that is said of the reader's own lines."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from netcode import Diagnosis
from netcode.diagnosis.file import diagnose_text
from netcode.errors import InputError
from tests.netcode.diagnosis.test_page import PAGE, names

TOOL = re.compile(r'<script type="application/json">\n(.*?)</script>', re.DOTALL)

WRONG = """
def backward(X, Y, W1, b1, W2, b2):
    Z1 = W1 @ X + b1
    A1 = np.maximum(Z1, 0)
    E = np.exp(W2 @ A1 + b2)
    dZ2 = (E / E.sum(axis=0) - Y) / X.shape[1]
    dZ1 = W2.T @ dZ2
    return dZ1 @ X.T, dZ1.sum(axis=1, keepdims=True), dZ2 @ A1.T, dZ2.sum(axis=1, keepdims=True)
"""


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    """What the page that diagnoses says of its form."""
    text = "\n".join(line.removeprefix("#").removeprefix(" ") for line in PAGE.read_text(encoding="utf-8").splitlines())
    (found,) = TOOL.findall(text)
    about: dict[str, Any] = json.loads(found)
    return about


def of_example(tool: dict[str, Any], name: str) -> Diagnosis:
    return diagnose_text("\n".join(tool["examples"][name]["code"]))


@pytest.mark.usefixtures("unchecked_shapes")
def test_the_examples_of_the_form_have_the_mistakes_that_they_are_for(tool: dict[str, Any]) -> None:
    found = {name: names(of_example(tool, name)) for name in tool["examples"]}
    mask = dict.fromkeys(("dW1", "db1"), "wrong: mask-missing")
    assert found == {
        "The mean, almost everywhere": {"dW1": "wrong: mean-forgotten"},
        "Rows, and tanh": dict.fromkeys(("dW1", "db1"), "wrong: slope-of-another-activation"),
        "A class with its loss": mask,
        "A right one": {},
    }


@pytest.mark.usefixtures("unchecked_shapes")
def test_numpy_is_known_and_the_lines_keep_their_numbers() -> None:
    found = diagnose_text(WRONG, site="../mistakes/#")
    assert names(found) == dict.fromkeys(("dW1", "db1"), "wrong: mask-missing")
    assert "yours:  line 7: dZ1 = W2.T @ dZ2" in str(found)
    assert 'href="../mistakes/#mask-missing"' in found._repr_html_()


def test_another_np_stays_the_reader_s() -> None:
    found = diagnose_text(f"import math as np\n{WRONG}")
    assert "module 'math' has no attribute 'maximum'" in found.summary


@pytest.mark.usefixtures("unchecked_shapes")
def test_what_the_text_does_is_not_done_and_what_was_passed_over_is_said() -> None:
    found = diagnose_text(f"{WRONG}\ndef train(X): ...\n\nraise SystemExit\n")
    assert any(remark.startswith("Passed over: train") for remark in found.remarks)


def test_a_text_that_is_no_python_is_said_to_be_none_with_its_line() -> None:
    found = diagnose_text("x = 1\ndef f(:\n")
    assert found.summary == "No gradient was computed: SyntaxError: invalid syntax."
    assert 'File "your_code.py", line 2' in found.error


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("", "no function and no class"),
        ("x = 1", "no function and no class"),
        ("def f(x): return x", "only f (it computes no gradient of a weight)"),
    ],
)
def test_without_a_backward_pass_there_is_one_sentence(text: str, has: str) -> None:
    with pytest.raises(InputError) as raised:
        diagnose_text(text)
    assert str(raised.value) == f"{has} was found; expected a backward pass, which computes dW1, ..."
