"""What it costs to check the spiral network's gradient, and how near each way comes to 50 digits."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.contenders import PyTorch
from benchmarks.problem import spiral_case
from benchmarks.result import Cell, Result
from benchmarks.timing import in_turns, repeated
from netcode.gradients.numeric import central_differences, complex_step
from netcode.gradients.reference import errors, reference_gradient
from netcode.network import backward, forward
from netcode.parameters import Parameters
from netcode.problem import Problem

Gradient = Callable[[], Mapping[str, NDArray[np.float64]]]


def run(quick: bool) -> Result:
    """Time the ways to a gradient in turns; the slow reference once."""
    problem = spiral_case().problem
    X, Y, parameters, lam = problem

    def analytic() -> Mapping[str, NDArray[np.float64]]:
        return backward(X, Y, parameters, forward(X, parameters), lam)._asdict()

    def by_differences() -> Mapping[str, NDArray[np.float64]]:
        return _named(central_differences(X, Y, parameters, lam).values)

    def by_complex_step() -> Mapping[str, NDArray[np.float64]]:
        return _named(complex_step(X, Y, parameters, lam).values)

    gradients: dict[str, Gradient] = {
        "analytic: forward and backward": analytic,
        "central differences": by_differences,
        "complex step": by_complex_step,
    }
    calls: dict[str, Callable[[], object]] = dict(gradients)
    left_out = []
    if importlib.util.find_spec("torch"):
        calls["PyTorch's gradcheck"] = _gradcheck(problem)
    else:
        left_out.append(f"{PyTorch.name}'s gradcheck, which is not installed: pip install torch")
    times = in_turns({name: repeated(call) for name, call in calls.items()}, rounds=2 if quick else 25)
    reference = reference_gradient(X, Y, parameters, lam)
    size = np.sqrt(sum(float(v) ** 2 for matrix in reference.values() for row in matrix for v in row))
    rows: list[dict[str, Cell]] = []
    for name, own in times.items():
        error = None
        if name in gradients:
            found = gradients[name]()
            squares = sum(np.sum(errors(found[key], exact) ** 2) for key, exact in reference.items())
            error = float(np.sqrt(squares) / size)
        analytic_time = times["analytic: forward and backward"]
        rows.append(
            {
                "name": name,
                "milliseconds": 1e3 * own.median,
                "times_analytic": own.relative_to(analytic_time),
                "normwise_error": error,
            }
        )
    count = sum(parameter.size for parameter in parameters)
    return Result(
        id="gradient_checks",
        title=f"The gradient of the spiral network, {count} parameters, in different ways",
        note=(
            "The error is the norm of the difference from the gradient computed with 50 digits, divided by that "
            "gradient's norm. PyTorch's gradcheck says only whether its own gradient is near its own differences; "
            "biases are moved off the kinks of ReLU there, which it doesn't know."
        ),
        columns={
            "name": "gradient",
            "milliseconds": "ms",
            "times_analytic": "× analytic",
            "normwise_error": "error",
        },
        rows=rows,
        drawn=("normwise_error",),
        left_out=left_out,
    )


def _named(values: Parameters) -> dict[str, NDArray[np.float64]]:
    return {f"d{name}": array for name, array in values._asdict().items()}


def _gradcheck(problem: Problem) -> Callable[[], object]:
    import torch

    W1, b1, W2, b2 = problem.parameters
    given = [torch.tensor(v, requires_grad=True) for v in (W1, b1 + 0.01, W2, b2)]
    X, Y = torch.from_numpy(np.ascontiguousarray(problem.X)), torch.from_numpy(problem.Y)

    def loss(W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        Z2 = W2 @ torch.relu(W1 @ X + b1) + b2
        cross_entropy = -(Y * torch.log_softmax(Z2, dim=0)).sum(dim=0).mean()
        return cross_entropy + problem.lam / 2 * ((W1**2).sum() + (W2**2).sum())

    return lambda: torch.autograd.gradcheck(loss, given)
