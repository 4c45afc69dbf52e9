"""As much of PyTorch as the derived code uses, on NumPy's arrays: the tests need no PyTorch."""

from __future__ import annotations

import math
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np


class Tensor(np.ndarray):
    """An array with PyTorch's words for axes."""

    device = "cpu"

    def sum(self, dim: Any = None, keepdim: bool = False) -> Any:  # type: ignore[override]
        return np.sum(np.asarray(self), axis=dim, keepdims=keepdim).view(Tensor)

    def mean(self, dim: Any = None, keepdim: bool = False) -> Any:  # type: ignore[override]
        return np.mean(np.asarray(self), axis=dim, keepdims=keepdim).view(Tensor)

    def amax(self, dim: Any = None, keepdim: bool = False) -> Any:
        return np.max(np.asarray(self), axis=dim, keepdims=keepdim).view(Tensor)

    def permute(self, *axes: int) -> Any:
        return np.transpose(self, axes)


def tensor(value: Any) -> Any:
    return np.asarray(value).view(Tensor)


class Function:
    """What `torch.autograd.Function` hands on: a context in which tensors are saved."""

    @classmethod
    def context(cls) -> Any:
        context = SimpleNamespace(saved_tensors=())
        context.save_for_backward = lambda *tensors: setattr(context, "saved_tensors", tensors)
        return context


def module() -> ModuleType:
    """A stand-in for `import torch`."""
    torch: Any = ModuleType("torch")
    for name in ("einsum", "abs", "sign", "exp", "log", "sqrt", "tanh", "sin", "cos", "maximum", "logaddexp"):
        setattr(torch, name, getattr(np, name))
    torch.heaviside, torch.zeros_like, torch.as_tensor = np.heaviside, np.zeros_like, tensor
    torch.erf = lambda x: tensor(np.vectorize(math.erf)(x))
    torch.relu = lambda x: np.maximum(x, 0)
    torch.eye = lambda n, dtype, device: tensor(np.eye(n, dtype=dtype))
    torch.arange = lambda n, device: tensor(np.arange(n))
    torch.autograd = SimpleNamespace(Function=Function)
    stand_in: ModuleType = torch
    return stand_in
