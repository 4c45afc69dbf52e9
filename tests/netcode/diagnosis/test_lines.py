"""The lines as they are where examples are rows."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from netcode import network
from netcode.diagnosis.lines import as_rows
from netcode.diagnosis.points import random_points
from netcode.mistakes.catalogue import MISTAKES
from netcode.mistakes.mistake import corrected
from netcode.parameters import Parameters
from netcode.shapes import Array

pytestmark = pytest.mark.usefixtures("unchecked_shapes")

# A forward pass is no array, and what a function keeps between two calls is no formula.
LINES = sorted(
    {
        line
        for mistake in MISTAKES
        for one in mistake.lines
        for line in (one, corrected(one))
        if "= forward" not in line and "backward." not in line
    }
)


def test_the_backward_pass_is_that_of_the_dictionary() -> None:
    """As a reader finds it on the page about rows."""
    source = inspect.getsource(network.backward)
    lines = [line.partition("#")[0].strip() for line in source.splitlines() if line.strip().startswith("d")][1:]
    assert [as_rows(line) for line in lines] == [
        "dZ2 = (P - Y) / m",
        "dW2 = A1.T @ dZ2 + lam * W2",
        "db2 = dZ2.sum(axis=0, keepdims=True)",
        "dA1 = dZ2 @ W2.T",
        "dZ1 = dA1 * (Z1 > 0)",
        "dW1 = X.T @ dZ1 + lam * W1",
        "db1 = dZ1.sum(axis=0, keepdims=True)",
    ]


@pytest.mark.parametrize("line", LINES)
def test_a_line_with_rows_computes_the_transpose(line: str) -> None:
    for sizes in ((3, 7, 5, 4), (5, 5, 5, 5)):
        columns = computed(line, sizes, rows=False)
        rows = computed(as_rows(line), sizes, rows=True)
        if columns is None or rows is None:
            assert columns is None
            assert rows is None
        else:
            np.testing.assert_allclose(rows.T, columns, rtol=1e-12, atol=1e-14)


def computed(line: str, sizes: tuple[int, int, int, int], rows: bool) -> Array | None:
    """What the line computes; None if shapes don't fit."""
    point = random_points(sizes)[0]
    parameters = Parameters(**point.parameters)
    passed = network.forward(point.X, parameters)
    right = network.backward(point.X, point.Y, parameters, passed, point.lam)
    arrays = {"X": point.X, "Y": point.Y, **point.parameters, **passed._asdict(), **right._asdict()}
    given = {name: array.T if rows else array for name, array in arrays.items()}

    class Softmax:
        """Softmax over the classes, wherever they are."""

        @staticmethod
        def softmax(Z: Array) -> Array:
            return network.softmax(Z.T).T if rows else network.softmax(Z)

    names = {name: given[name] for name in passed._fields}
    names_of = {name: given[name] for name in point.parameters}
    namespace = {
        **{name: array.copy() for name, array in given.items()},
        "np": np,
        "m": sizes[1],
        "lam": point.lam,
        "softmax": Softmax.softmax,
        "forward": network.Forward(**names),
        "parameters": Parameters(**names_of),
    }
    try:
        exec(line, namespace)
    except ValueError:
        return None
    return np.asarray(namespace[line.partition(" = ")[0]])
