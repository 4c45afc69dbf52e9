"""The right answer of each question in the chapters is computed here, and not believed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import jupytext
import numpy as np
import numpy.typing as npt
import pytest
import yaml

import netcode
from derivations import affine, network, regularization, relu, rows
from netcode import deep_network
from publishing.pages import questions
from publishing.pages.questions import Question

ROOT = Path(__file__).parents[3]
SIZES = MappingProxyType({"n": 2, "h": 4, "C": 3, "m": 5})
"""All different, so that no shape is taken for another."""

n, h, C, m = SIZES.values()
random = np.random.default_rng(0)
X, Y = random.normal(size=(n, m)), netcode.one_hot(random.integers(C, size=m), C)
parameters = netcode.initialize(n, h, C, seed=0)
forward = netcode.forward(X, parameters)
LINES = [network.backward_dZ2, network.backward_dW2, network.backward_dA1, network.backward_dZ1, network.backward_dW1]


def shape(array: npt.NDArray[np.generic]) -> str:
    """By the sizes' letters: `(C, h)`."""
    letters = {size: letter for letter, size in SIZES.items()}
    return f"`({', '.join(letters[size] for size in array.shape)})`"


def backward(repeated: int = 1, lam: float = 0.0) -> netcode.Backward:
    """With each example put in so many times."""
    data = np.tile(X, repeated), np.tile(Y, repeated)
    return netcode.backward(*data, parameters, netcode.forward(data[0], parameters), lam)


def direction() -> str:
    slope, learning_rate = -0.5, 1.0
    return "Up" if -learning_rate * slope > 0 else "Down"


def product() -> str:
    """What the 3 gets, by the slope of 3 * 4 in its first factor."""
    step = 1e-6
    return f"{0.5 * ((3 + step) * 4 - (3 - step) * 4) / (2 * step):.0f}"


def learned() -> str:
    return str(sum(array.size for array in netcode.initialize(n=2, h=25, C=3, seed=0)))


def found_first() -> str:
    (first,) = [line.numpy for line in LINES if not re.search(r"\bd[A-Z]", line.numpy.partition("=")[2])]
    return f"`{first.partition(' = ')[0]}`"


def column_of_twice_as_many() -> str:
    (ratio,) = set((backward(2).dZ2[:, 0] / backward().dZ2[:, 0]).round(12))
    return {1: "It stays the same", 0.5: "It is half as large", 2: "It is twice as large"}[ratio]


def shifted_scores() -> str:
    change = netcode.network.softmax(forward.Z2 + 10) - forward.P
    return "Nothing" if np.allclose(change, 0, rtol=0, atol=1e-12) else "All become larger"


def loss_of_230() -> str:
    scores = np.zeros((10, 7))
    labels = netcode.one_hot(np.arange(7), 10)
    loss = netcode.loss(scores, labels, netcode.initialize(2, 4, 10, seed=0), lam=0.0)
    assert f"{loss:.2f}" == "2.30"
    return "It finds all classes about equally likely"


def of_dW2() -> str:
    dW2 = network.backward_dW2.evaluate(dZ2=backward().dZ2, A1=forward.A1, W2=parameters.W2, lam=0.1)
    assert dW2.shape == parameters.W2.shape
    return shape(dW2)


def sum_or_mean() -> str:
    dZ, A = random.normal(size=(h, m)), random.normal(size=(n, m))
    db = affine.db_contracted.evaluate(dZ=dZ, A=A)
    return "The sum" if np.allclose(db, dZ.sum(axis=1, keepdims=True)) else "The mean"


def of_mask() -> str:
    return shape(relu.dZ_elementwise.evaluate(dA=random.normal(size=(h, m)), Z=forward.Z1))


def at_zero() -> str:
    return f"{relu.dZ_elementwise.evaluate(dA=np.array([[0.7]]), Z=np.array([[0.0]])).item():.2g}"


def needed() -> str:
    """What the lines of dW2, and of the dZ2 in it, have from the forward pass."""
    words = {word for line in LINES[:2] for word in re.findall(r"\w+", line.numpy.partition("=")[2])}
    return {("A1", "P"): "`A1`, and `P` for `dZ2`"}[tuple(sorted(words & set(forward._fields)))]


def of_dA1() -> str:
    return shape(network.backward_dA1.evaluate(W2=parameters.W2, dZ2=backward().dZ2))


