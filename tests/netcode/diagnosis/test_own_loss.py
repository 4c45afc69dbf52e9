"""A loss that stands in the reader's file is what its gradients are held against."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netcode import Diagnosis
from netcode.command_line.user_function import Request, diagnose_file
from netcode.diagnosis.architecture import Architecture
from netcode.diagnosis.layout import LAYOUTS
from netcode.diagnosis.loss import loss
from netcode.diagnosis.own_loss import OwnLoss
from netcode.diagnosis.points import distinct_sizes, perturbed, random_points
from netcode.diagnosis.reading.reader import Reader
from netcode.network import cross_entropy
from netcode.shapes import Array

pytestmark = pytest.mark.usefixtures("unchecked_shapes")

BACKWARD = """
import numpy as np

def backward(X, Y, W1, b1, W2, b2, Z1, A1, P, lam):
    m = X.shape[1]
    dZ2 = {error}
    dZ1 = W2.T @ dZ2 * (Z1 > 0)
    return dZ1 @ X.T + lam * W1, dZ1.sum(1, keepdims=True), dZ2 @ A1.T + lam * W2, dZ2.sum(1, keepdims=True)
"""
PENALTY = "lam / 2 * ((W1**2).sum() + (W2**2).sum())"
FOCAL = f"-((1 - P) ** 2 * Y * np.log(P)).sum() / m + {PENALTY}"
FOCAL_SLOPE = "2 * (1 - p) * np.log(p) * p - (1 - p) ** 2"
FOCAL_ERROR = f"(lambda p: ({FOCAL_SLOPE}) * (Y - P) / m)((P * Y).sum(0, keepdims=True))"


def diagnosed(folder: Path, cost: str, error: str = "(P - Y) / m") -> Diagnosis:
    file = folder / "mine.py"
    head = f"def cost(X, Y, W1, W2, P, lam):\n    m = X.shape[1]\n    return {cost}\n"
    file.write_text(BACKWARD.format(error=error) + head, encoding="utf-8")
    return diagnose_file(Request(file), timeout=60)


def test_its_own_loss_needs_no_word(tmp_path: Path) -> None:
    found = diagnosed(tmp_path, f"-(Y * np.log(P)).sum() / m + {PENALTY}")
    assert found.ok
    assert "cost computes" not in str(found)


def test_a_right_gradient_beside_another_loss(tmp_path: Path) -> None:
    found = diagnosed(tmp_path, "-(Y * np.log(P)).sum()")
    assert found.ok
    assert "But the loss that cost computes is another" in found.summary
    assert "summed cross-entropy, no penalty" in found.summary


def test_a_loss_that_is_none_of_the_known_ones(tmp_path: Path) -> None:
    found = diagnosed(tmp_path, FOCAL, FOCAL_ERROR)
    assert found.summary == "For the loss that cost computes: all four gradients are right."


def test_a_gradient_that_is_wrong_for_such_a_loss(tmp_path: Path) -> None:
    found = diagnosed(tmp_path, FOCAL, FOCAL_ERROR.replace("2 * (1 - p)", "(1 - p)"))
    assert not found.ok
    assert "its central differences differ from dW1, db1, dW2, db2" in found.summary
    assert "random" not in str(found)


def test_central_differences_of_the_usual_loss_are_its_gradient() -> None:
    usual = Architecture()
    point = perturbed(random_points(distinct_sizes(2))[0])[1]

    def mean_loss(X: Array, Y: Array, W1: Array, b1: Array, W2: Array, b2: Array, lam: float) -> float:
        scores = W2 @ np.maximum(W1 @ X + b1, 0) + b2
        return float(cross_entropy(scores, Y).mean() + lam / 2 * (np.sum(W1**2) + np.sum(W2**2)))

    own = OwnLoss(Reader(mean_loss), LAYOUTS[0], usual, separate=True)
    value = own(point)
    assert value == pytest.approx(loss(point, usual), rel=1e-12)
    derivative = own.derivative(point, "W2")
    assert derivative is not None
    assert own.has_gradient(point, "W2", derivative)
    assert not own.has_gradient(point, "W2", 1.001 * derivative)
