"""The warm-up's gradients by PyTorch: asked where it is installed, else as they were recorded, with its version.

The site must say the same wherever it is built, and in the reader's browser, where there is no PyTorch. So what it once
gave lies beside this module, in `pytorch_warmup.json`, together with the network that it was given. To renew the file,
where PyTorch is installed: `python -m benchmarks.pytorch_warmup`.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TypedDict

__all__ = ["FILE", "PyTorchWarmup", "in_pytorch", "is_installed", "recorded"]

FILE = Path(__file__).with_suffix(".json")

Rows = list[list[float]]


class PyTorchWarmup(TypedDict):
    """A network without biases, one example, and its gradients of the cross-entropy."""

    version: str
    """PyTorch's."""
    x: list[float]
    """Of shape (n,)."""
    label: int
    """The number of the right class, from 0."""
    W1: Rows
    """Of shape (h, n)."""
    W2: Rows
    """Of shape (C, h)."""
    dW1: Rows
    dW2: Rows


def recorded() -> PyTorchWarmup:
    """What PyTorch gave when it was last asked.

    >>> recorded()["x"]
    [1.0, 0.5]
    """
    found: PyTorchWarmup = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def is_installed() -> bool:
    """Whether PyTorch can be asked here."""
    return importlib.util.find_spec("torch") is not None


def in_pytorch(x: list[float], label: int, W1: Rows, W2: Rows) -> PyTorchWarmup:
    """What PyTorch gives here, in its usual 32 bits.

    Raises ImportError where it isn't installed.
    """
    import torch

    given, first, second = (torch.tensor(values, dtype=torch.float32) for values in (x, W1, W2))
    first.requires_grad_()
    second.requires_grad_()
    scores = second @ torch.relu(first @ given)
    torch.nn.functional.cross_entropy(scores, torch.tensor(label)).backward()
    return PyTorchWarmup(
        version=torch.__version__.partition("+")[0],
        x=x,
        label=label,
        W1=W1,
        W2=W2,
        dW1=(first.grad + 0.0).tolist(),  # -0.0 becomes 0.0
        dW2=(second.grad + 0.0).tolist(),
    )
