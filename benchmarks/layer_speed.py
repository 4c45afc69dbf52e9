"""The generated NumPy code of layers, forward and backward, beside PyTorch: op by op, and its fused kernels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from benchmarks.result import Cell, Result, Target
from benchmarks.timing import in_turns, repeated
from derivations.calculus.evaluate import shape_of
from derivations.layers import operators
from derivations.proofs.witnesses.draws import draw, size_names
from derivations.reverse import Layer

SIZE = 512

Arrays = Mapping[str, Any]


class Contest(NamedTuple):
    """An operator of the book; the most times that its NumPy code may take as long as PyTorch; PyTorch's own kernel."""

    limit: float
    fused: Callable[[Any, Arrays], Any] | None = None


CONTESTS = {
    "affine": Contest(1.0, lambda f, x: f.linear(x["X"].T, x["W"], x["b"])),
    "attention": Contest(1.0, lambda f, x: f.scaled_dot_product_attention(x["Q"], x["K"], x["V"])),
    "cross_entropy": Contest(1.0, lambda f, x: f.cross_entropy(x["S"].T, x["Y"].T)),
    "softmax": Contest(3.0),
    "layer_norm": Contest(3.0, lambda f, x: f.layer_norm(x["X"], (SIZE,), x["gamma"], x["beta"])),
    "rms_norm": Contest(3.0),
    "batch_norm": Contest(3.0),
    "relu": Contest(3.0, lambda f, x: f.relu(x["z"])),
    "sigmoid": Contest(3.0, lambda f, x: f.sigmoid(x["z"])),
    "tanh": Contest(3.0, lambda f, x: f.tanh(x["z"])),
    "silu": Contest(3.0, lambda f, x: f.silu(x["z"])),
    "gelu": Contest(3.0, lambda f, x: f.gelu(x["z"])),
    "gelu_tanh": Contest(3.0, lambda f, x: f.gelu(x["z"], approximate="tanh")),
}


def run(quick: bool) -> Result:
    """Time a forward and a backward pass of each operator, of all contenders in turns."""
    try:
        import torch
    except ImportError:
        return _result([], [], ["all of it: there is no PyTorch here"])
    torch.set_num_threads(1)
    rows: list[dict[str, Cell]] = []
    targets = []
    for name, contest in list(CONTESTS.items())[: 2 if quick else None]:
        row = _row(name, contest, torch, rounds=2 if quick else 15)
        rows.append(row)
        targets.append(Target(f"{name}, times PyTorch op by op", float(row["times_eager"] or 0), contest.limit))
    return _result(rows, targets, [])


def _result(rows: list[dict[str, Cell]], targets: list[Target], left_out: list[str]) -> Result:
    return Result(
        id="layer_speed",
        title=f"Generated code forward and backward, all sizes {SIZE}, float64, one thread",
        note=(
            "The NumPy code on a layer's page, beside the same formulas in PyTorch, op by op with its autograd, and "
            "beside PyTorch's own kernel where it has one. NumPy passes over memory once for each operation, as "
            "PyTorch does op by op; a fused kernel passes once, and is what a library should use. Elementwise "
            f"layers have {SIZE} × {SIZE} entries."
        ),
        columns={
            "name": "operator",
            "milliseconds": "NumPy, ms",
            "eager": "PyTorch op by op, ms",
            "fused": "PyTorch's kernel, ms",
            "times_eager": "× op by op",
        },
        rows=rows,
        targets=targets,
        left_out=left_out,
        drawn=("times_eager",),
    )


def _row(name: str, contest: Contest, torch: Any, rounds: int) -> dict[str, Cell]:
    layer = operators()[name].layer
    arrays = _arrays(layer)
    namespace: dict[str, Any] = {}
    exec(compile(layer.torch, f"<{name}>", "exec"), namespace)
    tensors = {key: torch.as_tensor(value) for key, value in arrays.items()}
    for key in layer.wrt:
        tensors[key].requires_grad_(True)
    *outputs, _ = layer.forward(**arrays)
    upstream = [np.ones_like(output) for output in outputs if np.ndim(output)]

    def ours() -> None:
        saved = layer.forward(**arrays)[-1]
        layer.backward(*upstream, saved)

    def theirs(result: Any) -> None:
        result.sum().backward()
        for key in layer.wrt:
            tensors[key].grad = None

    calls: dict[str, Callable[[], object]] = {
        "ours": ours,
        "eager": lambda: theirs(namespace[f"{name}_forward"](**tensors)[0]),
    }
    if contest.fused is not None:
        fused = contest.fused
        calls["fused"] = lambda: theirs(fused(torch.nn.functional, tensors))
    times = in_turns({key: repeated(call) for key, call in calls.items()}, rounds)
    return {
        "name": name,
        "milliseconds": 1e3 * times["ours"].median,
        "eager": 1e3 * times["eager"].median,
        "fused": 1e3 * times["fused"].median if "fused" in times else None,
        "times_eager": times["ours"].relative_to(times["eager"]),
    }


def _arrays(layer: Layer) -> dict[str, Any]:
    """The inputs, all axes of length SIZE; a vector of one activation becomes a matrix, as its code takes any shape."""
    leaves = layer.source.inputs
    exprs = [*layer.source.definitions, *layer.source.definitions.values()]
    sizes = dict.fromkeys(size_names(leaves.values(), exprs), SIZE)
    found = {key: draw(leaf, "normal", sizes, layer.assumptions, seeds=(0,)) for key, leaf in leaves.items()}
    if [shape_of(leaf) for leaf in leaves.values()] == [shape_of(next(iter(leaves.values())))] and found.keys() == {
        "z"
    }:
        return {"z": np.random.default_rng(0).normal(size=(SIZE, SIZE))}
    return found
