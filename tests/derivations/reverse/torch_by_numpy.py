"""As much of PyTorch as the derived code uses, on NumPy's arrays: the tests need no PyTorch."""

from __future__ import annotations

import math
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin


class Tensor(NDArrayOperatorsMixin):
    """An array with PyTorch's words for axes. What isn't here, such as NumPy's `axis=`, is an error."""

    device = "cpu"

    def __init__(self, value: Any) -> None:
        self.array = np.asarray(value)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.asarray(self.array, dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **given: Any) -> Tensor:
        assert method == "__call__"
        return Tensor(ufunc(*map(plain, inputs), **given))

    def __getitem__(self, key: Any) -> Tensor:
        return Tensor(self.array[tuple(map(plain, key)) if isinstance(key, tuple) else plain(key)])

    def __len__(self) -> int:
        return len(self.array)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape

    @property
    def dtype(self) -> Any:
        return self.array.dtype

    @property
    def T(self) -> Tensor:
        assert self.array.ndim <= 2, "of more axes PyTorch wants permute"
        return Tensor(self.array.T)

    def sum(self, dim: Any = None, keepdim: bool = False) -> Tensor:
        return Tensor(self.array.sum(axis=dim, keepdims=keepdim))

    def mean(self, dim: Any = None, keepdim: bool = False) -> Tensor:
        return Tensor(self.array.mean(axis=dim, keepdims=keepdim))

    def amax(self, dim: Any = None, keepdim: bool = False) -> Tensor:
        return Tensor(self.array.max(axis=dim, keepdims=keepdim))

    def squeeze(self, dim: int) -> Tensor:
        return Tensor(self.array.squeeze(dim))

    def permute(self, *axes: int) -> Tensor:
        return Tensor(self.array.transpose(axes))

    @property
    def ndim(self) -> int:
        return self.array.ndim

    def flatten(self, start: int = 0, end: int = -1) -> Tensor:
        shape, last = self.array.shape, end % self.array.ndim
        return Tensor(self.array.reshape(*shape[:start], -1, *shape[last + 1 :]))

    def index_add(self, dim: int, index: Tensor, source: Tensor) -> Tensor:
        total = self.array.copy()
        for k, number in enumerate(index.array):
            total[(slice(None),) * dim + (number,)] += source.array[(slice(None),) * dim + (k,)]
        return Tensor(total)


def plain(value: Any) -> Any:
    return value.array if isinstance(value, Tensor) else value


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
    for name in ("abs", "sign", "exp", "log", "sqrt", "tanh", "sin", "cos", "maximum", "logaddexp", "heaviside"):
        setattr(torch, name, getattr(np, name))
    torch.as_tensor = Tensor
    torch.zeros_like = lambda x: Tensor(np.zeros(x.shape, x.dtype))
    torch.zeros = lambda shape, dtype, device: Tensor(np.zeros(shape, dtype))
    torch.broadcast_to = lambda x, shape: Tensor(np.broadcast_to(x.array, shape))
    torch.einsum = lambda subscripts, *tensors: Tensor(np.einsum(subscripts, *map(plain, tensors)))
    torch.diagonal = lambda x: Tensor(np.diagonal(x.array))
    torch.erf = lambda x: Tensor(np.vectorize(math.erf)(x.array))
    torch.relu = lambda x: np.maximum(x, 0)
    torch.eye = lambda n, dtype, device: Tensor(np.eye(n, dtype=dtype))
    torch.arange = lambda n, device: Tensor(np.arange(n))
    torch.autograd = SimpleNamespace(Function=Function)
    stand_in: ModuleType = torch
    return stand_in