def penalty() -> str:
    return f"`{regularization.R_by_W1.numpy.partition(' = ')[2].replace('W1', 'W')}`"


def penalty_of_twice_as_many() -> str:
    once, twice = backward(lam=0.1), backward(2, lam=0.1)
    return "Not at all" if np.allclose(once.dW1, twice.dW1) and np.allclose(once.dW2, twice.dW2) else "It must change"


def learned_by_four_layers() -> str:
    return str(sum(array.size for array in deep_network.initialize((2, 4, 4, 4, 3), seed=0)))


def one_step_back() -> str:
    """From the next layer's weights and the gradient of its scores alone."""
    deep = deep_network.initialize((n, 4, 6, C), seed=0)
    passed = deep_network.forward(X, deep)
    dA = deep_network.backward(X, Y, deep, passed, lam=0.0).dA[1]
    dZ = deep_network.backward(X, Y, deep, passed, lam=0.0).dZ[2]
    assert np.array_equal(network.backward_dA1.evaluate(W2=deep.W[2], dZ2=dZ), deep.W[2].T @ dZ)
    assert np.allclose(dA, deep.W[2].T @ dZ)
    return "Only the gradient of the next layer's scores, and its weights"


def of_all_four() -> str:
    machines = [[1.0, 2.0, 3.0], [6.0]]  # the gradients of single examples, whose means are 2 and 6
    assert [np.mean(machine) for machine in machines] == [2, 6]
    return f"{np.mean(np.concatenate(machines)):g}"


def penalties() -> str:
    counts = np.array([4, 2, 1])
    weighed = counts / counts.sum() @ np.ones(3)
    return "Once" if np.isclose(weighed, 1) else "Once for each machine"


def updates_of_an_epoch() -> str:
    batches = [range(first, min(first + 100, 1050)) for first in range(0, 1050, 100)]
    assert len(batches[-1]) == 50
    return f"{len(batches):,}"


def at_zero_weights() -> str:
    zero = netcode.Parameters(*(np.zeros_like(array) for array in parameters))
    dW1 = netcode.backward(X, Y, zero, netcode.forward(X, zero), lam=0.0).dW1
    return "0 everywhere" if not dW1.any() else "A different number for each hidden unit"


def of_W1_as_rows() -> str:
    W1 = parameters.W1.T
    assert rows.Z1_as_rows.numpy == "Z1_rows = X_rows @ W1_rows + b1_rows"
    assert np.allclose(X.T @ W1 + parameters.b1.T, forward.Z1.T)
    return shape(W1)


def axis_of_rows() -> str:
    (axis,) = re.findall(r"axis=\d", rows.db1_as_rows.numpy)
    return f"`{axis}`"


RIGHT: dict[str, tuple[Callable[[], str], ...]] = {
    "warmup": (direction, product),
    "network": (learned, found_first),
    "softmax-cross-entropy": (shifted_scores, column_of_twice_as_many, loss_of_230),
    "affine": (of_dW2, sum_or_mean),
    "relu": (at_zero, of_mask),
    "chain-rule": (needed, of_dA1),
    "regularization": (penalty, penalty_of_twice_as_many),
    "any-depth": (learned_by_four_layers, one_step_back),
    "many-machines": (of_all_four, penalties),
    "training": (at_zero_weights, updates_of_an_epoch),
    "rows": (of_W1_as_rows, axis_of_rows),
}
"""What computes the right answer of each question of a chapter, in their order."""


def asked(chapter: str) -> list[Question]:
    notebook = jupytext.read(ROOT / "docs" / f"{chapter}.py", fmt="py:percent")
    tagged = [cell for cell in notebook.cells if questions.QUESTION in cell.metadata.get("tags", [])]
    assert all(cell.cell_type == "markdown" for cell in tagged)
    return [questions.parse(cell.source) for cell in tagged]


@pytest.mark.parametrize("chapter", RIGHT)
def test_the_answer_that_is_called_right_is_right(chapter: str) -> None:
    computed = [compute() for compute in RIGHT[chapter]]
    assert [question.right for question in asked(chapter)] == computed


def test_each_chapter_asks_two_or_three_questions() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    (learn,) = re.findall(r"^  - Learn:\n((?:      - .*\n)+)", text, re.MULTILINE)
    chapters = [Path(page).stem for page in yaml.safe_load(learn)]
    assert set(chapters) == set(RIGHT)
    for chapter in chapters:
        assert len(asked(chapter)) in (2, 3), chapter
