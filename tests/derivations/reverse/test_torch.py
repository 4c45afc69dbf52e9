"""The PyTorch source of every layer of the book: executed on a stand-in, it gives what the NumPy functions give."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from sympy import Expr

from derivations import derive
from derivations.layers import operators
from derivations.reverse import Layer
from derivations.reverse.torch_source import torch_source
from tests.derivations.reverse.torch_by_numpy import Tensor, module


def given(layer: Layer) -> dict[str, Any]:
    """Positive numbers at distinct sizes; labels of the first class."""
    program, rng = layer.program, np.random.default_rng(0)
    symbols = {symbol for shape in program.shapes.values() for size in shape for symbol in size.free_symbols}
    sizes: Mapping[Expr, int] = {size: 2 + number for number, size in enumerate(sorted(symbols, key=str))}
    shapes = {name: tuple(int(size.xreplace(sizes)) for size in program.shapes[name]) for name in program.inputs}
    return {
        name: np.zeros(shape, dtype=int) if name in program.labels else rng.uniform(0.2, 2, shape)
        for name, shape in shapes.items()
    }


@pytest.mark.parametrize("name", operators())
def test_the_source_gives_what_numpy_gives(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    layer = operators()[name].layer
    program, values = layer.program, given(layer)
    *outputs, saved = layer.forward(*values.values())
    upstream = [np.full(np.shape(output), 0.7) for output in outputs]
    wanted = layer.backward(*[d for d, o in zip(upstream, outputs, strict=True) if np.ndim(o)], saved)
    scale = 1.0 if program.upstream else 0.7

    monkeypatch.setitem(sys.modules, "torch", module())
    namespace: dict[str, Any] = {}
    exec(torch_source(program, layer.name), namespace)
    function: Any = next(value for value in namespace.values() if isinstance(value, type))
    context = function.context()
    tensors = {key: Tensor(value) if np.ndim(value) else float(value) for key, value in values.items()}
    found = function.forward(context, *tensors.values())
    for one, other in zip(found if len(outputs) > 1 else (found,), outputs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13)
    gradients = function.backward(context, *map(Tensor, upstream))
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    assert len(gradients) == len(program.inputs)
    by_name = {f"d{key}": value for key, value in zip(program.inputs, gradients, strict=True) if value is not None}
    assert set(by_name) == set(program.gradients)
    for key, value in zip(program.gradients, wanted if len(program.gradients) > 1 else (wanted,), strict=True):
        assert np.shape(by_name[key]) == np.shape(value)
        np.testing.assert_allclose(by_name[key], scale * value, rtol=1e-12, atol=1e-14)


def test_no_call_is_guessed() -> None:
    layer = derive("A[i] = tanh(Z[i])", wrt="Z")
    assert "np." not in layer.torch
    assert "import torch" in layer.torch


def test_a_layer_runs_forward_and_backward() -> None:
    layer = derive("Y[i, j] = X[i, j]**2 * s", wrt="X, s")
    Y, saved = layer.forward(X=np.array([[1.0, 2.0]]), s=3.0)
    dX, ds = layer.backward(np.ones((1, 2)), saved)
    assert Y.tolist() == [[3, 12]]
    assert dX.tolist() == [[6, 12]]
    assert ds == 5
