"""Every operator of the book against PyTorch's autograd: the same forward pass, and two ways back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import numpy as np
from sympy import Expr

from benchmarks.result import Cell, Result, Target
from derivations.calculus.evaluate import shape_of
from derivations.layers import Operator, operators
from derivations.proofs.witnesses.draws import draw, size_names
from derivations.reverse import Layer
from derivations.reverse.windows import with_room

TRIES, LIMIT = 100, 1e-12
SMALLEST, LARGEST = 1, 12
NOTHING = 1e-13
"""A gradient that is 0 but for rounding has no relative error: below this times its terms it is left out."""


def run(quick: bool) -> Result:
    """At random distinct sizes, 1 among them: the largest error of each operator's gradients, normwise."""
    chosen = list(operators().values())[:2] if quick else list(operators().values())
    note = (
        f"Float64, {1 if quick else TRIES} choices of distinct sizes each, with a size of 1 in every second one. The "
        "reference is autograd through the derived forward pass in PyTorch; the derived backward pass is its "
        "torch.autograd.Function. Normwise, relative to the gradient."
    )
    try:
        import torch
    except ImportError:
        return _result(note, [{"name": operator.name} for operator in chosen], ["all errors: there is no PyTorch here"])
    torch.set_num_threads(1)
    rows = [_row(operator, torch, 1 if quick else TRIES) for operator in chosen]
    return _result(note, rows, [])


def _result(note: str, rows: list[dict[str, Cell]], left_out: list[str]) -> Result:
    worst = max((float(row.get("error") or 0.0) for row in rows), default=0.0)
    return Result(
        id="layers",
        title="The book of layers against PyTorch's autograd",
        note=note,
        columns={"name": "operator", "gradients": "gradients", "compared": "comparisons", "error": "largest error"},
        rows=rows,
        targets=[Target("the largest error of all operators", worst, LIMIT)] if not left_out else [],
        left_out=left_out,
    )


def _row(operator: Operator, torch: Any, tries: int) -> dict[str, Cell]:
    namespace: dict[str, Any] = {}
    exec(compile(operator.layer.torch, f"<{operator.name}>", "exec"), namespace)
    function = next(value for value in namespace.values() if isinstance(value, type))
    errors: list[float] = []
    for number in range(tries):
        values = {key: torch.as_tensor(value) for key, value in _values(operator.layer, number).items()}
        errors += _errors(operator.layer, namespace[f"{operator.name}_forward"], function, values, torch)
    return {
        "name": operator.name,
        "gradients": ", ".join(f"d{name}" for name in operator.layer.wrt),
        "compared": len(errors),
        "error": max(errors, default=None),
    }


def _values(layer: Layer, number: int) -> dict[str, Any]:
    """The inputs at random distinct sizes, as the layer's assumptions have them."""
    leaves = layer.source.inputs
    exprs: list[Expr] = [*layer.source.definitions, *layer.source.definitions.values()]
    random = Random(number)
    names = sorted(size_names(leaves.values(), exprs), key=str)
    lengths = random.sample(range(SMALLEST + number % 2, LARGEST + len(names)), len(names))
    drawn: dict[Expr, int] = dict(zip(names, lengths, strict=True))
    inputs = {length for leaf in leaves.values() for length in shape_of(leaf)}
    sizes = with_room(drawn, layer.source.definitions.values(), inputs)
    return {name: draw(leaf, "normal", sizes, layer.assumptions, seeds=(number,)) for name, leaf in leaves.items()}


def _errors(layer: Layer, forward: Any, function: Any, values: Mapping[str, Any], torch: Any) -> Iterator[float]:
    """Of each gradient that is finite and isn't 0 but for rounding."""
    one, other = (
        {key: value.clone().requires_grad_(value.is_floating_point()) for key, value in values.items()}
        for _ in range(2)
    )
    *outputs, _ = forward(*one.values())
    upstream = [torch.randn_like(output) for output in outputs]
    torch.autograd.backward(outputs, upstream)
    derived = function.apply(*other.values())
    torch.autograd.backward(list(derived) if isinstance(derived, tuple) else [derived], upstream)
    scale = max(float(grad.norm()) for grad in upstream)
    for name in layer.wrt:
        right, found = one[name].grad, other[name].grad
        right = torch.zeros_like(found) if right is None else right
        size = float(right.norm())
        if np.isfinite(size) and size > NOTHING * scale:
            yield float((found - right).norm()) / size
